//! Sessions of administrators, found by the digest of their id.

use crate::domain::Time;
use crate::domain::admin::Admin;
use crate::domain::ids::AdminId;

use super::pool::Pool;
use super::{Result, Store, Tx, on};

/// A session and its administrator.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// The administrator who is signed in.
    #[sqlx(flatten)]
    pub admin: Admin,
    /// When it was last used.
    pub seen_at: Time,
    /// When it ends, however often it is used.
    pub ends_at: Time,
}

const FIND_SESSION: &str =
    "SELECT a.id, a.email, a.role, a.created_at, a.disabled_at, s.seen_at, s.ends_at
     FROM admin_sessions s JOIN admins a ON a.id = s.admin
     WHERE s.digest = $1";

impl Store {
    /// The session with this digest, ended or not. Every page asks for one, so on SQLite it is a single statement, which
    /// costs half of what it costs in a transaction.
    pub async fn find_session(&self, digest: &[u8]) -> Result<Option<SessionRow>> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => {
                let query = sqlx::query_as(FIND_SESSION).bind(digest);
                query.fetch_optional(pool).await?
            }
            Pool::Postgres(pool) => {
                let mut tx = pool.begin().await?;
                let query = sqlx::query_as(FIND_SESSION).bind(digest);
                query.fetch_optional(&mut *tx).await?
            }
        })
    }
}

impl Tx {
    /// Begins a session.
    pub async fn insert_session(
        &mut self,
        digest: &[u8],
        admin: AdminId,
        at: Time,
        address: Option<&str>,
        ends_at: Time,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("INSERT INTO admin_sessions (digest, admin, created_at, seen_at, address, ends_at) VALUES ($1, $2, $3, $3, $4, $5)")
                .bind(digest)
                .bind(admin)
                .bind(at)
                .bind(address)
                .bind(ends_at)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Records a use of a session.
    pub async fn update_session_seen(&mut self, digest: &[u8], now: Time) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE admin_sessions SET seen_at = $2 WHERE digest = $1").bind(digest).bind(now).execute(conn).await?;
        });
        Ok(())
    }

    /// Ends a session.
    pub async fn delete_session(&mut self, digest: &[u8]) -> Result<()> {
        on!(self, conn => {
            sqlx::query("DELETE FROM admin_sessions WHERE digest = $1").bind(digest).execute(conn).await?;
        });
        Ok(())
    }

    /// Ends every session of an administrator.
    pub async fn delete_sessions_of(&mut self, admin: AdminId) -> Result<()> {
        on!(self, conn => {
            sqlx::query("DELETE FROM admin_sessions WHERE admin = $1").bind(admin).execute(conn).await?;
        });
        Ok(())
    }

    /// Deletes the sessions whose cookie has ended, too.
    pub async fn delete_ended_sessions(&mut self, now: Time) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM admin_sessions WHERE ends_at <= $1")
                .bind(now)
                .execute(conn)
                .await?
                .rows_affected()
        ))
    }
}
