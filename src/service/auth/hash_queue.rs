//! Argon2id for passwords and chosen secrets, behind a semaphore that bounds its share of the processor time.

use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::domain::error::Error;
use crate::domain::secret::Secret;
use crate::service::clock::Random;

/// How long a request waits for a permit. It is refused after that and not at once, so that clients that retry in a
/// loop cost little.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(2);

/// The hash that an unknown account is checked against, so that its answer takes as long as that of an existing one.
static UNKNOWN_ACCOUNT: LazyLock<String> = LazyLock::new(|| {
    let salt = SaltString::encode_b64(b"no accounts salt").expect("sixteen bytes make a salt");
    argon2()
        .hash_password(b"no account has this password", &salt)
        .expect("the parameters are valid")
        .to_string()
});

/// OWASP's minimum: 19 MiB, in KiB, and two passes.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;

/// What a hash from elsewhere may cost, in KiB times passes. Logins wait for each other, and how long one takes can tell
/// who exists, so it is at most twice as costly as a hash of our own.
const USABLE_WORK: RangeInclusive<u64> = 35_840..=2 * MEMORY as u64 * PASSES as u64;

/// Argon2 refuses to compute with less (RFC 9106 §3.1), so a hash with a shorter salt could never be verified.
const SHORTEST_SALT: usize = 8;

/// Argon2id (RFC 9106) with OWASP's minimum, and one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, 1, None).expect("the parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Whether a text is an Argon2id hash as a PHC string that can be verified, neither weaker than OWASP's minimum (which
/// weighs memory against passes) nor so costly that checking it would hold up the queue.
pub(in crate::service) fn is_usable_hash(text: &str) -> bool {
    let Ok(hash) = PasswordHash::new(text) else {
        return false;
    };
    let is_argon2id =
        hash.algorithm == argon2::ARGON2ID_IDENT && hash.version == Some(u32::from(Version::V0x13));
    let has_salt = hash.salt.is_some_and(|salt| {
        let decoded = salt.decode_b64(&mut [0; 64]).map(<[u8]>::len);
        decoded.is_ok_and(|length| length >= SHORTEST_SALT)
    });
    let is_whole = has_salt && hash.hash.is_some_and(|output| output.len() >= 16);
    let Ok(params) = Params::try_from(&hash) else {
        return false;
    };
    let (memory, work) = (
        params.m_cost(),
        u64::from(params.m_cost()) * u64::from(params.t_cost()),
    );
    is_argon2id
        && is_whole
        // A key id names a secret that went into the hash and is not here.
        && params.keyid().is_empty()
        && memory >= 7_168
        && USABLE_WORK.contains(&work)
        && params.p_cost() <= 8
}

/// Whether a hash costs what the server's own cost.
pub(in crate::service) fn is_own_hash(text: &str) -> bool {
    let params = PasswordHash::new(text).and_then(|hash| Params::try_from(&hash));
    params.is_ok_and(|params| {
        [params.m_cost(), params.t_cost(), params.p_cost()] == [MEMORY, PASSES, 1]
    })
}

/// A semaphore with one permit for every two cores. A permit is given back only after a pause as long as its hash took,
/// so hashing takes a quarter of the processor time at most.
#[derive(Clone, Debug)]
pub(in crate::service) struct HashQueue(Arc<Semaphore>);

/// The right to compute one hash. Dropped without hashing, it is given back at once.
#[derive(Debug)]
pub(in crate::service) struct Permit(OwnedSemaphorePermit);

impl HashQueue {
    pub(in crate::service) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new((cores / 2).max(1))))
    }

    /// Hashes a password or a chosen secret into a PHC string.
    pub(in crate::service) async fn hash(
        &self,
        random: &Random,
        secret: &Secret,
    ) -> Result<String, Error> {
        let salt: [u8; 16] = random.bytes();
        let secret = secret.clone();
        let hash = self.permit().await?.run(move || {
            let salt = SaltString::encode_b64(&salt).expect("sixteen bytes make a salt");
            argon2()
                .hash_password(secret.expose().as_bytes(), &salt)
                .expect("the parameters are valid")
                .to_string()
        });
        Ok(hash.await)
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// [`Error::Busy`] after [`QUEUE_TIMEOUT`].
    pub(in crate::service) async fn permit(&self) -> Result<Permit, Error> {
        let permit = tokio::time::timeout(QUEUE_TIMEOUT, Arc::clone(&self.0).acquire_owned()).await;
        let permit = permit
            .map_err(|_| Error::Busy)?
            .expect("the semaphore is never closed");
        Ok(Permit(permit))
    }
}

