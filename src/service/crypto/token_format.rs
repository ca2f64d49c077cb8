//! Sealed tokens: claims under an AEAD, so that nothing about a token needs to be stored.
//!
//! ```text
//! clv_ AgABxW9…                                                    0aB3xZ
//! │    │                                                           └ checksum: CRC-32 of all before it, base62
//! │    └ base64url: format (2) · key number (2) · token id (24) · sealed claims · tag (16)
//! └ prefix, a setting
//! ```
//!
//! The token id is the nonce of XChaCha20-Poly1305; prefix, format and key number are its associated data. With the
//! checksum, a secret scanner and this server recognize a token without any key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};

use crate::domain::token::{Claims, TokenId};
use crate::service::crypto::claims::{decode, encode};

/// The format that this code writes.
const FORMAT: u8 = 2;

/// Format, key number, token id.
const HEAD: usize = 1 + 2 + 24;

/// The length of the cipher's tag.
const TAG: usize = 16;

/// The length of the checksum.
const CHECKSUM: usize = 6;

/// The longest text that is looked at.
const LONGEST: usize = 1024;

/// A key that seals tokens, and its number.
pub struct SealingKey {
    number: u16,
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SealingKey")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl SealingKey {
    /// A key from its 32 bytes.
    #[must_use]
    pub fn new(number: u16, key: &[u8; 32]) -> Self {
        Self {
            number,
            cipher: XChaCha20Poly1305::new(key.into()),
        }
    }

