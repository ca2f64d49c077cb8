//! One-time links of administrators, found by the digest of their code. An address has one at most.

use crate::domain::Time;
use crate::domain::admin::AdminLink;

use super::types::read_from_row;
use super::{Result, Tx, on};

read_from_row!(AdminLink {
    email,
    role,
    made_by,
    created_at,
    ends_at
});

/// Links, up to the condition.
macro_rules! select_links {
    ($condition:literal) => {
        concat!(
            "SELECT email, role, made_by, created_at, ends_at FROM admin_links ",
            $condition
        )
    };
}

impl Tx {
    /// Adds a link; it replaces the one that its address has.
    pub async fn put_admin_link(&mut self, link: &AdminLink, digest: &[u8]) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO admin_links (email, digest, role, made_by, created_at, ends_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (email) DO UPDATE SET digest = excluded.digest, role = excluded.role,
                 made_by = excluded.made_by, created_at = excluded.created_at, ends_at = excluded.ends_at",
            )
            .bind(&link.email)
            .bind(digest)
            .bind(link.role)
            .bind(&link.made_by)
            .bind(link.created_at)
            .bind(link.ends_at)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// The link with this digest, ended or not.
    pub async fn find_admin_link(&mut self, digest: &[u8]) -> Result<Option<AdminLink>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_links!("WHERE digest = $1")).bind(digest).fetch_optional(conn).await?
        ))
    }

    /// The link of this address, ended or not.
    pub async fn find_admin_link_of(&mut self, email: &str) -> Result<Option<AdminLink>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_links!("WHERE email = $1")).bind(email).fetch_optional(conn).await?
        ))
    }

    /// The links that end last, at most `limit`.
    pub async fn list_admin_links(&mut self, limit: i64) -> Result<Vec<AdminLink>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_links!("ORDER BY ends_at DESC LIMIT $1")).bind(limit).fetch_all(conn).await?
        ))
    }

    /// Removes the link of an address, if it has one.
    pub async fn delete_admin_link(&mut self, email: &str) -> Result<()> {
        on!(self, conn => {
            sqlx::query("DELETE FROM admin_links WHERE email = $1").bind(email).execute(conn).await?;
        });
        Ok(())
    }

    /// Deletes the links that had ended by then, and returns how many there were.
    pub async fn delete_ended_admin_links(&mut self, by: Time) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM admin_links WHERE ends_at <= $1").bind(by).execute(conn).await?.rows_affected()
        ))
    }
}
