//! Writes what was counted.

use crate::domain::error::Error;
use crate::service::database::{let_others_write, with_timeout};
use crate::service::oauth::TokenServer;
use crate::service::oauth::usage::buffer::UsageBuffer;
use crate::store::Tx;

impl TokenServer {
    /// Writes what was counted since the last flush; of many recent tokens, some. Without a request since then, nothing
    /// is written. What could not be written is kept for the next flush.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn flush_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::has_only_tokens).await
    }

    /// Writes everything: the last flush before the server ends.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn finish_usage(&self) -> Result<(), Error> {
        self.write_usage(UsageBuffer::is_empty).await
    }

    /// Writes part after part until the buffer is as wanted. Each part that is written is removed.
    async fn write_usage(&self, is_done: fn(&UsageBuffer) -> bool) -> Result<(), Error> {
        let server = self.clone();
        // In a task of its own, because a caller that goes away after the commit and before the part is removed would
        // have it written twice.
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
