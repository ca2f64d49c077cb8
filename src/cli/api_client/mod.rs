//! `api-client`: what the pages do with clients, for automation.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use super::{arguments, log, open, output};
use crate::config::SecretsMode;
use crate::domain::client::Client;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::visible::visible_json;
use crate::service::{Actor, Service};
use crate::store::Missing;

mod change;
mod create;
mod delete;
mod get;
mod rotate;
mod show;

/// Switches the command off for an installation.
const DISABLE: &str = "DISABLE_REST_FULL_BIN";

/// Makes, shows, changes and ends API clients
#[derive(Parser)]
#[command(name = "api-client", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a client
    Create(create::Arguments),
    /// Shows one client, or every client that is not revoked
    Get(get::Arguments),
    /// Grants permissions to a client
    Grant(change::PermissionArguments),
    /// Removes permissions from a client
    Revoke(change::PermissionArguments),
    /// Suspends a client: its tokens are dead until it is resumed
    Suspend(change::IdArguments),
    /// Resumes a suspended client
    Resume(change::IdArguments),
    /// Gives a client a new secret
    Rotate(rotate::Arguments),
    /// Revokes a client for good, with every token
    Delete(delete::Arguments),
}

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One object a line
    #[default]
    Json,
    /// `key=value` lines
    Text,
}

impl Command {
    fn format(&self) -> Format {
        match self {
            Self::Create(arguments) => arguments.format,
            Self::Get(arguments) => arguments.format,
            Self::Grant(arguments) | Self::Revoke(arguments) => arguments.format,
            Self::Suspend(arguments) | Self::Resume(arguments) => arguments.format,
            Self::Rotate(arguments) => arguments.format,
            Self::Delete(arguments) => arguments.format,
        }
    }
}

/// Runs `api-client` with the process's arguments: 0 when done, 1 when refused, 2 for wrong usage, 3 when the result of a
/// change could not be printed.
pub async fn run() -> ExitCode {
    if is_disabled() {
        output::complain(&format!("api-client is switched off by {DISABLE}"));
        return ExitCode::FAILURE;
    }
    let arguments = match arguments::parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(error) => {
            return output::finish(Err(error.into()), |told| complaint(told, Format::Text));
        }
    };
    let format = arguments
        .command
        .as_ref()
        .map_or(Format::Text, Command::format);
    log::start_for_command(match format {
        Format::Json => |text| output::complain(&serde_json::json!({"warning": text}).to_string()),
        Format::Text => |text| output::complain(&format!("api-client: warning: {text}")),
    });
    let done = match arguments.command {
        Some(command) => execute(command).await,
        None => output::print(Arguments::command().render_help().to_string().trim_end()),
    };
    output::finish(done, |told| complaint(told, format))
}

async fn execute(command: Command) -> output::Done {
    let (service, actor) = open::from_environment(Missing::Refuse).await?;
    match command {
        Command::Create(arguments) => create::run(&service, &actor, arguments).await,
        Command::Get(arguments) => get::run(&service, &actor, &arguments).await,
        Command::Grant(arguments) => change::grant(&service, &actor, &arguments).await,
        Command::Revoke(arguments) => change::revoke(&service, &actor, &arguments).await,
        Command::Suspend(arguments) => change::suspend(&service, &actor, &arguments).await,
        Command::Resume(arguments) => change::resume(&service, &actor, &arguments).await,
        Command::Rotate(arguments) => rotate::run(&service, &actor, &arguments).await,
        Command::Delete(arguments) => delete::run(&service, &actor, &arguments).await,
    }
}

/// The line on stderr, in the format that was asked for.
fn complaint(told: &str, format: Format) -> String {
    match format {
        Format::Json => visible_json(&serde_json::json!({"error": told}).to_string()),
        Format::Text => format!("api-client: {told}"),
    }
}

fn is_disabled() -> bool {
    std::env::var(DISABLE).is_ok_and(|value| {
        ["true", "1", "yes"].contains(&value.trim().to_ascii_lowercase().as_str())
    })
}

/// Prints a client with its newest secret, where a copy is kept.
async fn print_client(
    service: &Service,
    actor: &Actor,
    client: &Client,
    format: Format,
) -> output::Done {
    let secrets = service
        .reveal_newest_secrets(actor, std::slice::from_ref(client))
        .await?;
    show::print(
        client,
        secrets.into_iter().next().flatten().as_ref(),
        show::Organization::Always,
        format,
    )
}

/// The command that shows a client.
fn showing(client: &Client) -> String {
    let id = client.id.as_str();
    // What begins with two hyphens is a value only in this spelling.
    let between = if id.starts_with("--") { '=' } else { ' ' };
    format!("`api-client get --id{between}{id}`")
}

/// How to get at a new secret that could not be printed.
fn recovering(service: &Service, client: &Client) -> String {
    let show = showing(client);
    match service.settings().secrets {
        SecretsMode::Sealed => format!("{show} shows it with its secret."),
        SecretsMode::Once => format!(
            "The secret is lost; {} makes another.",
            show.replace(" get ", " rotate ")
        ),
    }
}

/// One part of a list: not empty, not blank.
fn parse_part(text: &str) -> Result<String, String> {
    let part = text.trim();
    if part.is_empty() {
        Err("a part of the list is empty".to_owned())
    } else {
        Ok(part.to_owned())
    }
}

/// Refuses a client that was revoked: for a command that shows or changes, it is gone.
fn require_live(client: &Client) -> Result<(), Error> {
    match client.revoked_at {
        Some(at) => Err(Error::Conflict(Complaint::ClientGone {
            id: client.id.to_string(),
            by: client.revoked_by.clone(),
            at,
        })),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