impl Permit {
    /// Checks a password or a chosen secret. Without a hash it takes as long and returns false.
    pub(in crate::service) async fn verify(self, secret: &Secret, hash: Option<&str>) -> bool {
        let exists = hash.is_some();
        let hash = hash.map_or_else(|| UNKNOWN_ACCOUNT.clone(), ToOwned::to_owned);
        let secret = secret.clone();
        self.run(move || {
            let matches = PasswordHash::new(&hash).is_ok_and(|hash| {
                argon2()
                    .verify_password(secret.expose().as_bytes(), &hash)
                    .is_ok()
            });
            matches && exists
        })
        .await
    }

    async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let Self(permit) = self;
        // In a task of its own, so that the permit is given back after the pause even when the request is cancelled.
        let done = tokio::spawn(async move {
            let begun = Instant::now();
            let done = tokio::task::spawn_blocking(work).await;
            let taken = begun.elapsed();
            tokio::spawn(async move {
                tokio::time::sleep(taken).await;
                drop(permit);
            });
            done
        });
        done.await
            .and_then(|done| done)
            .expect("queue does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_from_elsewhere_is_as_strong_and_not_far_costlier() {
        let rest = "c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let hash = |parameters: &str| format!("$argon2id$v=19${parameters}${rest}");
        assert!(is_usable_hash(&UNKNOWN_ACCOUNT) && is_own_hash(&UNKNOWN_ACCOUNT));
        assert!(!is_own_hash(&hash("m=47104,t=1,p=1")));
        for parameters in ["m=19456,t=2,p=1", "m=47104,t=1,p=1", "m=65536,t=1,p=4"] {
            assert!(is_usable_hash(&hash(parameters)), "{parameters}");
        }
        for text in [
            String::new(),
            "a plain password".to_owned(),
            hash("m=19456,t=1,p=1"),
            hash("m=4096,t=20,p=1"),
            hash("m=1048576,t=1,p=1"),
            hash("m=65536,t=3,p=4"),
            hash("m=19456,t=5,p=1"),
            hash("m=19456,t=2,p=1,keyid=c29tZXRoaW5n"),
            hash("m=19456,t=2,p=1").replace("c29tZXNhbHRzb21lc2FsdA", "c29tZXNhbA"),
            hash("m=19456,t=2,p=1").replace("argon2id", "argon2i"),
            hash("m=19456,t=2,p=1").replace("v=19", "v=16"),
            format!(
                "$argon2id$v=19$m=19456,t=2,p=1${}",
                rest.split_once('$').unwrap().0
            ),
            "$2y$10$abcdefghijklmnopqrstuuGhE1kRUoCmbB8uUUZb2dPQhXhSsJvKq".to_owned(),
        ] {
            assert!(!is_usable_hash(&text), "{text}");
        }
    }

    #[tokio::test]
    async fn a_wait_ends_after_the_timeout_and_the_queue_continues() {
        let queue = HashQueue::new();
        let width = u32::try_from(queue.0.available_permits()).unwrap();
        let permits = Arc::clone(&queue.0).acquire_many_owned(width).await;
        assert_eq!(queue.permit().await.err(), Some(Error::Busy));
        drop(permits);
        assert_eq!(queue.permit().await.unwrap().run(|| 7).await, 7);
    }

    #[tokio::test]
    async fn a_permit_that_is_not_used_is_given_back_at_once() {
        let queue = HashQueue::new();
        let width = queue.0.available_permits();
        drop(queue.permit().await);
        assert_eq!(queue.0.available_permits(), width);
    }
}
