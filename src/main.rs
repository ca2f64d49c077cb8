//! The server, and the commands for setting it up.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    claviger::cli::run().await
}
