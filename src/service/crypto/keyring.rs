//! Keys: the master key that the operator holds, and those that the server makes for itself under it.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::service::StartError;
use crate::service::clock::{Clock, Random};
use crate::service::crypto::token_format::SealingKey;
use crate::store::{KeyRow, Store};

/// The purpose of keys that seal tokens.
const TOKEN: &str = "token";

/// The purpose of the key under which generated secrets are digested.
const PEPPER: &str = "pepper";

/// The key that the operator holds. Everything recoverable in the database is sealed under it.
pub struct Master(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Master {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Master(••••)")
    }
}

impl Master {
    /// Reads a key: 32 random bytes as base64 (either alphabet) or hex.
    ///
    /// # Errors
    /// The sentence to show; it does not repeat the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // No text of hexadecimal digits is 32 bytes in base64, as that takes 43 letters, which is odd.
        let bytes = HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .ok()
            .or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
            .or_else(|| STANDARD.decode(text).ok());
        let mut bytes = bytes.ok_or("a master key is 32 bytes as base64 or hex")?;
        let key = <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| "a master key is 32 bytes as base64 or hex".to_owned());
        bytes.zeroize();
        let key = Zeroizing::new(key?);
        if is_pattern(&key) {
            return Err(
                "a master key is random, and this one is a pattern that can be guessed; `openssl rand -base64 32` makes one"
                    .to_owned(),
            );
        }
        Ok(Self(key))
    }

    /// The key in a file that only its owner can read; a new one where there is no such file. Of several that
    /// come at once, all get the same key.
    ///
    /// # Errors
    /// What the file system says, or that the file holds no key.
    pub fn make(path: &Path, random: &Random) -> std::io::Result<Self> {
        let key = Self(Zeroizing::new(random.bytes()));
        // Drawn, not the process's number: a container that was killed here has the same one when it starts again.
        let draft = path.with_extension(format!("key.{:016x}", u64::from_be_bytes(random.bytes())));
        let mut file = crate::store::create_private(&draft)?;
        let written = writeln!(file, "{}", STANDARD.encode(key.0.as_slice()))
            .and_then(|()| file.sync_all())
            // A link appears with its content or not at all, and never in place of another.
            .and_then(|()| std::fs::hard_link(&draft, path));
        std::fs::remove_file(&draft)?;
        match written {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let text = Zeroizing::new(std::fs::read_to_string(path)?);
                Self::parse(&text).map_err(std::io::Error::other)
            }
            Err(error) => Err(error),
        }
    }

    /// A key for one use, derived so that uses never share one.
    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = keyed(self.0.as_slice());
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// True for keys that no random source draws, as placeholders and examples have them: few different bytes, a part that
/// comes again, the first half backwards, bytes mostly at one distance, or a text that somebody wrote. Of 2³⁴ random keys
/// hardly one is taken for a pattern, and that one for a text.
fn is_pattern(key: &[u8; 32]) -> bool {
    let different: std::collections::HashSet<u8> = key.iter().copied().collect();
    let repeats = (1..=20).any(|length| key[length..] == key[..32 - length]);
    let is_mirrored = key[..16].iter().eq(key[16..].iter().rev());
    let mut distances = [0; 256];
    for pair in key.windows(2) {
        distances[usize::from(pair[1].wrapping_sub(pair[0]))] += 1;
    }
    let is_even = distances.iter().any(|count| *count >= 16);
    different.len() < 12 || repeats || is_mirrored || is_even || is_text(key)
}

fn is_text(key: &[u8]) -> bool {
    let is_written = |character: char| !character.is_control() || character.is_whitespace();
    std::str::from_utf8(key).is_ok_and(|text| text.chars().all(is_written))
}

/// HMAC-SHA-256 (RFC 2104) under a key.
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Seals and opens what only this installation may read.
struct Vault(XChaCha20Poly1305);

impl Vault {
    fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    fn seal(&self, random: &Random, plain: &[u8], label: &str) -> Vec<u8> {
        let nonce: [u8; 24] = random.bytes();
        let payload = Payload {
            msg: plain,
            aad: label.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(XNonce::from_slice(&nonce), payload)
            .expect("sealing takes any text");
        [nonce.as_slice(), &sealed].concat()
    }

    fn open(&self, sealed: &[u8], label: &str) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(24)?;
        let payload = Payload {
            msg: sealed,
            aad: label.as_bytes(),
        };
        self.0
            .decrypt(XNonce::from_slice(nonce), payload)
            .ok()
            .map(Zeroizing::new)
    }
}

