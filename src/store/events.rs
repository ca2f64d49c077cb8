//! The audit log: numbered in the order of commits and chained by hashes.
//!
//! The row of `audit_head` holds the number and the hash of the newest record. A transaction that adds records updates
//! it first and so locks it until its end: on PostgreSQL that row, on SQLite the database, which every write locks. So
//! numbers are in the order of commits and have no gaps.

use std::sync::LazyLock;

use crate::domain::Time;
use crate::domain::event::{Record, Recorded, Target, WITHOUT_CHANGE};
use crate::domain::ids::Sequence;
use crate::domain::usage::day_of;

use super::event_rows::{FIRST, StoredRecord, select_events};
use super::rows::{LazyStatements, statements, texts};
use super::{Result, Tx, on};

static INSERT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO audit_events (sequence, at, kind, actor, address, target, organization_id, data, version, digest, hash)
         VALUES ",
        11,
        "",
    )
});

impl Tx {
    /// Adds records to the audit log, in this order. Later writers wait here until this transaction ends, so it should
    /// be its last statement.
    pub async fn append_events(&mut self, records: &[Record]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
        let (last, mut hash): (i64, Vec<u8>) = on!(self, conn => {
            sqlx::query_as(
                "INSERT INTO audit_head (one, sequence, hash) VALUES (1, $1, $2)
                 ON CONFLICT (one) DO UPDATE SET sequence = audit_head.sequence + excluded.sequence
                 RETURNING sequence, hash",
            )
            .bind(count)
            .bind(FIRST.as_slice())
            .fetch_one(conn)
            .await?
        });
        let mut rows = Vec::with_capacity(records.len());
        for (sequence, record) in (last - count + 1..).map(Sequence).zip(records) {
            let row = StoredRecord::after(&hash, sequence, record);
            hash.clone_from(&row.hash);
            rows.push(row);
        }
        self.insert_events(&rows).await?;
        on!(self, conn => {
            sqlx::query("UPDATE audit_head SET hash = $1 WHERE one = 1").bind(hash).execute(conn).await?;
        });
        self.note_days(&rows).await
    }

    /// Notes between which numbers the records of their days are.
    async fn note_days(&mut self, rows: &[StoredRecord]) -> Result<()> {
        for of_day in rows.chunk_by(|row, next| day_of(row.at) == day_of(next.at)) {
            if let (Some(first), Some(last)) = (of_day.first(), of_day.last()) {
                self.note_day(first, last).await?;
            }
        }
        Ok(())
    }

    async fn note_day(&mut self, first: &StoredRecord, last: &StoredRecord) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO audit_days (day, first_sequence, last_sequence) VALUES ($1, $2, $3)
                 ON CONFLICT (day) DO UPDATE SET last_sequence = excluded.last_sequence",
            )
            .bind(day_of(first.at))
            .bind(first.sequence)
            .bind(last.sequence)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    async fn insert_events(&mut self, rows: &[StoredRecord]) -> Result<()> {
        for (text, rows) in statements(self, &INSERT, rows) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for row in rows {
                    query = query
                        .bind(row.sequence)
                        .bind(row.at)
                        .bind(&row.kind)
                        .bind(&row.actor)
                        .bind(&row.address)
                        .bind(&row.target)
                        .bind(row.organization_id)
                        .bind(&row.data)
                        .bind(row.version)
                        .bind(&row.digest)
                        .bind(&row.hash);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Deletes the content of the oldest records of kinds in [`SHORT_LIVED`] from before a moment, at most so many, and
    /// returns of how many.
    pub async fn sweep_events(&mut self, before: Time, at_most: i64) -> Result<u64> {
        // Both engines use a partial index only for literal values.
        on!(self, conn => Ok(
            sqlx::query(
                "UPDATE audit_events
                 SET actor = NULL, address = NULL, target = NULL, organization_id = NULL, data = NULL, version = NULL
                 WHERE sequence IN (
                    SELECT sequence FROM audit_events
                    WHERE kind IN (
                        'token.revoked', 'tokens.revoked', 'admin.sign_in_failed', 'participant.impersonated', 'participant.extra_changed'
                    ) AND data IS NOT NULL AND at < $1
                    ORDER BY at LIMIT $2)",
            )
            .bind(before)
            .bind(at_most)
            .execute(conn)
            .await?
            .rows_affected()
        ))
    }

    /// The records about one target, the newest first.
    pub async fn list_events(&mut self, target: &Target, limit: i64) -> Result<Vec<Recorded>> {
        let rows: Vec<StoredRecord> = on!(self, conn => {
            sqlx::query_as(select_events!("WHERE target = $1 ORDER BY sequence DESC LIMIT $2"))
                .bind(target.to_string())
                .bind(limit)
                .fetch_all(conn)
                .await?
        });
        Ok(rows.into_iter().filter_map(StoredRecord::read).collect())
    }

    /// The records after a number, in order; those whose content was swept are left out.
    pub async fn list_events_after(
        &mut self,
        after: Sequence,
        limit: i64,
    ) -> Result<Vec<Recorded>> {
        let rows: Vec<StoredRecord> = on!(self, conn => {
            sqlx::query_as(select_events!("WHERE sequence > $1 ORDER BY sequence LIMIT $2"))
                .bind(after)
                .bind(limit)
                .fetch_all(conn)
                .await?
        });
        Ok(rows.into_iter().filter_map(StoredRecord::read).collect())
    }

    /// The newest record about one target that is a change: not of a kind in [`WITHOUT_CHANGE`].
    pub async fn find_last_change(&mut self, target: &Target) -> Result<Option<Recorded>> {
        let [revealed, token, tokens] = WITHOUT_CHANGE;
        let row: Option<StoredRecord> = on!(self, conn => {
            sqlx::query_as(select_events!(
                "WHERE target = $1 AND kind NOT IN ($2, $3, $4) ORDER BY sequence DESC LIMIT 1"
            ))
            .bind(target.to_string())
            .bind(revealed)
            .bind(token)
            .bind(tokens)
            .fetch_optional(conn)
            .await?
        });
        Ok(row.and_then(StoredRecord::read))
    }
}
