//! Slow hashes for what people choose, behind a gate that leaves half of the machine to everybody else.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use super::clock::Random;
use crate::domain::error::Error;
use crate::domain::secret::Secret;

/// How long a request may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many may wait; a hash takes some 20 ms, so the last of them would hardly wait longer than anybody likes.
const MOST_WAITING: usize = 64;

/// What an unknown account is checked against, so that it costs what a known one costs.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let salt = SaltString::encode_b64(b"nobody has this!").expect("sixteen bytes make a salt");
    argon2()
        .hash_password(b"nobody has this password", &salt)
        .expect("the parameters are valid")
        .to_string()
});

/// Argon2id (RFC 9106) with at least OWASP's least: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("the parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The gate. Each takes up to half of the cores: who knocks with wrong secrets keeps nobody from signing in, and
/// neither takes much from clients whose secrets need no slow hash.
#[derive(Debug)]
pub(super) struct Hashing {
    turns: Arc<Semaphore>,
    places: Semaphore,
}

impl Hashing {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let width = (cores / 2).max(1);
        Self {
            turns: Arc::new(Semaphore::new(width)),
            places: Semaphore::new(width + MOST_WAITING),
        }
    }

    /// Hashes a password or a chosen secret into a PHC string.
    pub(super) async fn hash(&self, random: &Random, secret: &Secret) -> Result<String, Error> {
        let salt: [u8; 16] = random.bytes();
        let secret = secret.clone();
        self.run(move || {
            let salt = SaltString::encode_b64(&salt).expect("sixteen bytes make a salt");
            argon2()
                .hash_password(secret.expose().as_bytes(), &salt)
                .expect("the parameters are valid")
                .to_string()
        })
        .await
    }

    /// Checks a password or a chosen secret. Without a hash it takes as long and says no.
    pub(super) async fn verify(&self, secret: &Secret, hash: Option<&str>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| NOBODY.clone(), ToOwned::to_owned);
        let secret = secret.clone();
        self.run(move || {
            let matches = PasswordHash::new(&hash).is_ok_and(|hash| {
                argon2()
                    .verify_password(secret.expose().as_bytes(), &hash)
                    .is_ok()
            });
            matches && known
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.places.try_acquire().map_err(|_| Error::Unavailable)?;
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let permit = permit
            .map_err(|_| Error::Unavailable)?
            .expect("the gate is never closed");
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        Ok(done.await.expect("hashing does not panic"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_line_is_bounded_and_moves_on() {
        let hashing = Arc::new(Hashing::new());
        let all = hashing.places.available_permits();
        let width = u32::try_from(hashing.turns.available_permits()).unwrap();
        let turns = Arc::clone(&hashing.turns).acquire_many_owned(width).await;
        let waiting: Vec<_> = (0..all + 3)
            .map(|_| {
                let hashing = Arc::clone(&hashing);
                tokio::spawn(async move { hashing.run(|| ()).await })
            })
            .collect();
        tokio::task::yield_now().await;
        drop(turns);
        let mut refused = 0;
        for one in waiting {
            refused += usize::from(one.await.unwrap().is_err());
        }
        assert_eq!(refused, 3);
        assert_eq!(hashing.run(|| 7).await, Ok(7));
    }
}
