//! `api-client secrets | end-secret`.

use chrono::SecondsFormat;
use clap::Args;
use serde::Serialize;

use super::super::output;
use super::common::{Format, IdArguments, require_live};
use crate::domain::Time;
use crate::domain::command::{ClientChange, Done, Next};
use crate::domain::ids::SecretNumber;
use crate::domain::view::SecretRow;
use crate::domain::visible::visible;
use crate::service::{Actor, Console};

#[derive(Args)]
pub(super) struct EndArguments {
    /// The client
    #[arg(long, value_name = "ID")]
    id: String,

    /// The secret, as `api-client secrets` numbers it
    #[arg(long, value_name = "NUMBER")]
    number: SecretNumber,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

/// A secret as printed, without its text. The order of the members is part of the interface.
#[derive(Serialize)]
struct PrintedSecret<'a> {
    number: SecretNumber,
    label: Option<&'a str>,
    state: &'static str,
    created_at: String,
    created_by: &'a str,
    last_used_at: Option<String>,
    last_used_from: Option<&'a str>,
    expires_at: Option<String>,
}

/// What `end-secret` prints.
#[derive(Serialize)]
struct Outcome<'a> {
    ended: bool,
    id: &'a str,
    number: SecretNumber,
}

pub(super) async fn list(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.get_client(actor, &arguments.id).await?;
    require_live(&client)?;
    let now = console.now();
    for row in console.list_secrets(actor, &arguments.id).await? {
        let printed = PrintedSecret::of(&row, now);
        match arguments.format {
            Format::Json => output::print(&output::json(&printed)?)?,
            Format::Text => output::print(&printed.text())?,
        }
    }
    Ok(())
}

pub(super) async fn end(
    console: &Console,
    actor: &Actor,
    arguments: &EndArguments,
) -> output::CommandResult {
    let number = arguments.number;
    let client = console.end_secret(actor, &arguments.id, number).await?;
    let outcome = Outcome {
        ended: true,
        id: client.id.as_str(),
        number,
    };
    let printed = match arguments.format {
        Format::Json => output::print(&output::json(&outcome)?),
        Format::Text => output::print(&format!("ended=true\nid={}\nnumber={number}", outcome.id)),
    };
    printed.map_err(|cause| {
        let done = Done::Client {
            id: client.id.clone(),
            change: ClientChange::SecretEnded,
        };
        output::unreported(&cause, done, Next::ListSecrets(client.id.clone()))
    })
}

impl<'a> PrintedSecret<'a> {
    fn of(row: &'a SecretRow, now: Time) -> Self {
        let text = |at: Time| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self {
            number: row.number,
            label: row.label.as_deref(),
            state: row.state(now).as_str(),
            created_at: text(row.created_at),
            created_by: &row.created_by,
            last_used_at: row.last_used_at.map(text),
            last_used_from: row.last_used_from.as_deref(),
            expires_at: row.expires_at.map(text),
        }
    }

    fn text(&self) -> String {
        let some = Option::unwrap_or_default;
        let label = visible(some(self.label));
        [
            format!("number={}", self.number),
            format!("label={label}"),
            format!("state={}", self.state),
            format!("created_at={}", self.created_at),
            format!("created_by={}", self.created_by),
            format!("last_used_at={}", some(self.last_used_at.as_deref())),
            format!("last_used_from={}", some(self.last_used_from)),
            format!("expires_at={}", some(self.expires_at.as_deref())),
        ]
        .join("\n")
    }
}
