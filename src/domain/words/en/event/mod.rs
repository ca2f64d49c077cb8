//! What stands in the audit log, in words: for each event a clause that begins after the actor, and what was before and
//! after.

mod admins;
mod clients;
mod organizations;
mod participants;
mod secrets;
mod sentence;
mod server;
mod titles;

pub use sentence::{Detail, EventSentence};
pub use titles::{action, title, topic};

use crate::domain::audit::{AuditRow, CONTENT_DAYS};
use crate::domain::event::{ActorRef, Event, Record, Target};
use crate::domain::text::cleaned;

/// An event in words. An event without words does not compile: give it an arm here and a function in the file of its subject.
#[must_use]
pub fn sentence_of(event: &Event) -> EventSentence {
    match event {
        Event::AdminCreated { role } => admins::created(*role),
        Event::AdminPasswordReset {} => {
            EventSentence::about("replaced the password of", "administrator")
        }
        Event::AdminInvited { role, ends_at } => admins::invited(*role, *ends_at),
        Event::AdminInvitationWithdrawn { role } => admins::withdrawn(*role),
        Event::AdminJoined { role, invited_by } => admins::joined(*role, invited_by),
        Event::AdminRoleChanged { before, after } => admins::role_changed(*before, *after),
        Event::AdminDisabled {} => EventSentence::about("disabled", "administrator"),
        Event::AdminEnabled {} => EventSentence::about("enabled", "administrator"),
        Event::AdminSessionsEnded { sessions } => admins::sessions_ended(*sessions),
        Event::AdminPasswordLinkMade { ends_at } => admins::password_link(*ends_at),
        Event::AdminPasswordLinkWithdrawn {} => {
            EventSentence::about("withdrew the link to a new password of", "administrator")
        }
        Event::AdminPasswordChanged {} => EventSentence::alone("changed their own password"),
        Event::SignedIn {} => EventSentence::alone("signed in"),
        Event::SignedOut {} => EventSentence::alone("signed out"),
        Event::SignInFailed {
            count,
            network,
            reason,
        } => admins::sign_in_failed(*count, network, reason),

        Event::OrganizationCreated { name, host } => organizations::created(name, host.as_ref()),
        Event::OrganizationArchived { name, host } => organizations::archived(name, host.as_ref()),
        Event::OrganizationRestored { archived_at, .. } => organizations::restored(*archived_at),
        Event::OrganizationRenamed { before, after } => organizations::renamed(before, after),
        Event::OrganizationHostChanged { before, after, .. } => {
            organizations::host_changed(before.as_ref(), after.as_ref())
        }

        Event::ClientCreated { .. } => clients::created(event),
        Event::ClientUpdated { before, after } => clients::updated(before, after),
        Event::ClientSuspended {} => EventSentence::about("suspended", "client"),
        Event::ClientResumed {} => EventSentence::about("resumed", "client"),
        Event::ClientRevoked { before } => clients::revoked(before),
        Event::ClientsExported { .. } => clients::exported(event),
        Event::PermissionsChanged { granted, removed } => clients::permissions(granted, removed),

        Event::SecretRotated { .. } => secrets::rotated(event),
        Event::SecretActivated {
            hint,
            grace_seconds,
            ..
        } => secrets::activated(hint.as_deref(), grace_seconds.unsigned_abs()),
        Event::SecretCancelled { hint, .. } => secrets::cancelled(hint.as_deref()),
        Event::SecretEnded { hint, .. } => secrets::ended(hint.as_deref()),
        Event::SecretLabelled { before, after, .. } => {
            secrets::labelled(before.as_deref(), after.as_deref())
        }
        Event::SecretRevealed { hint, .. } => secrets::revealed(hint.as_deref()),
        Event::TokenRevoked { token } => secrets::token_revoked(token),
        Event::TokensRevokedAll {} => EventSentence::about("revoked every token of", "client"),
        Event::TokensRevoked { hour, tokens } => secrets::tokens_revoked(*hour, *tokens),

        Event::ParticipantCreated { .. } => participants::created(event),
        Event::ParticipantChanged { before, after } => participants::changed(before, after),
        Event::ParticipantBlocked {} => EventSentence::about("blocked", "participant"),
        Event::ParticipantUnblocked {} => EventSentence::about("unblocked", "participant"),
        Event::ParticipantPasswordSet {} => {
            EventSentence::about("set the password of", "participant")
        }
        Event::ParticipantRegistered { details, .. } => participants::registered(details),
        Event::ParticipantExtraChanged { names } => participants::extra_changed(names),
        Event::ParticipantImpersonated { grant, reason } => {
            participants::impersonated(*grant, reason.as_deref())
        }

        Event::DemoFilled {
            clients,
            organizations,
        } => server::demo_filled(*clients, *organizations),
        Event::AuditExported {
            format,
            filter,
            newest,
        } => server::exported(*format, filter, *newest),
        Event::Unknown { kind, data } => server::unknown(kind, data),
    }
}

