//! The server, and the commands for setting it up.

use std::process::ExitCode;

fn main() -> ExitCode {
    claviger::cli::run()
}
