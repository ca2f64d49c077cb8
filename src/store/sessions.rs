//! Sessions of administrators, found by the digest of their id.

use crate::domain::Time;
use crate::domain::admin::Admin;
use crate::domain::device::Device;
use crate::domain::ids::{AdminId, Sequence};

use super::types::read_from_row;
use super::{Result, Tx, on};

/// A session and its administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The administrator who is signed in.
    pub admin: Admin,
    /// When it was last used.
    pub seen_at: Time,
    /// When it ends, however often it is used.
    pub ends_at: Time,
    /// When it last proved the password.
    pub proved_at: Time,
    /// The newest record of the audit log when it was read.
    pub newest_event: Sequence,
}

read_from_row!(SessionRow, row => SessionRow {
    admin: Admin::from_row(row)?,
    seen_at: row.try_get("seen_at")?,
    ends_at: row.try_get("ends_at")?,
    proved_at: row.try_get("proved_at")?,
    newest_event: row.try_get("newest_event")?,
});

/// A session that begins.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// The digest of its id.
    pub digest: &'a [u8],
    /// Whose it is.
    pub admin: AdminId,
    /// When it begins, with a password.
    pub at: Time,
    /// When it ends, however often it is used.
    pub ends_at: Time,
    /// Where it begins.
    pub address: Option<&'a str>,
    /// The browser.
    pub device: Device,
}

/// A session of an administrator, among their others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The digest of its id.
    pub digest: Vec<u8>,
    /// The browser.
    pub device: Device,
    /// Where it began.
    pub address: Option<String>,
    /// When it began.
    pub created_at: Time,
    /// When it was last used.
    pub seen_at: Time,
}

read_from_row!(OpenSession, row => OpenSession {
    digest: row.try_get("digest")?,
    device: Device::parse(row.try_get("device")?),
    address: row.try_get("address")?,
    created_at: row.try_get("created_at")?,
    seen_at: row.try_get("seen_at")?,
});

pub(super) const FIND_SESSION: &str =
    "SELECT a.id, a.email, a.role, a.created_at, a.disabled_at, s.seen_at, s.ends_at, s.proved_at,
        COALESCE((SELECT sequence FROM audit_head), 0) AS newest_event
     FROM admin_sessions s JOIN admins a ON a.id = s.admin
     WHERE s.digest = $1";

impl Tx {
    /// Begins a session, which counts as used.
    pub async fn insert_session(&mut self, new: &NewSession<'_>) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO admin_sessions (digest, admin, created_at, seen_at, proved_at, ends_at, address, device)
                 VALUES ($1, $2, $3, $3, $3, $4, $5, $6)",
            )
            .bind(new.digest)
            .bind(new.admin)
            .bind(new.at)
            .bind(new.ends_at)
            .bind(new.address)
            .bind(new.device.stored())
            .execute(&mut *conn)
            .await?;
            sqlx::query("UPDATE admins SET seen_at = $2 WHERE id = $1").bind(new.admin).bind(new.at).execute(conn).await?;
        });
        Ok(())
    }

    /// Records a use of a session, also for its administrator.
    pub async fn update_session_seen(&mut self, digest: &[u8], now: Time) -> Result<()> {
        on!(self, conn => {
            // The administrator first, as whoever ends sessions does: in another order two transactions may wait for each other.
            sqlx::query("UPDATE admins SET seen_at = $2 WHERE id = (SELECT admin FROM admin_sessions WHERE digest = $1)")
                .bind(digest)
                .bind(now)
                .execute(&mut *conn)
                .await?;
            sqlx::query("UPDATE admin_sessions SET seen_at = $2 WHERE digest = $1").bind(digest).bind(now).execute(conn).await?;
        });
        Ok(())
    }

    /// Records that a session proved the password. False when the session has been ended.
    pub async fn update_session_proof(&mut self, digest: &[u8], now: Time) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query("UPDATE admin_sessions SET proved_at = $2 WHERE digest = $1")
                .bind(digest)
                .bind(now)
                .execute(conn)
                .await?
                .rows_affected() == 1
        ))
    }

    /// The sessions of an administrator that were used since a moment and end after `now`, the last used first, at most
    /// `limit`.
    pub async fn list_sessions_of(
        &mut self,
        admin: AdminId,
        used_after: Time,
        now: Time,
        limit: i64,
    ) -> Result<Vec<OpenSession>> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "SELECT digest, device, address, created_at, seen_at FROM admin_sessions
                 WHERE admin = $1 AND seen_at > $2 AND ends_at > $3 ORDER BY seen_at DESC, digest LIMIT $4",
            )
            .bind(admin)
            .bind(used_after)
            .bind(now)
            .bind(limit)
            .fetch_all(conn)
            .await?
        ))
    }

    /// Ends a session.
    pub async fn delete_session(&mut self, digest: &[u8]) -> Result<()> {
        on!(self, conn => {
            sqlx::query("DELETE FROM admin_sessions WHERE digest = $1").bind(digest).execute(conn).await?;
        });
        Ok(())
    }

    /// Ends every session of an administrator, and returns how many there were.
    pub async fn delete_sessions_of(&mut self, admin: AdminId) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM admin_sessions WHERE admin = $1").bind(admin).execute(conn).await?.rows_affected()
        ))
    }

    /// Ends every session of an administrator but this one, and returns how many there were.
    pub async fn delete_other_sessions_of(&mut self, admin: AdminId, digest: &[u8]) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM admin_sessions WHERE admin = $1 AND digest <> $2")
                .bind(admin)
                .bind(digest)
                .execute(conn)
                .await?
                .rows_affected()
        ))
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
