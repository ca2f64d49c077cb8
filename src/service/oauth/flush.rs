//! Writes what was counted.

use crate::domain::error::Error;
use crate::service::database::{pause_for_writers, with_timeout};
use crate::service::oauth::TokenServer;
use crate::service::oauth::usage::buffer::UsageBuffer;
use crate::store::Tx;

impl TokenServer {
    /// Writes what was counted since the last flush, and says of how many clients; of many recent tokens and refusals, one part,
    /// and the counts of hours of many clients once in ten seconds. Without a request since then, nothing is written. What could
    /// not be written stays for the next flush.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn flush_usage(&self) -> Result<usize, Error> {
        self.write_usage(UsageBuffer::has_only_rings, false).await
    }

    /// Writes everything: the last flush before the server ends.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn finish_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::is_empty, true).await?;
        Ok(())
    }

    /// Writes part after part until `is_done`; the last time, what may wait too. Each part is removed once it is committed.
    /// Returns how many clients were counted since the last time.
    async fn write_usage(
        &self,
        is_done: fn(&UsageBuffer) -> bool,
        is_last: bool,
    ) -> Result<usize, Error> {
        let server = self.clone();
        // In a task of its own: if the caller were cancelled between the commit and the removal, the part would be
        // written twice.
        let writing = tokio::spawn(async move {
            let usage = &server.0.usage;
            let mut buffer = usage.buffer.lock().await;
            let now = server.now();
            let changed = usage.take_changed();
            let clients = changed.len();
            buffer.gather(changed, now);
            if is_last {
                buffer.make_hours_due(now);
            }
            if !buffer.has_nothing_due() {
                server.write_parts(&mut buffer, is_done).await?;
            }
            // After the writing, which makes space.
            usage.keep_tokens_of_each(buffer.next_tokens_of_each(clients));
            Ok(clients)
        });
        writing.await.unwrap_or(Err(Error::Unavailable))
    }

    async fn write_parts(
        &self,
        buffer: &mut UsageBuffer,
        is_done: fn(&UsageBuffer) -> bool,
    ) -> Result<(), Error> {
        loop {
            let tx = with_timeout(self.write_part(buffer)).await?;
            tx.commit().await?;
            buffer.remove_written();
            if is_done(buffer) {
                return Ok(());
            }
            pause_for_writers().await;
        }
    }

    /// Writes the first part, up to the commit.
    async fn write_part(&self, buffer: &UsageBuffer) -> Result<Tx, Error> {
        let mut tx = self.0.store.write().await?;
        buffer.write(&mut tx).await?;
        Ok(tx)
    }
}
