//! What the commands share.

use clap::{Args, ValueEnum};

use crate::config::SecretsMode;
use crate::domain::client::{Client, Lifecycle};
use crate::domain::command::{CommandComplaint, Next};
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

/// The arguments of a command about one client.
#[derive(Args)]
pub(super) struct IdArguments {
    /// The client
    #[arg(long, value_name = "ID")]
    pub(super) id: String,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

/// How to get a new secret that could not be printed.
pub(super) fn recovering(console: &Console, client: &Client) -> Next {
    let id = client.id.clone();
    match console.settings().secrets {
        SecretsMode::Sealed => Next::ShowSecret(id),
        SecretsMode::Once => Next::SecretLost(id),
    }
}

/// Parses an item of a list: not blank.
pub(super) fn parse_part(text: &str) -> Result<String, CommandComplaint> {
    let part = text.trim();
    if part.is_empty() {
        Err(CommandComplaint::ItemBlank)
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
