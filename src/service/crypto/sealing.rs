//! Sealing and authentication under a key: XChaCha20-Poly1305 and HMAC-SHA-256.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::service::clock::Random;

/// HMAC-SHA-256 (RFC 2104) under a key.
pub(super) fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Seals and opens values under one key.
pub(super) struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    pub(super) fn seal(&self, random: &Random, plain: &[u8], label: &str) -> Vec<u8> {
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

    pub(super) fn open(&self, sealed: &[u8], label: &str) -> Option<Zeroizing<Vec<u8>>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_data_opens_only_under_its_label() {
        let sealer = Sealer::new(&[7; 32]);
        let ciphertext = sealer.seal(&Random::seeded(1), b"text", "here");
        assert_eq!(
            sealer.open(&ciphertext, "here").unwrap().as_slice(),
            b"text"
        );
        assert!(sealer.open(&ciphertext, "there").is_none());
        assert!(sealer.open(&ciphertext[..10], "here").is_none());
        assert!(Sealer::new(&[8; 32]).open(&ciphertext, "here").is_none());
    }
}
