//! When clients last exercised their permissions.

use std::sync::LazyLock;

use chrono::DateTime;

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::domain::usage::PermissionUse;

use super::rows::{LazyStatements, statements, texts};
use super::{Result, Tx, on};

static ADVANCE: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO permission_uses (client, permission, used_at) VALUES ",
        3,
        " ON CONFLICT (client, permission) DO UPDATE SET used_at = excluded.used_at
          WHERE permission_uses.used_at < excluded.used_at",
    )
});

impl Tx {
    /// Advances the last uses of permissions, never back. Each permission of a client occurs once. The order matters as
    /// in [`Tx::advance_secret_uses`].
    pub async fn advance_permission_uses(&mut self, uses: &[PermissionUse]) -> Result<()> {
        for (text, rows) in statements(self, &ADVANCE, uses) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for row in rows {
                    query = query.bind(row.client).bind(&*row.permission).bind(row.used_at.timestamp_micros());
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// When a client last exercised each permission, by name. Those that it never exercised are left out.
    pub async fn list_permission_uses(
        &mut self,
        client: ClientNumber,
    ) -> Result<Vec<(String, Time)>> {
        let rows: Vec<(String, i64)> = on!(self, conn => {
            sqlx::query_as("SELECT permission, used_at FROM permission_uses WHERE client = $1 ORDER BY permission")
                .bind(client)
                .fetch_all(conn)
                .await?
        });
        let read =
            |(permission, used_at)| Some((permission, DateTime::from_timestamp_micros(used_at)?));
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Whether any client ever exercised a permission in a way that is known.
    pub async fn has_permission_uses(&mut self) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM permission_uses)").fetch_one(conn).await?
        ))
    }
}
