//! The look-up of a session, with which every page begins.

use super::pool::Pool;
use super::sessions::{FIND_SESSION, SessionRow};
use super::{Result, Store};

impl Store {
    /// The session with this digest, ended or not.
    pub async fn find_session(&self, digest: &[u8]) -> Result<Option<SessionRow>> {
        Ok(match &self.pool {
            Pool::Sqlite { sessions, .. } => sessions.find(digest)?,
            Pool::Postgres { pool, .. } => {
                let mut tx = pool.begin().await?;
                let query = sqlx::query_as(FIND_SESSION).bind(digest);
                query.fetch_optional(&mut *tx).await?
            }
        })
    }
}
