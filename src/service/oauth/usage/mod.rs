//! What clients do with their keys: counted while they are answered, written once a second.
//!
//! ```text
//! request ──▶ counters of the client ──▶ list of counters that changed
//!                                       │ every second, and before the server ends
//!                                       ▼
//!                                     what waits, joined by client ──▶ a transaction; if it fails, it goes on buffer
//! ```
//!
//! No counters outlives a flush on the list, so what waits is bounded, however many clients come and go, and however long
//! nothing can be written.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{SubsecRound, TimeDelta};
use tokio::sync::Mutex as AsyncMutex;

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::token::TokenId;
use crate::domain::usage::RecentToken;
use crate::service::database::{let_others_write, with_timeout};
use crate::service::directory::cached_client::CachedClient;
use crate::service::directory::counters::{ClientCounters, UsageKind};
use crate::service::oauth::TokenServer;
use crate::store::Tx;

mod buffer;

use buffer::UsageBuffer;

/// What is counted and not written yet.
#[derive(Debug, Default)]
pub(in crate::service) struct Usage {
    /// The counters that changed since the last flush.
    listed: Mutex<Vec<Arc<ClientCounters>>>,
    /// What was taken out of them. Held while writing, so that who flushes last finds everything written.
    buffer: AsyncMutex<UsageBuffer>,
}

impl TokenServer {
    /// Writes what was counted since the last time; of many recent tokens, some. Nothing is written when nothing
    /// happened. What could not be written is kept for the next time.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn flush_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::has_only_tokens).await
    }

    /// Writes everything that waits, because there is no next time.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn finish_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::is_empty).await
    }

    /// Writes part after part until what waits is as wanted. Each part that is written is forgotten.
    async fn write_usage(&self, is_done: fn(&UsageBuffer) -> bool) -> Result<(), Error> {
        let server = self.clone();
        // In a task of its own it ends one way or the other, even when nobody waits for it any more: given up after
        // a commit, it would write the same again.
        let writing = tokio::spawn(async move {
            let usage = &server.0.usage;
            let mut buffer = usage.buffer.lock().await;
            buffer.gather(usage.take_listed());
            if buffer.is_empty() {
                return Ok(());
            }
            loop {
                let tx = with_timeout(server.write_part(&buffer)).await?;
                tx.commit().await?;
                buffer.forget_written();
                if is_done(&buffer) {
                    return Ok(());
                }
                let_others_write().await;
            }
        });
        writing.await.unwrap_or(Err(Error::Unavailable))
    }

    /// Writes the first part, up to the commit.
    async fn write_part(&self, buffer: &UsageBuffer) -> Result<Tx, Error> {
        let mut tx = self.0.store.write().await?;
        buffer.write(&mut tx).await?;
        Ok(tx)
    }
}

impl Usage {
    /// Notes that a client used one of its secrets.
    pub(in crate::service) fn used(&self, cached: &CachedClient, secret: i64, now: Time) {
        cached.counters.used(secret, now);
        self.list(&cached.counters);
    }

    /// Counts a request of a client.
    pub(in crate::service) fn count(&self, cached: &CachedClient, kind: UsageKind, now: Time) {
        cached.counters.count(kind, now);
        self.list(&cached.counters);
    }

    /// Counts a token that a client got, which lives `lifetime` seconds.
    pub(in crate::service) fn issued(
        &self,
        cached: &CachedClient,
        id: TokenId,
        now: Time,
        lifetime: i64,
        address: Option<IpAddr>,
    ) {
        cached.counters.issued(RecentToken {
            id,
            issued_at: now,
            expires_at: now.trunc_subsecs(0) + TimeDelta::seconds(lifetime),
            address,
        });
        self.count(cached, UsageKind::Issued, now);
    }

    fn list(&self, counters: &Arc<ClientCounters>) {
        if counters.enlist() {
            let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
            listed.push(Arc::clone(counters));
        }
    }

    fn take_listed(&self) -> Vec<Arc<ClientCounters>> {
        std::mem::take(&mut *self.listed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
