//! The command lines: parse the arguments, call the service, print the result.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod api_client;

mod actor;
mod admins;
mod arguments;
mod audit;
mod catalog;
mod database;
mod demo;
mod hyphens;
mod log;
mod open;
mod organizations;
mod output;
mod participants;
pub mod serve;
mod signals;
mod typed;
mod warnings;

use crate::http::console::assets::Site;

/// Hands out API credentials and answers for them
#[derive(Parser)]
#[command(name = "claviger", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the server; so does `claviger` alone
    Serve(Box<serve::Arguments>),
    /// Makes, lists and archives organizations
    #[command(subcommand)]
    Organization(organizations::Command),
    /// Makes, lists, blocks and imports participants of organizations
    #[command(subcommand)]
    Participant(participants::Command),
    /// Makes, invites, lists, changes and disables administrators
    #[command(subcommand)]
    Admin(admins::Command),
    /// Checks a catalogue of scopes and permissions
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Brings the database up to date, or checks it
    #[command(subcommand)]
    Database(database::Command),
    /// Verifies and lists the audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// Fills an empty database with a platform to try things on
    Demo(demo::Arguments),
}

/// Runs `claviger` with the process's arguments, over the files of a site. The runtime is made here and not in `main`, where
/// all that runs in it would be compiled a second time.
///
/// # Panics
/// When the system has no thread left for it.
#[tokio::main]
pub async fn run(site: Site) -> ExitCode {
    let arguments = match arguments::parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(error) => return output::finish(Err(error.into()), complaint),
    };
    match &arguments.command {
        None | Some(Command::Serve(_)) => log::start_for_server(),
        Some(_) => log::start_for_command(output::warn),
    }
    let done = match arguments.command {
        None => serve::run_from_environment(site).await,
        Some(Command::Serve(arguments)) => serve::run(&arguments, site).await,
        Some(Command::Organization(command)) => organizations::run(command).await,
        Some(Command::Participant(command)) => participants::run(command).await,
        Some(Command::Admin(command)) => admins::run(command).await,
        Some(Command::Catalog(command)) => catalog::run(command),
        Some(Command::Database(command)) => database::run(command).await,
        Some(Command::Audit(command)) => audit::run(command).await,
        Some(Command::Demo(arguments)) => demo::run(&arguments).await,
    };
    output::finish(done, complaint)
}

fn complaint(sentence: &str) -> String {
    format!("claviger: {sentence}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
