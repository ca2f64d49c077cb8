//! Administrators.

use crate::domain::Time;
use crate::domain::admin::Admin;
use crate::domain::ids::AdminId;
use crate::domain::role::Role;

use super::{Result, Tx, on};

/// An administrator and the hash of the password.
#[derive(Clone, Debug)]
pub struct AdminRow {
    /// The administrator.
    pub admin: Admin,
    /// A PHC string (the password hashing competition's format).
    pub password_hash: String,
}

#[derive(sqlx::FromRow)]
struct StoredAdmin {
    id: AdminId,
    email: String,
    role: String,
    password_hash: String,
    created_at: Time,
    disabled_at: Option<Time>,
}

impl Tx {
    /// The administrator with this email address, in lower case.
    pub async fn find_admin(&mut self, email: &str) -> Result<Option<AdminRow>> {
        on!(self, conn => Ok(
            sqlx::query_as::<_, StoredAdmin>("SELECT id, email, role, password_hash, created_at, disabled_at FROM admins WHERE email = $1")
                .bind(email)
                .fetch_optional(conn)
                .await?
                .map(Into::into)
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
    ) -> Result<AdminId> {
        on!(self, conn => Ok(
            sqlx::query_scalar(
                "INSERT INTO admins (id, email, role, password_hash, created_at)
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4 FROM admins
                 RETURNING id",
            )
            .bind(email)
            .bind(role.as_str())
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

impl From<StoredAdmin> for AdminRow {
    fn from(row: StoredAdmin) -> Self {
        // An unknown role gets the fewest rights.
        let role = Role::parse(&row.role).unwrap_or(Role::Viewer);
        Self {
            admin: Admin {
                id: row.id,
                email: row.email,
                role,
                created_at: row.created_at,
                disabled_at: row.disabled_at,
            },
            password_hash: row.password_hash,
        }
    }
}
