//! Administrators.

use crate::domain::Time;
use crate::domain::admin::Admin;
use crate::domain::ids::AdminId;
use crate::domain::role::Role;

use super::{Result, Tx, on};

/// An administrator and the hash of the password.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AdminRow {
    /// The administrator.
    #[sqlx(flatten)]
    pub admin: Admin,
    /// A PHC string (the password hashing competition's format).
    pub password_hash: String,
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

    /// How many administrators there are.
    pub async fn count_admins(&mut self) -> Result<i64> {
        on!(self, conn => Ok(sqlx::query_scalar("SELECT count(*) FROM admins").fetch_one(conn).await?))
    }

    /// Adds an administrator under the next free id. The transaction must have raised the directory version.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when another administrator has this email address.
    pub async fn insert_admin(
        &mut self,
        email: &str,
        role: Role,
        password_hash: &str,
        now: Time,
    ) -> Result<Admin> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "INSERT INTO admins (id, email, role, password_hash, created_at)
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4 FROM admins
                 RETURNING id, email, role, created_at, disabled_at",
            )
            .bind(email)
            .bind(role)
            .bind(password_hash)
            .bind(now)
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
}
