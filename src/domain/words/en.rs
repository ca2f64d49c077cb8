//! English.

mod admin;
mod bulk;
pub(super) mod catalog;
pub mod command;
mod credential;
mod errors;
pub mod event;
mod format;
mod import;
mod organization;
mod participant;
mod permission;
pub mod start;
mod token;
pub mod tokens;
mod unreadable;

use std::fmt::{Formatter, Result};

use crate::domain::admin::{PASSWORD_MAX, PASSWORD_MIN};
use crate::domain::client::{ID_MAX, NAME_MAX};
use crate::domain::complaint::Complaint;
use crate::domain::rights::Right;
use crate::domain::scope::SYSTEM;
use crate::domain::secret::{CHOSEN_MAX, CHOSEN_MIN};
use crate::domain::text::cleaned;

pub(in crate::domain) use errors::error;
use event::author;
use format::DAY;

use unreadable::unreadable;

/// The answer to a form that cannot be parsed. The browser needs it too, and has no other sentences.
pub const FORM_UNREADABLE: &str = "The form was not filled in as expected. Nothing was changed.";

/// The sentence of a complaint.
#[expect(
    clippy::too_many_lines,
    reason = "a table: the compiler finds a complaint that has no sentence"
)]
pub(in crate::domain) fn complaint(complaint: &Complaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        Complaint::RightMissing { right } => match right {
            Right::ReadDirectory | Right::ReadAuditLog | Right::ReadAdmins => {
                write!(to, "A client may not read this.")
            }
            Right::ChangeClients
            | Right::RevealSecrets
            | Right::ChangeOrganizations
            | Right::ChangeParticipants => {
                write!(to, "Your account may read this but not change it.")
            }
            Right::ChangeSystemClients => {
                write!(
                    to,
                    "Only an owner may make or change clients with the scope “{SYSTEM}”."
                )
            }
            Right::ManageAdmins | Right::ManageDatabase => write!(to, "Only an owner may do this."),
        },

        Complaint::NameMissing => write!(to, "Give it a name."),
        Complaint::NameTooLong => write!(to, "A name has at most {NAME_MAX} characters."),
        Complaint::NameUnreadable { why } => to.write_str(&unreadable("A name", *why)),

        Complaint::EmailInvalid { email } if email.trim().is_empty() => {
            write!(to, "Give an email address.")
        }
        Complaint::EmailInvalid { email } => {
            write!(to, "“{}” is not an email address.", cleaned(email))
        }
        Complaint::PasswordTooShort { count } => {
            write!(
                to,
                "That is {count} characters. Use at least {PASSWORD_MIN}; a sentence works well."
            )
        }
        Complaint::PasswordTooLong { count } => write!(
            to,
            "That is {count} characters. Use at most {PASSWORD_MAX}."
        ),
        Complaint::PasswordUnreadable { why } => to.write_str(&unreadable("A password", *why)),
        Complaint::PasswordCommon => write!(
            to,
            "That password is on every list of guesses. Use another; a sentence works well."
        ),
        Complaint::AdminTaken { email } => {
            write!(to, "There is an administrator “{email}” already.")
        }
        Complaint::AdminUnknown { email } => write!(to, "There is no administrator “{email}”."),
        Complaint::SetUpAlready => {
            write!(to, "There is an administrator already. Sign in instead.")
        }
        Complaint::SetupCodeWrong => write!(
            to,
            "That is not the code that the server printed when it last started."
        ),

        Complaint::ClientIdLength => write!(to, "A client ID has 3 to {ID_MAX} characters."),
        Complaint::ClientIdCharacters => write!(
            to,
            "A client ID consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."
        ),
        Complaint::ClientIdReserved => write!(
            to,
            "A client ID is not `new` and does not begin with a dot."
        ),
        Complaint::ClientIdTaken { id } => write!(
            to,
            "There is or was a client “{id}”. Ids are never given out again."
        ),
        Complaint::ClientNameTaken { organization, name } => {
            let of = match organization {
                Some(organization) => format!("Another client of {organization}"),
                None => "Another client without an organization".to_owned(),
            };
            write!(
                to,
                "{of} is called “{name}”. Add what makes this one different."
            )
        }
        Complaint::ClientUnknown { id } => write!(to, "There is no client “{}”.", cleaned(id)),
        Complaint::ClientNumberUnknown { number } => {
            write!(to, "There is no client number {number}.")
        }
        Complaint::ClientRevoked => write!(
            to,
            "This client was revoked. It cannot be changed any more."
        ),
        Complaint::ClientGone { id, by, at } => {
            let at = at.format("%Y-%m-%d %H:%M UTC");
            write!(to, "client `{id}` was revoked by {by} on {at}")
        }
        Complaint::RevokedAlready { by, at } => {
            let (by, day, time) = (author(by), at.format(DAY), at.format("%H:%M UTC"));
            write!(
                to,
                "This client was revoked by {by}, {day} {time}. Nothing else to do."
            )
        }
        Complaint::ChangedMeanwhile { by, at } => {
            let by = by.as_deref().map_or("Somebody".to_owned(), author);
            let at = at.map(|at| format!(" at {} on {}", at.format("%H:%M UTC"), at.format(DAY)));
            let at = at.unwrap_or_default();
            write!(
                to,
                "{by} changed this client{at}, after your page was loaded. Nothing was saved."
            )
        }
        Complaint::ExpiryPassed => write!(to, "That moment has passed. Choose a later one."),
        Complaint::ExpiryTooFar => write!(
            to,
            "That is too far away. Choose a day before the year 10000."
        ),

        Complaint::ScopesMissing => write!(
            to,
            "Choose at least one scope. A client without a scope cannot ask for a token."
        ),
        Complaint::ScopeUnknown { scope } => {
            write!(to, "There is no scope called “{}”.", cleaned(scope))
        }
        Complaint::PermissionUnknown { permission } => {
            write!(
                to,
                "There is no permission called “{}”.",
                cleaned(permission)
            )
        }
        Complaint::PermissionNeedsScope { permission, scope } => write!(
            to,
            "Permission “{permission}” needs scope “{scope}”, which the client does not have."
        ),

        Complaint::SecretLength => {
            write!(to, "A secret has {CHOSEN_MIN} to {CHOSEN_MAX} characters.")
        }
        Complaint::SecretCharacters => write!(
            to,
            "A secret consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."
        ),
        Complaint::SecretUnknown => write!(to, "There is no such secret."),
        Complaint::SecretNotKept => write!(
            to,
            "No copy of this secret is kept, so it cannot be shown again."
        ),
        Complaint::KeptTooLong => write!(to, "That is too long."),

        Complaint::OrganizationMissing => write!(
            to,
            "Choose an organization. Only a client with nothing but the system scope needs none."
        ),
        Complaint::OrganizationUnknown { id } => write!(to, "There is no organization {id}."),
        Complaint::OrganizationArchived { id } => write!(
            to,
            "Organization {id} is archived and can have no host. Restore it first."
        ),
        Complaint::ArchivedAlready { id } => write!(
            to,
            "Organization {id} was archived before. Nothing else to do."
        ),
        Complaint::NotArchived { id } => {
            write!(to, "Organization {id} is not archived. Nothing else to do.")
        }
        Complaint::HostInvalid => write!(
            to,
            "Give the host name alone, such as participate.city.example."
        ),
        Complaint::HostOfServer => write!(
            to,
            "That is this server's own host. Leave it empty, or give the organization another one."
        ),
        Complaint::HostWithPort => write!(
            to,
            "Give the host name without a port. It counts for every port."
        ),
        Complaint::HostTaken => write!(to, "Another organization has this host."),

        Complaint::DatabaseDamaged { damage } => write!(to, "The database is damaged: {damage}"),
        Complaint::AuditLogBroken { sequence } => write!(
            to,
            "The audit log is not as it was written: entry {sequence} does not fit. Those before it do."
        ),
        Complaint::DatabaseNotEmpty { content } => write!(
            to,
            "This database holds {content} already. A demo fills an empty one."
        ),
        Complaint::CatalogTooSmall { permissions } => {
            write!(
                to,
                "A client of a demo holds {permissions} permissions; the catalogue has fewer outside the scope `{SYSTEM}`."
            )
        }

        Complaint::HostNotNamed => write!(
            to,
            "This request does not name one host in its Host header, so it was not answered."
        ),
        Complaint::NothingHere => write!(to, "There is nothing at this address."),
        Complaint::FileReadOnly => write!(to, "This is a file. It can be read, and nothing else."),
        Complaint::PostedElsewhere => write!(
            to,
            "This request did not come from a page of this server, so nothing was done."
        ),
        Complaint::NotAForm => write!(to, "This request is not a form, so nothing was done."),
        Complaint::FormSentBefore => write!(
            to,
            "This form was already sent with other contents. Look at what it made before you send it again."
        ),
        Complaint::KeptUntilSignIn => write!(
            to,
            "You were signed out before this was sent. Sign in, and what you typed is there again."
        ),
        Complaint::SentAfterSignOut => write!(
            to,
            "You were signed out before this was sent. Check it and send it again."
        ),
        Complaint::OrganizationInvalid => write!(to, "There is no such organization."),
        Complaint::OrganizationAmbiguous => write!(to, "Choose the organization that you mean."),
        Complaint::ExpiryMissing => write!(to, "Choose when it expires."),
        Complaint::DayMissing => write!(to, "Choose the day on which it expires."),
        Complaint::DayUnreadable => {
            write!(to, "Write the day as year-month-day, such as 2027-06-01.")
        }
        Complaint::DayPassed { today } => {
            let today = today.format(DAY);
            write!(
                to,
                "That day has passed. Choose a day after today, {today}."
            )
        }
        Complaint::NameNotConfirmed { name } => write!(to, "That is not the name. Type {name}."),
        Complaint::ButtonUnknown => write!(to, "That button does nothing here."),
        Complaint::ThemeUnknown => write!(to, "There is no such theme."),

        Complaint::Admin(complaint) => admin::complaint(complaint, to),
        Complaint::Participant(complaint) => participant::complaint(complaint, to),
        Complaint::Token(complaint) => token::complaint(complaint, to),
        Complaint::Credential(complaint) => credential::complaint(complaint, to),
        Complaint::Bulk(complaint) => bulk::complaint(complaint, to),
        Complaint::Organization(complaint) => organization::complaint(complaint, to),
        Complaint::Permission(complaint) => permission::complaint(complaint, to),
    }
}

#[cfg(test)]
mod tests;
