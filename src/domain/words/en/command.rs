//! English, for whoever runs a command.

use std::fmt::{Formatter, Result};
use std::net::SocketAddr;
use std::path::Path;

use crate::domain::client::ClientId;
use crate::domain::command::{
    AdminChange, ClientChange, CommandComplaint, Done, Next, OrganizationChange, ParticipantChange,
    WrongReason, WrongVariable,
};
use crate::domain::error::Error;

/// Stands for a value that may be a secret.
pub const HIDDEN: &str = "an address or a key, which is not repeated";

pub(in crate::domain) fn complaint(complaint: &CommandComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        CommandComplaint::DurationUnreadable => {
            to.write_str("write a number and its unit, s, m, h or d, such as 90s, 30m, 24h or 7d")
        }
        CommandComplaint::DurationTooLong => to.write_str("that is too long"),
        CommandComplaint::TokenTtlInvalid => {
            to.write_str("a token lives between one second and 366 days")
        }
        CommandComplaint::TokenPrefixInvalid => to.write_str("a prefix has 2 to 16 of a-z and 0-9"),
        CommandComplaint::TimeUnreadable => {
            to.write_str("write the moment as RFC 3339 has it, such as 2027-06-01T00:00:00Z")
        }
        CommandComplaint::ActionUnknown => {
            to.write_str("give a kind such as client.revoked, or a topic such as permissions")
        }
        CommandComplaint::RoleUnknown => to.write_str("a role is owner, manager or auditor"),
        CommandComplaint::HostBlank => to.write_str("give a host name, or use --none"),
        CommandComplaint::ItemBlank => to.write_str("a part of the list is empty"),
        CommandComplaint::SwitchedOff { variable } => {
            write!(to, "api-client is switched off by {variable}")
        }
        CommandComplaint::NothingImported => {
            to.write_str("nothing was imported, because of the lines above")
        }
        CommandComplaint::NothingTyped => to.write_str("nothing was typed; nothing was changed"),
        CommandComplaint::TypedDifferently => {
            to.write_str("the second time was not the same as the first; nothing was changed")
        }
        CommandComplaint::LineNotUtf8 { what } => write!(
            to,
            "{what}: the line on standard input is not UTF-8; nothing was changed"
        ),
        CommandComplaint::LineUnreadable { what, cause } => {
            write!(to, "{what} cannot be read: {cause}")
        }
        CommandComplaint::TerminalUnreadable { cause } => {
            write!(to, "the terminal cannot be asked how it is set: {cause}")
        }
        CommandComplaint::EchoStaysOn { cause } => {
            write!(to, "the terminal goes on showing what is typed: {cause}")
        }
        CommandComplaint::SignalUnusable { number, cause } => {
            write!(to, "cannot listen for signal {number}: {cause}")
        }
        CommandComplaint::AddressUnusable { address, cause } => {
            write!(to, "cannot listen on {address}: {cause}")
        }
        CommandComplaint::ThreadsUnavailable { cause } => {
            write!(to, "cannot start the threads that answer requests: {cause}")
        }
        CommandComplaint::OutputClosed => to.write_str("it is closed"),
        CommandComplaint::OutputUnwritable { cause, .. } => {
            write!(to, "standard output cannot be written: {cause}")
        }
        CommandComplaint::Unreported { done, cause, next } => write!(
            to,
            "{}, but the result could not be printed: {cause}. {}",
            change(done),
            way(next)
        ),
    }
}

/// The change, as the beginning of a sentence.
fn change(done: &Done) -> String {
    match done {
        Done::DatabaseUpToDate => "the database is up to date".to_owned(),
        Done::DemoFilled {
            clients,
            organizations,
        } => format!(
            "the database was filled with {clients} clients of {organizations} organizations"
        ),
        Done::Admin { email, change } => {
            let done = match change {
                AdminChange::Created => "was created",
                AdminChange::Invited => "was invited",
                AdminChange::RoleSet => "has the role that was asked for",
                AdminChange::Disabled => "was disabled",
                AdminChange::Enabled => "was enabled",
                AdminChange::PasswordReset => "was given the new password",
            };
            format!("administrator `{email}` {done}")
        }
        Done::Organization { id, name, change } => {
            let done = match change {
                OrganizationChange::Created => "was created",
                OrganizationChange::Renamed => "has the name that was asked for",
                OrganizationChange::HostSet => "has the host that was asked for",
                OrganizationChange::Archived => "was archived",
                OrganizationChange::Restored => "was restored",
            };
            format!("organization {id} `{name}` {done}")
        }
        Done::Client { id, change } => {
            let done = match change {
                ClientChange::Created => "was created",
                ClientChange::Granted => "was granted the permissions",
                ClientChange::Removed => "no longer has the permissions",
                ClientChange::Suspended => "was suspended",
                ClientChange::Resumed => "was resumed",
                ClientChange::Rotated => "was given a new secret",
                ClientChange::SecretEnded => "no longer has the secret",
                ClientChange::TokensRevoked => "has no live token any more",
                ClientChange::Revoked => "was revoked",
            };
            format!("client `{id}` {done}")
        }
        Done::Participant {
            id,
            nickname,
            change,
        } => {
            let done = match change {
                ParticipantChange::Created => "was created",
                ParticipantChange::Blocked => "was blocked",
                ParticipantChange::Unblocked => "was unblocked",
                ParticipantChange::PasswordSet => "was given the new password",
            };
            format!("participant {id} `{nickname}` {done}")
        }
        Done::ParticipantsImported { participants } => {
            format!("{participants} participants were imported")
        }
    }
}