/// The keys at work.
pub struct Keys {
    rows: Vault,
    cookies: Vault,
    /// HMAC-SHA-256 with the pepper taken in; a copy of it digests a secret without taking it in again.
    pepper: Hmac<Sha256>,
    sealing: RwLock<Vec<Arc<SealingKey>>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(••••)")
    }
}

impl Keys {
    /// Opens the server's own keys, or makes them in a database that has none.
    pub(in crate::service) async fn load_or_make(
        store: &Store,
        master: &Master,
        clock: &Clock,
        random: &Random,
    ) -> Result<Self, StartError> {
        let rows = Vault::new(&master.derive("claviger rows 1"));
        let mut stored = {
            let mut tx = store.read().await?;
            tx.list_keys(-1).await?
        };
        if stored.is_empty() {
            let mut tx = store.write().await?;
            let version = tx.raise_directory_version().await?;
            // Another process may have made them while this one waited for the lock.
            stored = tx.list_keys(-1).await?;
            if stored.is_empty() {
                for purpose in [PEPPER, TOKEN] {
                    let key: Zeroizing<[u8; 32]> = Zeroizing::new(random.bytes());
                    let sealed = rows.seal(random, key.as_slice(), &label(purpose, 1));
                    let row = KeyRow {
                        purpose: purpose.to_owned(),
                        number: 1,
                        sealed,
                        created_at: clock.now(),
                        retires_at: None,
                    };
                    tx.insert_key(&row, version).await?;
                    stored.push(row);
                }
                tx.commit().await?;
            }
        }
        let open = |row: &KeyRow| open_row(&rows, row).ok_or(StartError::OtherMasterKey);
        let pepper = stored
            .iter()
            .find(|row| row.purpose == PEPPER)
            .ok_or(StartError::OtherMasterKey)?;
        let pepper = open(pepper)?;
        let mut sealing = Vec::new();
        for row in stored.iter().filter(|row| row.purpose == TOKEN) {
            sealing.push(Arc::new(SealingKey::new(number(row), &*open(row)?)));
        }
        if sealing.is_empty() {
            return Err(StartError::OtherMasterKey);
        }
        Ok(Self {
            rows,
            cookies: Vault::new(&master.derive("claviger cookies 1")),
            pepper: keyed(pepper.as_slice()),
            sealing: RwLock::new(sealing),
        })
    }

    /// Takes in keys that another process made.
    pub(in crate::service) fn take_in(&self, stored: &[KeyRow]) {
        let mut sealing = self.sealing.write().unwrap_or_else(PoisonError::into_inner);
        for row in stored.iter().filter(|row| row.purpose == TOKEN) {
            if sealing.iter().all(|key| key.number() != number(row)) {
                if let Some(key) = open_row(&self.rows, row) {
                    sealing.push(Arc::new(SealingKey::new(number(row), &key)));
                } else {
                    tracing::error!(
                        number = row.number,
                        "a token key was sealed with another master key"
                    );
                }
            }
        }
    }

