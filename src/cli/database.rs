//! `claviger database migrate | check`.

use clap::Subcommand;
use serde::Serialize;

use super::{open, output};
use crate::domain::command::{Done, Next};
use crate::store::Missing;

/// What to do with the database.
#[derive(Subcommand)]
pub enum Command {
    /// Makes the database when it is missing, and brings its tables up to date
    Migrate,
    /// Says whether the database is whole, up to date, and sealed with this master key
    Check,
}

#[derive(Serialize)]
struct DatabaseRow {
    ok: bool,
}

impl output::TableRow for DatabaseRow {
    const COLUMNS: &'static [&'static str] = &["ok"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    match command {
        Command::Migrate => {
            open::with_database(Missing::Create, async |_, _| Ok(())).await?;
            output::print_rows(&[DatabaseRow { ok: true }])
                .map_err(|cause| output::unreported(&cause, Done::DatabaseUpToDate, Next::Nothing))
        }
        Command::Check => {
            open::with_database(Missing::Refuse, async |console, actor| {
                Ok(console.check_database(actor).await?)
            })
            .await?;
            output::print_rows(&[DatabaseRow { ok: true }])
        }
    }
}
