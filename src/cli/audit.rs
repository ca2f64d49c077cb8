//! `claviger audit verify`.

use clap::Subcommand;
use serde::Serialize;

use super::{open, output};
use crate::domain::ids::Sequence;
use crate::store::Missing;

/// What to do with the audit log.
#[derive(Subcommand)]
pub enum Command {
    /// Says whether every entry of the audit log is as it was written, and none is missing
    Verify,
}

#[derive(Serialize)]
struct AuditRow {
    ok: bool,
    /// The number of the newest entry.
    verified: Sequence,
}

impl output::TableRow for AuditRow {
    const COLUMNS: &'static [&'static str] = &["ok", "verified"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    let Command::Verify = command;
    let verified = open::with_database(Missing::Refuse, async |console, actor| {
        Ok(console.verify_audit_log(actor).await?)
    });
    let verified = verified.await?;
    output::print_rows(&[AuditRow { ok: true, verified }])
}
