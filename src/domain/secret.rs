//! Secrets: text that must not be written to a log, a page or a file by accident.

use std::fmt;

use zeroize::Zeroizing;

use super::complaint::Complaint;

/// A client secret, a password or a token in memory.
///
/// It prints as dots, cannot be serialized, and is wiped when dropped. Every use of the text calls [`Secret::expose`].
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. The caller is responsible for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, which tell secrets apart; none of a chosen secret, where they would reveal too much.
    #[must_use]
    pub fn hint(&self, kind: SecretKind) -> Option<String> {
        if kind == SecretKind::Chosen {
            return None;
        }
        let count = self.0.chars().count();
        Some(self.0.chars().skip(count.saturating_sub(4)).collect())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(••••)")
    }
}

/// How a client secret is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// Made by the server with 189 random bits: a keyed digest is enough.
    Generated,
    /// Chosen by a person: a slow hash is required.
    Chosen,
}

/// The shortest client secret a person may choose.
pub const CHOSEN_MIN: usize = 12;

/// The longest client secret a person may choose.
pub const CHOSEN_MAX: usize = 256;

/// Checks a client secret that a person chose: 12 to 256 of the unreserved characters of RFC 3986, so that
/// every OAuth library encodes it alike.
///
/// # Errors
/// [`Complaint::SecretLength`], [`Complaint::SecretCharacters`].
pub fn check_chosen(text: &str) -> Result<(), Complaint> {
    if !(CHOSEN_MIN..=CHOSEN_MAX).contains(&text.len()) {
        return Err(Complaint::SecretLength);
    }
    if !text.bytes().all(is_unreserved) {
        return Err(Complaint::SecretCharacters);
    }
    Ok(())
}

/// True for the unreserved characters of RFC 3986 §2.3.
#[must_use]
pub fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints() {
        let secret = Secret::new("key_plain-text-secret".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(••••)");
        assert_eq!(secret.hint(SecretKind::Generated).as_deref(), Some("cret"));
        assert_eq!(secret.hint(SecretKind::Chosen), None);
    }

    #[test]
    fn a_chosen_secret_survives_every_encoding() {
        assert!(check_chosen("my-insecure-password").is_ok());
        assert!(check_chosen("elevenchars").is_err());
        assert!(check_chosen("with space in it").is_err());
        assert!(check_chosen(&"x".repeat(257)).is_err());
    }
}
