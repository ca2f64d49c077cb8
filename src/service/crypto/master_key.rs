//! The master key, which the operator keeps.

use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::Mac;
use zeroize::{Zeroize, Zeroizing};

use crate::domain::start::KeyComplaint;
use crate::service::clock::Random;
use crate::service::crypto::sealing::hmac_sha256;

/// The key that the operator keeps. Everything recoverable in the database is sealed under it.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MasterKey(••••)")
    }
}

impl MasterKey {
    /// Reads a key: 32 random bytes as base64 (either alphabet) or hex.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, KeyComplaint> {
        let text = text.trim();
        // No text of hexadecimal digits is 32 bytes in base64: that takes 43 characters, an odd number.
        let bytes = HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .ok()
            .or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
            .or_else(|| STANDARD.decode(text).ok());
        let mut bytes = bytes.ok_or(KeyComplaint::Unreadable)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyComplaint::Unreadable);
        bytes.zeroize();
        let key = Zeroizing::new(key?);
        if is_pattern(&key) {
            return Err(KeyComplaint::Guessable);
        }
        Ok(Self(key))
    }

    /// The key in a file that only its owner can read; a new one where there is no such file. Processes that start at
    /// the same time all get the same key.
    ///
    /// # Errors
    /// What the file system says, or that the file holds no key.
    pub fn make(path: &Path, random: &Random) -> std::io::Result<Self> {
        let key = Self(Zeroizing::new(random.bytes()));
        // A random name, not the process id: in a container that was killed here and starts again the id is the same.
        let draft = path.with_extension(format!("key.{:016x}", u64::from_be_bytes(random.bytes())));
        let mut file = crate::store::create_private(&draft)?;
        let written = writeln!(file, "{}", STANDARD.encode(key.0.as_slice()))
            .and_then(|()| file.sync_all())
            // A hard link appears with its content or not at all, and never replaces another file.
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

    /// Derives a key for one purpose, so that no two purposes share a key.
    pub(super) fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = hmac_sha256(self.0.as_slice());
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// True for keys that no random source draws, such as placeholders and examples: few different bytes, a repeated part,
/// a palindrome, bytes mostly at one distance, or readable text. Of 2³⁴ random keys hardly one is taken for a pattern,
/// and that one for text.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_read_in_either_spelling() {
        let bytes: [u8; 32] = Random::seeded(1).bytes();
        let base64 = STANDARD.encode(bytes);
        let hex = HEXLOWER_PERMISSIVE.encode(&bytes);
        assert_eq!(
            MasterKey::parse(&hex).unwrap().0,
            MasterKey::parse(&format!("{base64}\n")).unwrap().0
        );
        for text in ["", "short", &"0".repeat(63), &STANDARD.encode([0; 31])] {
            assert!(MasterKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_no_master_key_in_any_spelling() {
        let counted: Vec<u8> = (0..32).collect();
        let backwards: Vec<u8> = (0..32).rev().map(|index| index * 7).collect();
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
                let refused = MasterKey::parse(text).unwrap_err();
                assert_eq!(refused, KeyComplaint::Guessable, "{text}");
            }
        }
        let random = Random::seeded(7);
        for _ in 0..100_000 {
            assert!(!is_pattern(&random.bytes()));
        }
    }
}
