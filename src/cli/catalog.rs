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
struct CatalogRow {
    scopes: usize,
    permissions: usize,
}

impl output::TableRow for CatalogRow {
    const COLUMNS: &'static [&'static str] = &["scopes", "permissions"];
}

/// Runs the command.
pub fn run(command: Command) -> output::CommandResult {
    let Command::Check { file } = command;
    let catalog = catalog::read(&file)?;
    output::print_rows(&[CatalogRow {
        scopes: catalog.scopes.len(),
        permissions: catalog.permission_count(),
    }])
}
