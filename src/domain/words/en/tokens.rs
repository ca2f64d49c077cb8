//! Why tokens are not live, and why requests of clients were refused.

use crate::domain::client_tokens::{EndedSecret, RefusalRow};
use crate::domain::refusal::RefusedFor;
use crate::domain::token::Dead;

use super::format::DAY;

/// Why a token is not live, as the end of "It is not live: …".
#[must_use]
pub fn dead(dead: Dead) -> &'static str {
    match dead {
        Dead::Revoked => "it was revoked by itself",
        Dead::RevokedWithAll => "all tokens of its client were revoked after it was issued",
        Dead::ClientRevoked => "its client is revoked",
        Dead::ClientSuspended => {
            "its client is suspended; it works again when the client is resumed"
        }
        Dead::ClientExpired => "its client has expired",
        Dead::ClientHadEnded => {
            "its client had ended after it was issued, and was given more time since"
        }
        Dead::SecretRevoked => "the secret that it was issued for is revoked",
        Dead::ScopesUnknown => "its client does not have its scopes",
        Dead::OrganizationArchived => "its organization is archived",
        Dead::OrganizationRestored => {
            "its organization was archived after it was issued, and restored since"
        }
        Dead::Expired => "its time is over",
        Dead::PermissionMissing => {
            "its client may not act for participants in this way; it works again when the permission is granted"
        }
        Dead::ParticipantUnknown => "its organization has no such participant",
        Dead::ParticipantBlocked => "its participant was blocked after it was issued",
    }
}

/// Why a request was refused, in a few words, for a line about the client.
#[must_use]
pub fn refused_shortly(reason: RefusedFor) -> &'static str {
    match reason {
        RefusedFor::WrongSecret => "wrong secret",
        RefusedFor::TooManyGuesses => "too many wrong secrets",
        RefusedFor::SecretRevoked(_) => "a secret that was rotated out",
        RefusedFor::SecretExpired(_) => "a secret whose time is over",
        RefusedFor::ClientExpired => "the client has expired",
        RefusedFor::ClientSuspended => "the client is suspended",
        RefusedFor::ClientRevoked => "the client is revoked",
        RefusedFor::OrganizationArchived => "its organization is archived",
        RefusedFor::OtherHost(_) => "the host of another organization",
        RefusedFor::Malformed => "a malformed request",
        RefusedFor::GrantUnknown => "a grant type that is not offered",
        RefusedFor::GrantNotAllowed => "a grant that it may not use",
        RefusedFor::ScopeNotOwned => "a scope that it does not own",
        RefusedFor::ParticipantRefused => "a participant or a password that was not accepted",
        RefusedFor::TargetUnknown => "a token for another resource",
        RefusedFor::RateLimited => "too many tries",
        RefusedFor::OthersToken => "a token of another client",
        RefusedFor::InsufficientScope => "a token without the needed scope or permission",
    }
}

/// Why a request was refused, and what helps.
#[must_use]
pub fn refused(row: &RefusalRow) -> String {
    let sentence = match row.refusal.reason {
        RefusedFor::WrongSecret => {
            "The secret is none of this client’s, and none that it ever had. Somebody may be guessing, or the program has \
             the secret of another client."
        }
        RefusedFor::TooManyGuesses => {
            "So many wrong secrets came from this network that further ones have to wait for up to 15 minutes."
        }
        RefusedFor::SecretRevoked(_) => {
            let ended = ended(row.secret.as_ref(), "was rotated out on");
            return format!("{ended} Give the program the new secret.");
        }
        RefusedFor::SecretExpired(_) => {
            let ended = ended(row.secret.as_ref(), "was rotated out, and worked until");
            return format!("{ended} Give the program the new secret.");
        }
        RefusedFor::ClientExpired => {
            "The client has expired. Edit its details to give it more time."
        }
        RefusedFor::ClientSuspended => "The client was suspended.",
        RefusedFor::ClientRevoked => "The client is revoked.",
        RefusedFor::OrganizationArchived => "The client’s organization was archived.",
        RefusedFor::OtherHost(_) => {
            let of = row
                .organization
                .as_deref()
                .unwrap_or("another organization");
            return format!("It asked at the host of {of}, to which it does not belong.");
        }
        RefusedFor::Malformed => {
            "The request was malformed: a parameter is missing, has no valid value, or is there twice. Its answer says which."
        }
        RefusedFor::GrantUnknown => "It asked for a grant type that this server does not offer.",
        RefusedFor::GrantNotAllowed => {
            "It may not use the grant that it asked for: it lacks the permission, or an organization."
        }
        RefusedFor::ScopeNotOwned => {
            "It asked for a scope that it does not own, or for none that may be given."
        }
        RefusedFor::ParticipantRefused => {
            "The participant is unknown or blocked, the password is wrong, or the registration was not possible."
        }
        RefusedFor::TargetUnknown => "It asked for a token for another resource or audience.",
        RefusedFor::RateLimited => {
            "Too many wrong passwords of participants, or too many registrations in an hour."
        }
        RefusedFor::OthersToken => "It wanted to revoke a token of another client.",
        RefusedFor::InsufficientScope => {
            "Its token does not have the scope or the permission that an API asks for."
        }
    };
    sentence.to_owned()
}

fn ended(secret: Option<&EndedSecret>, how: &str) -> String {
    let hint = secret.and_then(|secret| secret.hint.as_deref());
    let which = match hint {
        Some(hint) => format!("…{hint}"),
        None => "an older one, which a person chose,".to_owned(),
    };
    match secret.and_then(|secret| secret.ended_at) {
        Some(at) => format!("Wrong secret: {which} {how} {}.", at.format(DAY)),
        None => format!("Wrong secret: {which} was rotated out."),
    }
}
