//! Permissions of clients.

use crate::domain::ids::ClientNumber;

use super::{Result, Stamp, Tx, on};

impl Tx {
    /// Grants a permission, after those the client holds. Granting a held one changes nothing.
    pub async fn insert_permission(
        &mut self,
        client: ClientNumber,
        permission: &str,
        stamp: &Stamp,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO client_permissions (client, permission, position, granted_by, granted_at)
                 SELECT $1, $2, coalesce(max(position), 0) + 1, $3, $4 FROM client_permissions WHERE client = $1
                 ON CONFLICT (client, permission) DO NOTHING",
            )
            .bind(client)
            .bind(permission)
            .bind(&stamp.by)
            .bind(stamp.at)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Removes a permission. Removing one that is not held changes nothing.
    pub async fn delete_permission(
        &mut self,
        client: ClientNumber,
        permission: &str,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("DELETE FROM client_permissions WHERE client = $1 AND permission = $2")
                .bind(client)
                .bind(permission)
                .execute(conn)
                .await?;
        });
        Ok(())
    }
}
