//! Administrators.

use crate::domain::Time;
use crate::domain::admin::{Admin, AdminSummary};
use crate::domain::ids::AdminId;
use crate::domain::page::Cursor;
use crate::domain::role::Role;

use super::types::read_from_row;
use super::{Result, Stamp, Tx, on};

/// An administrator and the hash of the password.
#[derive(Clone, Debug)]
pub struct AdminRow {
    /// The administrator.
    pub admin: Admin,
    /// A PHC string (the password hashing competition's format).
    pub password_hash: String,
}

read_from_row!(AdminRow, row => AdminRow {
    admin: Admin::from_row(row)?,
    password_hash: row.try_get("password_hash")?,
});

read_from_row!(AdminSummary, row => AdminSummary {
    admin: Admin::from_row(row)?,
    made_by: row.try_get("made_by")?,
    seen_at: row.try_get("seen_at")?,
});

/// Administrators of lists, up to the condition.
macro_rules! select_admins {
    ($condition:literal) => {
        concat!(
            "SELECT id, email, role, created_at, disabled_at, made_by, seen_at FROM admins WHERE ",
            $condition
        )
    };
}

impl Tx {
    /// The administrator with this email address, in lower case.
    pub async fn find_admin(&mut self, email: &str) -> Result<Option<AdminRow>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT id, email, role, password_hash, created_at, disabled_at FROM admins WHERE email = $1")
                .bind(email)
                .fetch_optional(conn)
                .await?
        ))
    }

    /// The administrator with this id, as they are now; nobody else changes them before this transaction ends.
    pub async fn lock_admin(&mut self, id: AdminId) -> Result<Option<AdminRow>> {
        // An update locks the row on both engines; SQLite has no `FOR UPDATE`.
        on!(self, conn => Ok(
            sqlx::query_as(
                "UPDATE admins SET seen_at = seen_at WHERE id = $1
                 RETURNING id, email, role, password_hash, created_at, disabled_at",
            )
            .bind(id)
            .fetch_optional(conn)
            .await?
        ))
    }

    /// The administrator with this id.
    pub async fn find_admin_by_id(&mut self, id: AdminId) -> Result<Option<AdminSummary>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_admins!("id = $1")).bind(id).fetch_optional(conn).await?
        ))
    }

    /// Administrators in the order of their making; before a cursor, in the opposite order.
    pub async fn list_admins(&mut self, cursor: Cursor, limit: i64) -> Result<Vec<AdminSummary>> {
        let (statement, key) = match cursor {
            Cursor::First => (select_admins!("id > $1 ORDER BY id LIMIT $2"), 0),
            Cursor::After(key) => (select_admins!("id > $1 ORDER BY id LIMIT $2"), key),
            Cursor::Before(key) => (select_admins!("id < $1 ORDER BY id DESC LIMIT $2"), key),
        };
        on!(self, conn => Ok(
            sqlx::query_as(statement).bind(key).bind(limit).fetch_all(conn).await?
        ))
    }

    /// How many administrators there are.
    pub async fn count_admins(&mut self) -> Result<i64> {
        on!(self, conn => Ok(sqlx::query_scalar("SELECT count(*) FROM admins").fetch_one(conn).await?))
    }

    /// Whether there is an owner who is not disabled, besides this one.
    pub async fn has_other_owner(&mut self, id: AdminId) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM admins WHERE role = $1 AND id <> $2 AND disabled_at IS NULL)")
                .bind(Role::Owner)
                .bind(id)
                .fetch_one(conn)
                .await?
        ))
    }

    /// Adds an administrator under the next free id, made by whoever the stamp names. The transaction must have raised
    /// the directory version.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when another administrator has this email address.
    pub async fn insert_admin(
        &mut self,
        email: &str,
        role: Role,
        password_hash: &str,
        made: &Stamp,
    ) -> Result<Admin> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "INSERT INTO admins (id, email, role, password_hash, created_at, made_by)
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5 FROM admins
                 RETURNING id, email, role, created_at, disabled_at",
            )
            .bind(email)
            .bind(role)
            .bind(password_hash)
            .bind(made.at)
            .bind(&made.by)
            .fetch_one(conn)
            .await?
        ))
    }

    /// Replaces an administrator's password.
    pub async fn update_admin_password(&mut self, id: AdminId, password_hash: &str) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE admins SET password_hash = $2 WHERE id = $1").bind(id).bind(password_hash).execute(conn).await?;
        });
        Ok(())
    }

    /// Gives an administrator another role.
    pub async fn update_admin_role(&mut self, id: AdminId, role: Role) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE admins SET role = $2 WHERE id = $1").bind(id).bind(role).execute(conn).await?;
        });
        Ok(())
    }

    /// Disables an administrator from a moment on, or with none enables them.
    pub async fn update_admin_disabled(&mut self, id: AdminId, since: Option<Time>) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE admins SET disabled_at = $2 WHERE id = $1").bind(id).bind(since).execute(conn).await?;
        });
        Ok(())
    }
}