    /// The key that seals new tokens: the newest.
    pub(in crate::service) fn newest(&self) -> Arc<SealingKey> {
        let sealing = self.sealing.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sealing.last().expect("there is always a key for tokens"))
    }

    /// The key of this number.
    pub(in crate::service) fn sealing(&self, number: u16) -> Option<Arc<SealingKey>> {
        let sealing = self.sealing.read().unwrap_or_else(PoisonError::into_inner);
        sealing.iter().find(|key| key.number() == number).cloned()
    }

    /// The digest under which a generated secret is stored.
    pub(in crate::service) fn digest_secret(&self, secret: &str) -> [u8; 32] {
        let mut mac = self.pepper.clone();
        mac.update(secret.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Seals a client's secret for its row.
    pub(in crate::service) fn seal_secret(
        &self,
        random: &Random,
        client: i64,
        secret: &str,
    ) -> Vec<u8> {
        self.rows.seal(
            random,
            secret.as_bytes(),
            &format!("client secret {client}"),
        )
    }

    /// Opens a client's secret from its row.
    pub(in crate::service) fn open_secret(
        &self,
        client: i64,
        sealed: &[u8],
    ) -> Option<crate::domain::secret::Secret> {
        let plain = self.rows.open(sealed, &format!("client secret {client}"))?;
        String::from_utf8(plain.to_vec())
            .ok()
            .map(crate::domain::secret::Secret::new)
    }

    /// Seals a text for a cookie, bound to a label that says whose it is.
    pub(in crate::service) fn seal_cookie(
        &self,
        random: &Random,
        plain: &str,
        label: &str,
    ) -> String {
        URL_SAFE_NO_PAD.encode(self.cookies.seal(random, plain.as_bytes(), label))
    }

    /// Opens a text from a cookie.
    pub(in crate::service) fn open_cookie(&self, sealed: &str, label: &str) -> Option<String> {
        let plain = self
            .cookies
            .open(&URL_SAFE_NO_PAD.decode(sealed).ok()?, label)?;
        String::from_utf8(plain.to_vec()).ok()
    }
}

fn label(purpose: &str, number: i64) -> String {
    format!("key {purpose} {number}")
}

fn number(row: &KeyRow) -> u16 {
    u16::try_from(row.number).expect("a key is numbered from 1 and rotated by hand")
}

fn open_row(rows: &Vault, row: &KeyRow) -> Option<Zeroizing<[u8; 32]>> {
    let plain = rows.open(&row.sealed, &label(&row.purpose, row.number))?;
    <[u8; 32]>::try_from(plain.as_slice())
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_read_in_either_spelling() {
        let bytes: [u8; 32] = Random::seeded(1).bytes();
        let base64 = STANDARD.encode(bytes);
        let hex = HEXLOWER_PERMISSIVE.encode(&bytes);
        assert_eq!(
            Master::parse(&hex).unwrap().0,
            Master::parse(&format!("{base64}\n")).unwrap().0
        );
        for text in ["", "short", &"0".repeat(63), &STANDARD.encode([0; 31])] {
            assert!(Master::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_no_master_key_in_any_spelling() {
        let counted: Vec<u8> = (0..32).collect();
        let backwards: Vec<u8> = (0..32).rev().map(|place| place * 7).collect();
        let halves: [u8; 16] = Random::seeded(1).bytes();
        let dead = [0xDE, 0xAD, 0xBE, 0xEF].repeat(8);
        let mut mirrored = halves;
        mirrored.reverse();
        let mut nearly = [0; 32];
        nearly[30] = 1;
        let patterns = [
            &[0; 32],
            &[0xFF; 32],
            &nearly,
            dead.as_slice(),
            b"change-me!change-me!change-me!!!",
            &counted,
            &backwards,
            &[halves, halves].concat(),
            &[&halves[..], &mirrored[..]].concat(),
            &[&halves[..12], &halves[..12], &halves[..8]].concat(),
            &[&counted[..31], &[200]].concat(),
            &[&[200], &counted[..31]].concat(),
            b"abcdefghijklmnopqrstuvwxyz123456",
            b"our cat is called Tom since 2019",
            "naše kočka se jmenuje Tomáš!".as_bytes(),
            b"7f3e91c04ab85d26e10f94b7c83a6d52",
        ];
        for bytes in patterns {
            let hex = HEXLOWER_PERMISSIVE.encode(bytes);
            for text in [
                &hex,
                &hex.to_uppercase(),
                &STANDARD.encode(bytes),
                &URL_SAFE_NO_PAD.encode(bytes),
                &format!("  {hex}\n"),
            ] {
                let told = Master::parse(text).unwrap_err();
                assert!(told.contains("openssl rand -base64 32"), "{text}: {told}");
            }
        }
        let random = Random::seeded(7);
        for _ in 0..100_000 {
            assert!(!is_pattern(&random.bytes()));
        }
    }

    #[test]
    fn what_is_sealed_opens_only_under_its_label() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal(&Random::seeded(1), b"text", "here");
        assert_eq!(vault.open(&sealed, "here").unwrap().as_slice(), b"text");
        assert!(vault.open(&sealed, "there").is_none());
        assert!(vault.open(&sealed[..10], "here").is_none());
        assert!(Vault::new(&[8; 32]).open(&sealed, "here").is_none());
    }
}
