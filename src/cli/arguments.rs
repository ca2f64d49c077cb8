//! Parses a command line and the environment variables of its flags. An empty variable counts as unset, and an error
//! in a variable names the variable, not the flag.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, Command, Parser};

use super::hyphens;
use crate::domain::command::{WrongReason, WrongVariable};
use crate::domain::visible::{is_likely_secret, visible};
use crate::domain::words::en::command::{HIDDEN, hidden_argument};

/// Parses the process's arguments.
///
/// # Errors
/// The error in them or in a variable; or help, when that was requested.
pub fn parse<P: Parser>() -> Result<P, clap::Error> {
    read(std::env::args_os().collect())
}

#[derive(Parser)]
struct Variables<T: Args> {
    #[command(flatten)]
    settings: T,
}

/// Parses settings from the environment only.
///
/// # Errors
/// The variable and what is wrong with it.
pub fn from_environment<T: Args>() -> Result<T, clap::Error> {
    Ok(read::<Variables<T>>(vec!["claviger".into()])?.settings)
}

fn read<P: Parser>(line: Vec<OsString>) -> Result<P, clap::Error> {
    let command = with_each(P::command(), &|argument| {
        let is_empty = variable(&argument)
            .and_then(std::env::var_os)
            .is_some_and(|value| value.is_empty());
        if is_empty { unset(argument) } else { argument }
    });
    let line = hyphens::joined(&command, line);
    let matches = command.clone().try_get_matches_from(&line);
    matches
        .and_then(|mut matches| P::from_arg_matches_mut(&mut matches))
        .map_err(|error| blame_variable(masked(error), command, line))
}

/// Masks values in an error of clap, which repeats them: they may be a URL with a password, or contain control
/// characters.
fn masked(mut error: clap::Error) -> clap::Error {
    let unexpected = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let is_secret =
        |kind| matches!(error.get(kind), Some(ContextValue::String(it)) if is_likely_secret(it));
    if unexpected.into_iter().any(is_secret) {
        return clap::Error::raw(error.kind(), format!("{}\n", hidden_argument()));
    }
    let changed: Vec<(ContextKind, ContextValue)> = error
        .context()
        .filter_map(|(kind, value)| Some((kind, masked_value(value)?)))
        .collect();
    if !changed.is_empty() {
        // This text repeats the value, too.
        error.insert(ContextKind::Suggested, ContextValue::None);
    }
    for (kind, value) in changed {
        error.insert(kind, value);
    }
    error
}

/// The masked value, where the value must not be repeated as it is.
fn masked_value(value: &ContextValue) -> Option<ContextValue> {
    let safe = |text: &String| {
        if is_likely_secret(text) {
            HIDDEN.to_owned()
        } else {
            visible(text)
        }
    };
    let safe = match value {
        ContextValue::String(text) => ContextValue::String(safe(text)),
        ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(safe).collect()),
        _ => return None,
    };
    (safe != *value).then_some(safe)
}

/// Changes every argument of a command and its subcommands.
fn with_each(command: Command, change: &dyn Fn(Arg) -> Arg) -> Command {
    command
        .mut_args(change)
        .mut_subcommands(|below| with_each(below, change))
}

fn variable(argument: &Arg) -> Option<&str> {
    argument.get_env()?.to_str()
}

fn unset(argument: Arg) -> Arg {
    argument.env(None::<&'static str>)
}

/// Replaces clap's error about a flag by one about its variable, if the command line alone is valid.
fn blame_variable(error: clap::Error, mut command: Command, line: Vec<OsString>) -> clap::Error {
    let kind = error.kind();
    let is_value = matches!(
        kind,
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8
    );
    if !is_value
        || with_each(command.clone(), &unset)
            .try_get_matches_from(line)
            .is_err()
    {
        return error;
    }
    // Arguments can be formatted only after the command is built.
    command.build();
    let wrong = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => {
            find(&command, &|argument| argument.to_string() == *flag)
        }
        // Clap does not tell which argument.
        _ => find(&command, &|argument| {
            let value = variable(argument).and_then(std::env::var_os);
            value.is_some_and(|value| value.to_str().is_none())
        }),
    };
    let Some(name) = wrong else {
        return error;
    };
    let value = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => Some(value.as_str()),
        _ => None,
    };
    let reason = match (error.get(ContextKind::ValidValue), error.source()) {
        (Some(ContextValue::Strings(values)), _) => WrongReason::NoneOf(values),
        (_, Some(reason)) => WrongReason::Because(reason.to_string()),
        _ if kind == ErrorKind::InvalidUtf8 => WrongReason::NotUtf8,
        _ => WrongReason::Unknown,
    };
    let wrong = WrongVariable {
        name: &name,
        value,
        reason,
    };
    clap::Error::raw(kind, format!("{wrong}\n"))
}

/// The variable of the first matching argument of a command and its subcommands.
fn find(command: &Command, is_so: &dyn Fn(&Arg) -> bool) -> Option<String> {
    let mut here = command.get_arguments();
    here.find(|argument| variable(argument).is_some() && is_so(argument))
        .and_then(variable)
        .map(ToOwned::to_owned)
        .or_else(|| {
            command
                .get_subcommands()
                .find_map(|below| find(below, is_so))
        })
}
