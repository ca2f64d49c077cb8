//! `api-client`: what the pages do with clients, for automation.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use super::{arguments, log, open, output};
use crate::domain::client::Client;
use crate::domain::error::Error;
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

/// Runs `api-client` with the process's arguments: 0 when done, 1 when refused, 2 for wrong usage.
pub async fn run() -> ExitCode {
    if is_disabled() {
        output::complain(&format!("api-client is switched off by {DISABLE}"));
        return ExitCode::FAILURE;
    }
    let arguments = match arguments::parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(error) => return output::usage(&error),
    };
    let Some(command) = arguments.command else {
        return match output::print(Arguments::command().render_help().to_string().trim_end()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    };
    let format = command.format();
    log::start_for_command(match format {
        Format::Json => |text| output::complain(&serde_json::json!({"warning": text}).to_string()),
        Format::Text => |text| output::complain(&format!("api-client: warning: {text}")),
    });
    match execute(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error, format),
    }
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

/// Says why not, on one line of stderr, in the format that was asked for.
fn refuse(error: &anyhow::Error, format: Format) -> ExitCode {
    if let Some(error) = error.downcast_ref::<clap::Error>() {
        return output::usage(error);
    }
    let told = output::told(error);
    match format {
        Format::Json => output::complain(&serde_json::json!({"error": told}).to_string()),
        Format::Text => output::complain(&format!("api-client: {told}")),
    }
    ExitCode::FAILURE
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
    client: Client,
    format: Format,
) -> output::Done {
    let secrets = service
        .reveal_newest_secrets(actor, std::slice::from_ref(&client))
        .await?;
    show::print(
        &client,
        secrets.into_iter().next().flatten().as_ref(),
        show::Organization::Always,
        format,
    )
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
    match (&client.revoked_at, &client.revoked_by) {
        (Some(at), by) => Err(Error::Conflict(format!(
            "client `{}` was revoked by {} on {}",
            client.id,
            by.as_deref().unwrap_or("somebody"),
            at.format("%Y-%m-%d %H:%M UTC")
        ))),
        (None, _) => Ok(()),
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
