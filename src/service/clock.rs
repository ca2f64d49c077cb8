//! Time and randomness, passed to the service so that tests can control them.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{SubsecRound, Utc};
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

use crate::domain::Time;

/// The source of the current time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is advanced.
    Held(Arc<Mutex<Time>>),
}

impl Clock {
    /// A clock that stands still at a moment.
    #[must_use]
    pub fn held(at: Time) -> Self {
        Self::Held(Arc::new(Mutex::new(at)))
    }

    /// Now, cut to the microsecond, so that a value read from a database equals the one that was written.
    #[must_use]
    pub fn now(&self) -> Time {
        match self {
            Self::System => system_time().trunc_subsecs(6),
            Self::Held(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Advances a held clock. The machine's clock stays as it is.
    pub fn advance(&self, by: chrono::TimeDelta) {
        if let Self::Held(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
fn system_time() -> Time {
    Utc::now()
}

/// Where random bytes come from.
#[derive(Clone, Debug)]
pub enum Random {
    /// The operating system's generator.
    System,
    /// The same bytes for the same seed.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Random {
    /// Bytes that repeat, for tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills a buffer.
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            Self::System => system_random(bytes),
            Self::Seeded(generator) => generator
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(bytes),
        }
    }

    /// Random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A random text in which each character of the alphabet is equally likely.
    #[must_use]
    pub fn text(&self, alphabet: &[u8], length: usize) -> String {
        let mut text = String::with_capacity(length);
        // Bytes beyond the last whole multiple would favour the first characters (modulo bias).
        let limit = 256 - 256 % alphabet.len();
        while text.len() < length {
            for byte in self.bytes::<64>() {
                if usize::from(byte) < limit && text.len() < length {
                    text.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
                }
            }
        }
        text
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks for randomness"
)]
fn system_random(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}
