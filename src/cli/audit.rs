//! `claviger audit verify | list`.

use chrono::{DateTime, NaiveDate, NaiveTime};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{open, output};
use crate::domain::Time;
use crate::domain::audit::{Action, AuditFilter, EXPORT_COLUMNS, ExportRow};
use crate::domain::command::CommandComplaint;
use crate::domain::csv::CsvLines;
use crate::domain::ids::{OrganizationId, Sequence};
use crate::domain::visible::visible;
use crate::service::{Actor, Console};
use crate::store::Missing;

/// What to do with the audit log.
#[derive(Subcommand)]
pub enum Command {
    /// Says whether every entry of the audit log is as it was written, and none is missing
    Verify,
    /// Lists entries of the audit log, the newest first
    List(List),
}

/// Which entries are listed.
#[derive(Args)]
pub struct List {
    /// Only what this actor did: an email address, a client ID, a login name, `visitor`, or as in `shell:root`
    #[arg(long, default_value = "", hide_default_value = true)]
    actor: String,
    /// Only this kind, such as `client.revoked`, or topic: clients, permissions, secrets, tokens, organizations,
    /// participants, sign-ins, administrators, server
    #[arg(long, value_parser = parse_action)]
    action: Option<Action>,
    /// Only what was done to this client: its ID, or beginnings of words in its name
    #[arg(long, default_value = "", hide_default_value = true)]
    client: String,
    /// Only what concerns this organization
    #[arg(long, value_name = "ID")]
    organization: Option<OrganizationId>,
    /// Only from this moment on: RFC 3339, or a day in UTC
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<Time>,
    /// Only before this moment
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<Time>,
    /// At most so many
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// As CSV, safe to open in a spreadsheet
    #[arg(long)]
    csv: bool,
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

impl output::TableRow for ExportRow {
    const COLUMNS: &'static [&'static str] = &["sequence", "at", "kind", "address", "summary"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    match command {
        Command::Verify => {
            let verified = open::with_database(Missing::Refuse, async |console, actor| {
                Ok(console.verify_audit_log(actor).await?)
            });
            let verified = verified.await?;
            output::print_rows(&[AuditRow { ok: true, verified }])
        }
        Command::List(list) => {
            open::with_database(Missing::Refuse, async |console, actor| {
                let rows = read(console, actor, &list).await?;
                if list.csv {
                    print_csv(rows)
                } else {
                    output::print_rows(&rows)
                }
            })
            .await
        }
    }
}

async fn read(console: &Console, actor: &Actor, list: &List) -> anyhow::Result<Vec<ExportRow>> {
    let filter = AuditFilter {
        actor: list.actor.clone(),
        action: list.action,
        client: list.client.clone(),
        target: None,
        organization: list.organization,
        since: list.since,
        until: list.until,
    };
    let limit = usize::try_from(list.limit)?;
    let mut export = console.read_audit_log(actor, &filter).await?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(rows) = export.next().await?
    {
        found.extend(rows.iter().map(ExportRow::from));
    }
    found.truncate(limit);
    Ok(found)
}

fn print_csv(rows: Vec<ExportRow>) -> output::CommandResult {
    let mut lines = CsvLines::default();
    lines.push(EXPORT_COLUMNS);
    for row in rows {
        lines.push(row.fields().map(|field| visible(&field)));
    }
    output::print(lines.into_text().trim_end_matches("\r\n"))
}

fn parse_action(text: &str) -> Result<Action, CommandComplaint> {
    Action::parse(text).ok_or(CommandComplaint::ActionUnknown)
}

fn parse_time(text: &str) -> Result<Time, CommandComplaint> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let moment = DateTime::parse_from_rfc3339(text);
    moment
        .map(Into::into)
        .map_err(|_| CommandComplaint::TimeUnreadable)
}
