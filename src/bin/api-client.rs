//! The command that makes, shows, changes and ends API clients.

use std::process::ExitCode;

fn main() -> ExitCode {
    claviger::cli::api_client::run()
}
