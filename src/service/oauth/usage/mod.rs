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

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::usage::RecentToken;
use crate::service::database::{pause_for_writers, with_timeout};
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::{ClientCounters, RequestKind};
use crate::service::oauth::TokenServer;
use crate::store::Tx;

mod buffer;

use buffer::UsageBuffer;

/// Counted usage that is not written yet.
#[derive(Debug, Default)]
pub(in crate::service) struct Usage {
    /// The counters that changed since the last flush.
    changed: Mutex<Vec<Arc<ClientCounters>>>,
    /// Locked while a flush writes, so that a later flush finds everything written.
    buffer: tokio::sync::Mutex<UsageBuffer>,
}

impl TokenServer {
    /// Writes what was counted since the last flush; of many recent tokens, one part. Without a request since then,
    /// nothing is written. What could not be written stays for the next flush.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn flush_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::has_only_tokens).await
    }

    /// Writes everything: the last flush before the server stops.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn finish_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::is_empty).await
    }

    /// Writes part after part until `is_done`. Each part is removed once it is committed.
    async fn write_usage(&self, is_done: fn(&UsageBuffer) -> bool) -> Result<(), Error> {
        let server = self.clone();
        // In a task of its own: if the caller were cancelled between the commit and the removal, the part would be
        // written twice.
        let writing = tokio::spawn(async move {
            let usage = &server.0.usage;
            let mut buffer = usage.buffer.lock().await;
            buffer.gather(usage.take_changed());
            if buffer.is_empty() {
                return Ok(());
            }
            loop {
                let tx = with_timeout(server.write_part(&buffer)).await?;
                tx.commit().await?;
                buffer.remove_written();
                if is_done(&buffer) {
                    return Ok(());
                }
                pause_for_writers().await;
            }
        });
        writing.await.unwrap_or(Err(Error::Unavailable))
    }

    /// Writes the first part, without the commit.
    async fn write_part(&self, buffer: &UsageBuffer) -> Result<Tx, Error> {
        let mut tx = self.0.store.write().await?;
        buffer.write(&mut tx).await?;
        Ok(tx)
    }
}

impl Usage {
    /// Counts a use of one of the client's secrets.
    pub(in crate::service) fn used(&self, cached: &CachedClient, secret: i64, now: Time) {
        cached.counters.used(secret, now);
        self.list(&cached.counters);
    }

    /// Counts a request of a client.
    pub(in crate::service) fn count(&self, cached: &CachedClient, kind: RequestKind, now: Time) {
        cached.counters.count(kind, now);
        self.list(&cached.counters);
    }

    /// Counts a token that was issued to a client.
    pub(in crate::service) fn issued(&self, cached: &CachedClient, token: RecentToken) {
        cached.counters.issued(token);
        self.count(cached, RequestKind::Issued, token.issued_at);
    }

    /// Puts counters on the list for the next flush, unless they are on it.
    fn list(&self, counters: &Arc<ClientCounters>) {
        if counters.enlist() {
            let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.push(Arc::clone(counters));
        }
    }

    fn take_changed(&self) -> Vec<Arc<ClientCounters>> {
        std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
