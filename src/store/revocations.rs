//! How many tokens each client revoked one by one in an hour.

use std::sync::LazyLock;

use crate::domain::ids::ClientNumber;

use super::rows::{LazyStatements, statements, texts};
use super::types::read_from_row;
use super::{Result, Tx, on};

static COUNT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO revocation_counts (hour, client, revoked) VALUES ",
        3,
        " ON CONFLICT (hour, client) DO UPDATE SET revoked = revocation_counts.revoked + excluded.revoked
          RETURNING hour, client, revoked",
    )
});

/// How many tokens a client revoked one by one in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RevocationCount {
    /// The hour, hours since 1970.
    pub hour: i64,
    /// The client's number.
    pub client: ClientNumber,
    /// How many: those to be added, or the total of the hour.
    pub revoked: i64,
}

read_from_row!(RevocationCount {
    hour,
    client,
    revoked
});

impl Tx {
    /// Adds to the numbers of tokens that clients revoked in an hour, and returns the new totals in any order. Each
    /// client may occur once.
    pub async fn count_revocations(
        &mut self,
        added: &[RevocationCount],
    ) -> Result<Vec<RevocationCount>> {
        let mut counts = Vec::with_capacity(added.len());
        for (text, rows) in statements(self, &COUNT, added) {
            on!(self, conn => {
                let mut query = sqlx::query_as::<_, RevocationCount>(text);
                for row in rows {
                    query = query.bind(row.hour).bind(row.client).bind(row.revoked);
                }
                counts.extend(query.fetch_all(conn).await?);
            });
        }
        Ok(counts)
    }

    /// Deletes and returns the counts of the hours before one, in order.
    pub async fn take_revocation_counts_before(
        &mut self,
        hour: i64,
    ) -> Result<Vec<RevocationCount>> {
        let mut counts: Vec<RevocationCount> = on!(self, conn => {
            sqlx::query_as("DELETE FROM revocation_counts WHERE hour < $1 RETURNING hour, client, revoked")
                .bind(hour)
                .fetch_all(conn)
                .await?
        });
        counts.sort_unstable();
        Ok(counts)
    }
}
