//! What the commands share: the formats, and sentences about a client.

use clap::ValueEnum;

use crate::config::SecretsMode;
use crate::domain::client::{Client, Lifecycle};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::service::Console;

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One object a line
    #[default]
    Json,
    /// `key=value` lines
    Text,
}

/// The command that shows a client.
pub(super) fn show_command(client: &Client) -> String {
    let id = client.id.as_str();
    // A value that begins with two hyphens needs `=`.
    let between = if id.starts_with("--") { '=' } else { ' ' };
    format!("`api-client get --id{between}{id}`")
}

/// A sentence on how to get a new secret that could not be printed.
pub(super) fn recovering(console: &Console, client: &Client) -> String {
    let show = show_command(client);
    match console.settings().secrets {
        SecretsMode::Sealed => format!("{show} shows it with its secret."),
        SecretsMode::Once => format!(
            "The secret is lost; {} makes another.",
            show.replace(" get ", " rotate ")
        ),
    }
}

/// Parses an item of a list: not blank.
pub(super) fn parse_part(text: &str) -> Result<String, String> {
    let part = text.trim();
    if part.is_empty() {
        Err("a part of the list is empty".to_owned())
    } else {
        Ok(part.to_owned())
    }
}

/// Refuses a revoked client: for commands it does not exist.
pub(super) fn require_live(client: &Client) -> Result<(), Error> {
    match &client.lifecycle {
        Lifecycle::Revoked { at, by } => Err(Error::Conflict(Complaint::ClientGone {
            id: client.id.to_string(),
            by: by.clone(),
            at: *at,
        })),
        Lifecycle::Live { .. } => Ok(()),
    }
}
