//! `claviger catalog check`.

use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;

use super::output;
use crate::service::catalog;

/// What to do with a catalogue.
#[derive(Subcommand)]
pub enum Command {
    /// Says whether a file can serve as catalogue, or where it is wrong
    Check {
        /// The TOML file
        file: PathBuf,
    },
}

#[derive(Serialize)]
struct Row {
    scopes: usize,
    permissions: usize,
}

impl output::Row for Row {
    const COLUMNS: &'static [&'static str] = &["scopes", "permissions"];
}

/// Runs the command.
pub fn run(command: Command) -> output::Done {
    let Command::Check { file } = command;
    let catalog = catalog::read(&file)?;
    output::print_rows(&[Row {
        scopes: catalog.scopes.len(),
        permissions: catalog.permission_count(),
    }])
}