    /// The key's number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// Seals claims into a token.
///
/// # Panics
/// Never: the cipher takes any claims.
#[must_use]
pub fn seal(key: &SealingKey, prefix: &str, id: TokenId, claims: &Claims) -> String {
    let [high, low] = key.number.to_be_bytes();
    let format = [FORMAT, high, low];
    // One buffer from the claims to the sealed bytes, and one for the text: this runs for every token.
    let mut bytes = Vec::with_capacity(HEAD + 64 + TAG);
    bytes.extend(format);
    bytes.extend(id.0);
    encode(claims, &mut bytes);
    let tag = key
        .cipher
        .encrypt_in_place_detached(
            XNonce::from_slice(&id.0),
            &label(prefix, &format),
            &mut bytes[HEAD..],
        )
        .expect("the cipher takes any claims");
    bytes.extend(tag);
    let mut token = String::with_capacity(prefix.len() + 1 + bytes.len() * 4 / 3 + 4 + CHECKSUM);
    token.push_str(prefix);
    token.push('_');
    URL_SAFE_NO_PAD.encode_string(&bytes, &mut token);
    let checksum = checksum(&token);
    token.extend(checksum.map(char::from));
    token
}

/// Opens a token. `key` finds a key by its number. Only the exact text that was sealed opens.
pub fn open<K: AsRef<SealingKey>>(
    key: impl FnOnce(u16) -> Option<K>,
    prefix: &str,
    token: &str,
) -> Option<(TokenId, Claims)> {
    if token.len() > LONGEST || !token.is_ascii() {
        return None;
    }
    let (body, sum) = token.split_at_checked(token.len().checked_sub(CHECKSUM)?)?;
    if checksum(body) != sum.as_bytes() {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(body.strip_prefix(prefix)?.strip_prefix('_')?)
        .ok()?;
    let (head, sealed) = bytes.split_at_checked(HEAD)?;
    let (format, id) = head.split_at(3);
    if format[0] != FORMAT {
        return None;
    }
    let key = key(u16::from_be_bytes([format[1], format[2]]))?;
    let (claims, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
    let mut plain = claims.to_vec();
    key.as_ref()
        .cipher
        .decrypt_in_place_detached(
            XNonce::from_slice(id),
            &label(prefix, format),
            &mut plain,
            Tag::from_slice(tag),
        )
        .ok()?;
    Some((TokenId(id.try_into().ok()?), decode(&plain)?))
}

fn label(prefix: &str, format_and_key: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), b"_", format_and_key].concat()
}

fn checksum(text: &str) -> [u8; CHECKSUM] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber, Version};
    use crate::domain::scope::ScopeSet;
    use crate::domain::token::Participant;

    fn checksum(text: &str) -> String {
        super::checksum(text).into_iter().map(char::from).collect()
    }

    fn key(number: u16) -> Arc<SealingKey> {
        Arc::new(SealingKey::new(
            number,
            &[u8::try_from(number % 251).unwrap(); 32],
        ))
    }

    prop_compose! {
        fn participant()(number: u64, generation: u64, impersonated: bool) -> Participant {
            Participant { number, generation, impersonated }
        }
    }

    prop_compose! {
        fn claims()(
            client: i64, generation: i64, secret: i64, organization: Option<i64>,
            participant in proptest::option::of(participant()), at_host: bool,
            scopes in proptest::collection::vec(any::<u8>(), 0..40), issued_at: i64, expires_at: i64, version: i64,
        ) -> Claims {
            Claims {
                client: ClientNumber(client), generation, secret: SecretNumber(secret),
                organization: organization.map(OrganizationId), participant, at_host, scopes: ScopeSet::of(&scopes),
                issued_at, expires_at, version: Version(version),
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(claims in claims(), id: [u8; 24], number: u16) {
            let token = seal(&key(number), "clv", TokenId(id), &claims);
            prop_assert_eq!(checksum(&token[..token.len() - CHECKSUM]), &token[token.len() - CHECKSUM..]);
            prop_assert_eq!(open(|found| (found == number).then(|| key(number)), "clv", &token), Some((TokenId(id), claims)));
        }

        #[test]
        fn no_flipped_bit_opens(claims in claims(), id: [u8; 24], position: prop::sample::Index, bit in 0..8_u32) {
            let mut bytes = seal(&key(1), "clv", TokenId(id), &claims).into_bytes();
            let position = position.index(bytes.len());
            bytes[position] ^= 1 << bit;
            if let Ok(forged) = String::from_utf8(bytes) {
                prop_assert_eq!(open(|number| Some(key(number)), "clv", &forged), None);
            }
        }

        #[test]
        fn no_flipped_bit_opens_even_with_the_right_checksum(claims in claims(), id: [u8; 24], position: prop::sample::Index, bit in 0..8_u32) {
            let token = seal(&key(1), "clv", TokenId(id), &claims);
            let mut bytes = URL_SAFE_NO_PAD.decode(&token[4..token.len() - CHECKSUM]).unwrap();
            let position = position.index(bytes.len());
            bytes[position] ^= 1 << bit;
            let body = format!("clv_{}", URL_SAFE_NO_PAD.encode(bytes));
            let forged = format!("{body}{}", checksum(&body));
            // Every key number finds a key, so a flipped number finds the wrong one.
            prop_assert_eq!(open(|number| Some(key(number)), "clv", &forged), None);
        }

        #[test]
        fn no_part_opens(claims in claims(), id: [u8; 24], length: prop::sample::Index) {
            let token = seal(&key(1), "clv", TokenId(id), &claims);
            let part = &token[..length.index(token.len())];
            prop_assert_eq!(open(|number| Some(key(number)), "clv", part), None);
            let mended = format!("{part}{}", checksum(part));
            if mended != token {
                prop_assert_eq!(open(|number| Some(key(number)), "clv", &mended), None);
            }
        }

        #[test]
        fn no_other_key_or_prefix_opens(claims in claims(), id: [u8; 24]) {
            let token = seal(&key(1), "clv", TokenId(id), &claims);
            prop_assert_eq!(open(|_| Some(key(2)), "clv", &token), None);
            prop_assert_eq!(open(|_| None::<Arc<SealingKey>>, "clv", &token), None);
            let renamed = token.replacen("clv_", "abc_", 1);
            let body = &renamed[..renamed.len() - CHECKSUM];
            let renamed = format!("{body}{}", checksum(body));
            prop_assert_eq!(open(|number| Some(key(number)), "abc", &renamed), None);
            prop_assert_eq!(open(|number| Some(key(number)), "clv", &renamed), None);
        }

        #[test]
        fn nothing_else_opens_or_panics(text in "\\PC{0,200}") {
            prop_assert_eq!(open(|number| Some(key(number)), "clv", &text), None);
            prop_assert_eq!(open(|number| Some(key(number)), "clv", &format!("clv_{text}{}", checksum(&format!("clv_{text}")))), None);
        }
    }
}
