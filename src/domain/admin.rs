//! Administrators: the people who manage clients.

use serde::{Deserialize, Serialize};

use super::Time;
use super::complaint::Complaint;
use super::device::Device;
use super::ids::AdminId;
use super::role::Role;
use super::text::{check_readable, is_unseen};

/// The shortest password an administrator may choose, in characters.
pub const PASSWORD_MIN: usize = 12;

/// The longest, so that hashing stays cheap.
pub const PASSWORD_MAX: usize = 256;

/// An administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// Its id.
    pub id: AdminId,
    /// The email address, in lower case.
    pub email: String,
    /// The administrator's role.
    pub role: Role,
    /// When the account was made.
    pub created_at: Time,
    /// Since when the account may not sign in.
    pub disabled_at: Option<Time>,
}

/// How many hours a one-time link can be used.
pub const LINK_HOURS: i64 = 72;

/// An administrator in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminSummary {
    /// The administrator.
    pub admin: Admin,
    /// The name of whoever made or invited them.
    pub made_by: String,
    /// When one of their sessions was last used.
    pub seen_at: Option<Time>,
}

/// Who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// The address to sign in with, as it was typed.
    pub email: String,
    /// The role to join with; none when none was chosen.
    pub role: Option<Role>,
}

/// A one-time link that waits to be used, without its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminLink {
    /// For whom it is.
    pub email: String,
    /// The role to join with; none when it leads to a new password.
    pub role: Option<Role>,
    /// The name of whoever made it.
    pub made_by: String,
    /// When it was made.
    pub created_at: Time,
    /// When it ends.
    pub ends_at: Time,
}

/// A session of an administrator, without what its cookie carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminSession {
    /// What tells it from the administrator's others.
    pub handle: String,
    /// The browser.
    pub device: Device,
    /// The network address that it began from.
    pub address: Option<String>,
    /// When it began.
    pub created_at: Time,
    /// When it was last used.
    pub seen_at: Time,
    /// Whether it is the session that asks.
    pub is_this: bool,
}

/// Parses an email address, roughly: enough to catch typing errors.
///
/// # Errors
/// [`Complaint::EmailInvalid`].
pub fn check_email(text: &str) -> Result<String, Complaint> {
    let email = text.trim().to_lowercase();
    let wrong = || Complaint::EmailInvalid {
        email: text.trim().to_owned(),
    };
    let (local, host) = email.rsplit_once('@').ok_or_else(wrong)?;
    // Both parts are readable, without invisible characters.
    let is_odd = |half: &str| {
        half.contains('@') || half.contains(is_unseen) || check_readable(half).is_err()
    };
    if email.len() > 254 || is_odd(local) || is_odd(host) {
        return Err(wrong());
    }
    Ok(email)
}

/// Checks a new password in its canonical spelling: 12 to 256 visible characters (no controls and nothing that is
/// ignored in display, RFC 8264 §9), not a common one, not the account's name.
///
/// # Errors
/// What is wrong with it.
pub fn check_password(password: &str, email: &str) -> Result<(), Complaint> {
    let count = password.chars().count();
    if count < PASSWORD_MIN {
        return Err(Complaint::PasswordTooShort { count });
    }
    if count > PASSWORD_MAX {
        return Err(Complaint::PasswordTooLong { count });
    }
    check_readable(password).map_err(|why| Complaint::PasswordUnreadable { why })?;
    let folded = password.to_lowercase();
    let account = email.split('@').next().filter(|name| name.len() >= 4);
    if is_common(&folded)
        || is_repetition(&folded)
        || folded == email
        || account.is_some_and(|name| folded.trim_end_matches(|c: char| c.is_ascii_digit()) == name)
    {
        return Err(Complaint::PasswordCommon);
    }
    Ok(())
}

/// The common passwords that are long enough to be tried here, sorted, a line each.
static COMMON: &str = include_str!("common_passwords.txt");

fn is_common(folded: &str) -> bool {
    COMMON.lines().any(|line| line == folded)
}

/// True for one to four characters said over and over.
fn is_repetition(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=4).any(|length| {
        characters
            .chunks(length)
            .all(|chunk| characters.starts_with(chunk))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_need_length_not_symbols() {
        assert!(check_password("correct horse staple gun", "ops@example.org").is_ok());
        assert_eq!(
            check_password("tenletters", "ops@example.org"),
            Err(Complaint::PasswordTooShort { count: 10 })
        );
        assert!(check_password("رمز عبور می\u{200C}خواهم 👩\u{200D}💻", "ops@example.org").is_ok());
        assert!(check_password(&"long and dull ".repeat(20), "ops@example.org").is_err());
    }

    #[test]
    fn guesses_are_refused() {
        for password in [
            "123456789012",
            "aaaaaaaaaaaaaaa",
            "abcdabcdabcd",
            "PasswordPassword",
            "administrator123",
            "a sentence\twith a tab",
            "a sentence\u{2028}on two lines",
            "a sentence \u{1b}[31min red",
            "\u{FEFF}correct horse battery",
            "correct\u{200B}horse battery",
            "correct\u{AD}horse battery",
            "correct\u{200D}horse battery",
            "correct horse\u{FE0F} battery",
            "\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}\u{AD}\u{200B}\u{2063}\u{200C}\u{2061}\u{2062}\u{2064}",
            "\u{200C}\u{200D}\u{FE0F}\u{FE0E}\u{200C}\u{200C}\u{200D}\u{FE00}\u{200D}\u{200C}\u{FE01}\u{FE0F}",
        ] {
            assert!(
                check_password(password, "administrator@example.org").is_err(),
                "{password}"
            );
        }
    }

    #[test]
    fn emails_are_folded() {
        assert_eq!(check_email(" Ops@Example.org ").unwrap(), "ops@example.org");
        for text in [
            "",
            "ops",
            "@example.org",
            "ops@",
            "a b@example.org",
            "a@b@c",
            "\u{200B}@example.org",
            "ops\u{200B}@example.org",
            "ops\u{200D}x@example.org",
            "ops@exam\u{AD}ple.org",
            "ops@\u{3164}",
            "ops@\u{2800}",
            "ops\u{2028}x@example.org",
            "ops\u{FE0F}@example.org",
            "ops\u{A0}x@example.org",
        ] {
            assert!(check_email(text).is_err(), "{text}");
        }
    }
}
