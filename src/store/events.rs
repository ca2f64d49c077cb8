//! The audit log: numbered in the order of commits and chained by hashes.
//!
//! The row of `audit_head` holds the number and the hash of the newest record. A transaction that adds records updates
//! it first and so locks it until its end: on PostgreSQL that row, on SQLite the database, which every write locks. So
//! numbers are in the order of commits and have no gaps.
//!
//! `digest = SHA-256(content)` and `hash = SHA-256(hash before ‖ digest ‖ head)`, where content and head are compact
//! JSON: `[actor, address, target, organization_id, data, version]` and `[sequence, microseconds since 1970, kind]`, as
//! they are stored. Before the first record the hash is 32 zero bytes. A sweep deletes the content of a record and
//! keeps what the chain needs; only old records of kinds in [`SHORT_LIVED`] may be without content.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::domain::Time;
use crate::domain::event::{
    ActorRef, Event, Record, Recorded, SHORT_LIVED, Target, WITHOUT_CHANGE,
};
use crate::domain::ids::{OrganizationId, Sequence, Version};
use crate::domain::visible::visible;

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

/// The columns of a record; the caller appends the rest of the statement.
macro_rules! select_events {
    ($rest:literal) => {
        concat!(
            "SELECT sequence, at, kind, actor, address, target, organization_id, data, version, digest, hash
             FROM audit_events ",
            $rest
        )
    };
}

/// The hash before the first record.
const FIRST: [u8; 32] = [0; 32];

/// How many records are read at a time to verify the chain.
const BATCH: i64 = 1_000;

/// The result of verifying the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The number up to which every record fits; 0 when the first does not.
    pub verified: Sequence,
    /// The first number that does not fit: its record was changed, is missing or was added.
    pub broken: Option<Sequence>,
}

/// A record as it is stored. Swept records have no optional columns but address, organization and version.
#[derive(sqlx::FromRow)]
struct StoredRecord {
    sequence: Sequence,
    at: Time,
    kind: String,
    actor: Option<String>,
    address: Option<String>,
    target: Option<String>,
    organization_id: Option<OrganizationId>,
    data: Option<String>,
    version: Option<Version>,
    digest: Vec<u8>,
    hash: Vec<u8>,
}

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

    /// The number of the newest record; 0 before the first.
    pub async fn find_newest_event(&mut self) -> Result<Sequence> {
        let found: Option<Sequence> = on!(self, conn => {
            sqlx::query_scalar("SELECT sequence FROM audit_head WHERE one = 1").fetch_optional(conn).await?
        });
        Ok(found.unwrap_or(Sequence(0)))
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

    /// The newest records, the newest first; those without their content are left out.
    pub async fn list_newest_events(&mut self, limit: i64) -> Result<Vec<Recorded>> {
        let rows: Vec<StoredRecord> = on!(self, conn => {
            sqlx::query_as(select_events!("ORDER BY sequence DESC LIMIT $1"))
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

    /// Verifies the chain from the first record to the head. Content may be missing from short-lived records from
    /// before `swept_before`.
    pub async fn verify_events(&mut self, swept_before: Time) -> Result<Verification> {
        let head: Option<(Sequence, Vec<u8>)> = on!(self, conn => {
            sqlx::query_as("SELECT sequence, hash FROM audit_head WHERE one = 1").fetch_optional(conn).await?
        });
        let (head, head_hash) = head.unwrap_or((Sequence(0), FIRST.to_vec()));
        let (mut verified, mut hash) = (Sequence(0), FIRST.to_vec());
        let broken = |verified: Sequence| {
            Ok(Verification {
                verified,
                broken: Some(verified.next()),
            })
        };
        loop {
            let rows: Vec<StoredRecord> = on!(self, conn => {
                sqlx::query_as(select_events!("WHERE sequence > $1 ORDER BY sequence LIMIT $2"))
                    .bind(verified)
                    .bind(BATCH)
                    .fetch_all(conn)
                    .await?
            });
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if row.sequence != verified.next() || !row.fits(&hash, swept_before) {
                    return broken(verified);
                }
                // The head has the hash of the newest record, so a record with another hash does not fit.
                if row.sequence > head || row.sequence == head && row.hash != head_hash {
                    return broken(verified);
                }
                (verified, hash) = (row.sequence, row.hash);
            }
        }
        if verified != head {
            return broken(verified);
        }
        Ok(Verification {
            verified,
            broken: None,
        })
    }
}

impl StoredRecord {
    fn after(previous: &[u8], sequence: Sequence, record: &Record) -> Self {
        let mut row = Self {
            sequence,
            at: record.at,
            kind: record.event.kind().to_owned(),
            actor: Some(record.actor.to_string()),
            address: record.address.map(|address| address.to_string()),
            target: Some(record.target.to_string()),
            organization_id: record.organization_id,
            data: Some(record.event.data()),
            version: record.version,
            digest: Vec::new(),
            hash: Vec::new(),
        };
        row.digest = row.content_digest();
        row.hash = row.hash_after(previous);
        row
    }

    fn content_digest(&self) -> Vec<u8> {
        let content = (
            &self.actor,
            &self.address,
            &self.target,
            self.organization_id,
            &self.data,
            self.version,
        );
        Sha256::digest(json(&content)).to_vec()
    }

    fn hash_after(&self, previous: &[u8]) -> Vec<u8> {
        let head = (self.sequence, self.at.timestamp_micros(), &self.kind);
        let hash = Sha256::new()
            .chain_update(previous)
            .chain_update(&self.digest)
            .chain_update(json(&head));
        hash.finalize().to_vec()
    }

    /// Whether the record directly follows the one with this hash.
    fn fits(&self, previous: &[u8], swept_before: Time) -> bool {
        let is_swept = self.data.is_none()
            && SHORT_LIVED.contains(&self.kind.as_str())
            && self.at < swept_before;
        self.hash == self.hash_after(previous) && (is_swept || self.digest == self.content_digest())
    }

    /// The record; none when its content was swept.
    fn read(self) -> Option<Recorded> {
        Some(Recorded {
            sequence: self.sequence,
            hash: self.hash.try_into().unwrap_or_default(),
            record: Record {
                at: self.at,
                actor: ActorRef::from(visible(&self.actor?)),
                address: self.address.and_then(|address| address.parse().ok()),
                target: Target::from(self.target?),
                organization_id: self.organization_id,
                event: Event::from_stored(&self.kind, &self.data?),
                version: self.version,
            },
        })
    }
}

fn json(fields: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(fields).expect("texts and numbers can be written as JSON")
}
