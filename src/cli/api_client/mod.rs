//! `api-client`: what the pages do with clients, for automation.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use super::{arguments, log, open, output};
use crate::domain::command::CommandComplaint;
use crate::domain::visible::visible_json;
use crate::store::Missing;

mod change;
mod common;
mod create;
mod delete;
mod get;
mod rotate;
mod secrets;
mod show;
mod tokens;

use common::{Format, IdArguments};

/// The variable that disables the command.
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
    Suspend(IdArguments),
    /// Resumes a suspended client
    Resume(IdArguments),
    /// Gives a client a new secret
    Rotate(rotate::Arguments),
    /// Lists the secrets of a client, without their texts
    Secrets(IdArguments),
    /// Ends one secret of a client, with every token made with it
    EndSecret(secrets::EndArguments),
    /// Shows the last tokens of a client, never their texts
    Tokens(IdArguments),
    /// Revokes every token of a client that was issued so far; it can ask for new ones
    RevokeTokens(IdArguments),
    /// Revokes a client for good, with every token
    Delete(IdArguments),
}

impl Command {
    fn format(&self) -> Format {
        match self {
            Self::Create(arguments) => arguments.format,
            Self::Get(arguments) => arguments.format,
            Self::Grant(arguments) | Self::Revoke(arguments) => arguments.format,
            Self::Suspend(arguments)
            | Self::Resume(arguments)
            | Self::Secrets(arguments)
            | Self::Tokens(arguments)
            | Self::RevokeTokens(arguments)
            | Self::Delete(arguments) => arguments.format,
            Self::EndSecret(arguments) => arguments.format,
            Self::Rotate(arguments) => arguments.format,
        }
    }
}

/// Runs `api-client` with the process's arguments: 0 when done, 1 when refused, 2 for wrong usage, 3 when the result of a
/// change could not be printed.
///
/// # Panics
/// When the system has no thread left for the runtime.
#[tokio::main]
pub async fn run() -> ExitCode {
    if is_disabled() {
        let refused = CommandComplaint::SwitchedOff { variable: DISABLE };
        output::print_error(&refused.to_string());
        return ExitCode::FAILURE;
    }
    let arguments = match arguments::parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(error) => {
            return output::finish(Err(error.into()), |sentence| {
                complaint(sentence, Format::Text)
            });
        }
    };
    let format = arguments
        .command
        .as_ref()
        .map_or(Format::Text, Command::format);
    log::start_for_command(match format {
        Format::Json => {
            |text| output::print_error(&serde_json::json!({"warning": text}).to_string())
        }
        Format::Text => |text| output::print_error(&format!("api-client: warning: {text}")),
    });
    let done = match arguments.command {
        Some(command) => execute(command).await,
        None => output::print(Arguments::command().render_help().to_string().trim_end()),
    };
    output::finish(done, |sentence| complaint(sentence, format))
}

async fn execute(command: Command) -> output::CommandResult {
    open::with_database(Missing::Refuse, async |console, actor| match command {
        Command::Create(arguments) => create::run(console, actor, arguments).await,
        Command::Get(arguments) => get::run(console, actor, &arguments).await,
        Command::Grant(arguments) => change::grant(console, actor, &arguments).await,
        Command::Revoke(arguments) => change::revoke(console, actor, &arguments).await,
        Command::Suspend(arguments) => change::suspend(console, actor, &arguments).await,
        Command::Resume(arguments) => change::resume(console, actor, &arguments).await,
        Command::Rotate(arguments) => rotate::run(console, actor, &arguments).await,
        Command::Secrets(arguments) => secrets::list(console, actor, &arguments).await,
        Command::EndSecret(arguments) => secrets::end(console, actor, &arguments).await,
        Command::Tokens(arguments) => tokens::list(console, actor, &arguments).await,
        Command::RevokeTokens(arguments) => tokens::revoke_all(console, actor, &arguments).await,
        Command::Delete(arguments) => delete::run(console, actor, &arguments).await,
    })
    .await
}

/// The line on stderr, in the requested format.
fn complaint(sentence: &str, format: Format) -> String {
    match format {
        Format::Json => visible_json(&serde_json::json!({"error": sentence}).to_string()),
        Format::Text => format!("api-client: {sentence}"),
    }
}

fn is_disabled() -> bool {
    std::env::var(DISABLE).is_ok_and(|value| {
        ["true", "1", "yes"].contains(&value.trim().to_ascii_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
