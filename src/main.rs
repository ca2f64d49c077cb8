//! The server, and the commands for setting it up.

use std::process::ExitCode;

use claviger::http::console::assets::Site;
use rust_embed::RustEmbed;

/// The output of `make site`; a debug build reads it from disk.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Files;

/// The compiler knows when an embedded file changes, but not when there is a new one: `make build` says it with this variable.
const _: Option<&str> = option_env!("CLAVIGER_SITE");

fn main() -> ExitCode {
    claviger::cli::run(Site::of::<Files>())
}