/// A sentence on how to get the result.
fn way(next: &Next) -> String {
    match next {
        Next::Nothing => "Nothing else is to be done.".to_owned(),
        Next::ListAdmins => "`claviger admin list` shows the administrators.".to_owned(),
        Next::InviteAgain => {
            "The link is lost; `claviger admin invite` makes another in its place.".to_owned()
        }
        Next::ListOrganizations => {
            "`claviger organization list` shows those that are not archived, with --archived the others."
                .to_owned()
        }
        Next::ListParticipants => "`claviger participant list` shows the participants.".to_owned(),
        Next::ListClients => {
            "`api-client get` shows the clients, and their secrets where copies are kept.".to_owned()
        }
        Next::ShowClient(id) => format!("{} shows it.", api_client("get", id)),
        Next::ListSecrets(id) => format!("{} lists the others.", api_client("secrets", id)),
        Next::ShowSecret(id) => format!("{} shows it with its secret.", api_client("get", id)),
        Next::SecretKnown(id) => format!(
            "Its secret is the one that you chose; {} shows it.",
            api_client("get", id)
        ),
        Next::SecretLost(id) => format!(
            "The secret is lost; {} makes another.",
            api_client("rotate", id)
        ),
    }
}

/// A command about a client.
fn api_client(command: &str, id: &ClientId) -> String {
    let id = id.as_str();
    // A value that begins with two hyphens needs `=`.
    let between = if id.starts_with("--") { '=' } else { ' ' };
    format!("`api-client {command} --id{between}{id}`")
}

pub(in crate::domain) fn variable(wrong: &WrongVariable<'_>, to: &mut Formatter<'_>) -> Result {
    to.write_str(wrong.name)?;
    match wrong.value {
        Some(HIDDEN) => write!(to, " holds {HIDDEN}")?,
        Some(value) => write!(to, " cannot be `{value}`")?,
        None => to.write_str(" cannot be used")?,
    }
    match &wrong.reason {
        WrongReason::NoneOf(values) => write!(to, "; it is {}", values.join(" or ")),
        WrongReason::Because(reason) => write!(to, ": {reason}"),
        WrongReason::NotUtf8 => to.write_str(": it is not UTF-8"),
        WrongReason::Unknown => Ok(()),
    }
}

/// An argument that was not asked for may be a secret.
#[must_use]
pub fn hidden_argument() -> String {
    format!(
        "unexpected argument: {HIDDEN}. An address may follow `--database-url` or `--issuer` of `claviger serve`"
    )
}

/// An error of a command, whose log nobody keeps, with the cause that was logged.
#[must_use]
pub fn with_cause(error: &Error, cause: &str) -> String {
    match error {
        Error::Internal { .. } => format!(
            "Something went wrong with the database: {cause}. `claviger database check` says whether it is whole."
        ),
        Error::Unavailable => format!("{error} The cause: {cause}"),
        _ => error.to_string(),
    }
}

/// Where the server listens, and how it is known.
#[must_use]
pub fn listening(address: SocketAddr, issuer: &str) -> String {
    format!("claviger: listening on http://{address}, known as {issuer}")
}

/// Where the first administrator is made.
#[must_use]
pub fn setup_link(issuer: &str, code: &str) -> String {
    format!(
        "claviger: set-up link {issuer}/system/setup?code={code} (works once, until the next start)"
    )
}

/// A warning about files that others can use; `names` are their names as a shell reads them.
#[must_use]
pub fn open_files(found: &str, names: &str) -> String {
    format!("others than their owner can use {found}; run `chmod 600 {names}`")
}

/// A warning about a folder in which everybody can replace files; `name` is its name as a shell reads it.
#[must_use]
pub fn open_folder(folder: &Path, mode: u32, name: &str) -> String {
    let path = folder.display();
    format!(
        "everybody can replace files in the folder {path} (mode {mode:04o}); run `chmod o-w {name}`"
    )
}
