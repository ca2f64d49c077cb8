//! When clients last got tokens for participants.

use std::sync::LazyLock;

use chrono::DateTime;

use crate::domain::ids::ClientNumber;
use crate::domain::usage::{GrantUse, TokenGrant};

use super::rows::{NumberStatement, numbers, write_numbers};
use super::{Result, Tx, on};

static ADVANCE: LazyLock<NumberStatement> = LazyLock::new(|| {
    numbers(
        "client_grant_uses (client, grant_code, used_at)",
        3,
        " ON CONFLICT (client, grant_code) DO UPDATE SET used_at = excluded.used_at
          WHERE client_grant_uses.used_at < excluded.used_at",
    )
});

impl Tx {
    /// Advances the last uses of grants, never back. Each grant of a client occurs once; they are sorted by client and
    /// grant, so that two nodes that write at the same time cannot deadlock.
    pub async fn advance_grant_uses(&mut self, uses: &[GrantUse]) -> Result<()> {
        let row = |row: &GrantUse| {
            [
                row.client.0,
                row.grant.code(),
                row.used_at.timestamp_micros(),
            ]
        };
        let rows: Vec<[i64; 3]> = uses.iter().map(row).collect();
        write_numbers(self, &ADVANCE, &rows).await
    }

    /// When a client last used each grant. Unused ones are left out.
    pub async fn list_grant_uses(&mut self, client: ClientNumber) -> Result<Vec<GrantUse>> {
        let rows: Vec<(i64, i64)> = on!(self, conn => {
            sqlx::query_as("SELECT grant_code, used_at FROM client_grant_uses WHERE client = $1 ORDER BY grant_code")
                .bind(client)
                .fetch_all(conn)
                .await?
        });
        let read = |(grant, used_at)| {
            Some(GrantUse {
                client,
                grant: TokenGrant::from_code(grant)?,
                used_at: DateTime::from_timestamp_micros(used_at)?,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