/// Who acted, as the beginning of a sentence. `name` is that of a client, if it is known.
#[must_use]
pub fn actor(actor: &ActorRef, name: Option<&str>) -> String {
    match actor {
        ActorRef::Admin { email } => email.clone(),
        ActorRef::Client { id } => match name {
            Some(name) => name.to_owned(),
            None => format!("Client {id}"),
        },
        ActorRef::Shell { user } => format!("{user} on the server"),
        ActorRef::Visitor => "Somebody who is not signed in".to_owned(),
        ActorRef::Unknown(text) => cleaned(text),
    }
}

/// Who changed something, for whoever looks at it: `about` is what was changed.
#[must_use]
pub fn changer(by: &ActorRef, about: &Target) -> String {
    match (by, about) {
        (ActorRef::Client { id }, Target::Client { id: changed }) if id == changed => {
            "Its own program".to_owned()
        }
        _ => actor(by, None),
    }
}

/// Who made or revoked something, of the text that is stored with it.
#[must_use]
pub fn author(by: &str) -> String {
    actor(&ActorRef::from(by.to_owned()), None)
}

/// What it was done to. `name` is that of a client, an organization or a participant, if it is known.
#[must_use]
pub fn target(target: &Target, name: Option<&str>) -> String {
    match (target, name) {
        (
            Target::Client { .. } | Target::Organization { .. } | Target::Participant { .. },
            Some(name),
        ) => name.to_owned(),
        (Target::Client { id }, None) => id.to_string(),
        (Target::Organization { id }, None) => id.to_string(),
        (Target::Participant { id }, None) => id.to_string(),
        (Target::Admin { email }, _) => email.clone(),
        (Target::Directory, _) => "the directory".to_owned(),
        (Target::AuditLog, _) => "the audit log".to_owned(),
        (Target::SetUp, _) => "the first administrator".to_owned(),
        (Target::Unknown(text), _) => cleaned(text),
    }
}

/// An entry in one sentence without a full stop, such as "ops@example.org suspended client Newsletter digest".
#[must_use]
pub fn sentence(row: &AuditRow) -> String {
    match &row.entry.record {
        Some(record) => record_sentence(record, row),
        None => swept(),
    }
}

fn record_sentence(record: &Record, row: &AuditRow) -> String {
    let EventSentence {
        before,
        noun,
        after,
        ..
    } = sentence_of(&record.event);
    let actor = actor(&record.actor, row.names.actor.as_deref());
    let target = noun.map(|noun| {
        [
            noun.to_owned(),
            target(&record.target, row.names.target.as_deref()),
        ]
    });
    let parts = [actor, before]
        .into_iter()
        .chain(target.into_iter().flatten())
        .chain([after]);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// What stands in place of content that was swept.
#[must_use]
pub fn swept() -> String {
    format!("The content of this entry was removed after {CONTENT_DAYS} days")
}

#[cfg(test)]
mod tests;
