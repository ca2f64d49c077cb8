//! Usage of clients: counted per request in memory, written once a second, shown on the pages.
//!
//! ```text
//! request ──▶ counters of the client ──▶ list of counters that changed
//!                                          │ every second, and before the server ends
//!                                          ▼
//!                                        buffer ──▶ a transaction; what could not be written stays in the buffer
//! ```
//!
//! A flush empties the list, so memory is bounded by the buffer, however many clients come and go and however long the
//! database cannot be written.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::Time;
use crate::domain::ids::SecretNumber;
use crate::domain::refusal::CountedRefusal;
use crate::domain::usage::{RECENT_TOKENS, RecentToken};
use crate::service::auth::throttle::Network;
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::{ClientCounters, RequestKind, SeenUse};

pub(super) mod buffer;
mod buffered_tokens;
mod refused_clients;
mod stored_token;

use buffer::UsageBuffer;

/// Counted usage that is not written yet.
#[derive(Debug)]
pub(in crate::service) struct Usage {
    /// The counters that changed since the last flush.
    changed: Mutex<Vec<Arc<ClientCounters>>>,
    /// Locked while a flush writes, so that a later flush finds everything written.
    pub(super) buffer: tokio::sync::Mutex<UsageBuffer>,
    /// How many tokens of each client are kept for the next flush, see [`UsageBuffer::next_tokens_of_each`].
    tokens_of_each: AtomicUsize,
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            changed: Mutex::default(),
            buffer: tokio::sync::Mutex::default(),
            tokens_of_each: AtomicUsize::new(RECENT_TOKENS.into()),
        }
    }
}

impl Usage {
    /// Counts a use of one of the client's secrets, by a request from this address.
    pub(in crate::service) fn used(
        &self,
        cached: &CachedClient,
        secret: SecretNumber,
        at: Time,
        address: Option<IpAddr>,
    ) {
        let network = Network::of(address).to_code();
        cached.counters.used(secret, SeenUse { at, network });
        self.list(&cached.counters);
    }

    /// Counts a request of a client.
    pub(in crate::service) fn count(&self, cached: &CachedClient, kind: RequestKind, now: Time) {
        cached.counters.count(kind, now);
        self.list(&cached.counters);
    }

    /// Records that a client passed a verification that required permissions. It is counted as a request besides.
    pub(in crate::service) fn exercised(
        &self,
        cached: &CachedClient,
        permissions: &[String],
        now: Time,
    ) {
        for permission in permissions {
            cached.exercised(permission, now);
        }
        self.list(&cached.counters);
    }

    /// Counts a token that was issued to a client.
    pub(in crate::service) fn issued(&self, cached: &CachedClient, token: RecentToken) {
        let issued_at = token.issued_at;
        let most = self.tokens_of_each.load(Ordering::Relaxed);
        cached.counters.issued(token, most);
        self.count(cached, RequestKind::Issued, issued_at);
    }

    /// Keeps why a request of a client was refused.
    pub(in crate::service) fn refused(&self, cached: &CachedClient, refusal: CountedRefusal) {
        cached.counters.refused(refusal);
        self.list(&cached.counters);
    }

    /// Puts counters on the list for the next flush, unless they are on it.
    fn list(&self, counters: &Arc<ClientCounters>) {
        if counters.enlist() {
            let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.push(Arc::clone(counters));
        }
    }

    pub(super) fn keep_tokens_of_each(&self, most: usize) {
        self.tokens_of_each.store(most, Ordering::Relaxed);
    }

    pub(super) fn take_changed(&self) -> Vec<Arc<ClientCounters>> {
        std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
