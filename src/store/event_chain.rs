//! Verifies the chain of the audit log, a stretch at a time, and keeps how far it was verified.

use crate::domain::Time;
use crate::domain::ids::Sequence;

use super::event_rows::{FIRST, StoredRecord, select_events};
use super::{Result, Tx, on};

/// A record up to which the chain was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainPosition {
    /// Its number; 0 before the first.
    pub sequence: Sequence,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// The result of verifying a stretch of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainStretch {
    /// Up to where every record fits.
    pub end: ChainPosition,
    /// The first number that does not fit: its record was changed, is missing or was added.
    pub broken: Option<Sequence>,
    /// The number of the newest record.
    pub newest: Sequence,
}

/// A pass over the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// It follows what is added.
    New,
    /// It reads everything again, from the beginning to the end and then once more.
    Again,
}

/// How far a pass has come. It is kept in the database, so that a start does not begin at the first record again, and what
/// one node has verified no other one has to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassState {
    /// The last record that fits.
    pub position: ChainPosition,
    /// When it was verified.
    pub at: Time,
    /// When the pass last came to the end.
    pub ended_at: Option<Time>,
    /// The first number that does not fit.
    pub broken: Option<Sequence>,
}

impl Default for ChainPosition {
    fn default() -> Self {
        Self {
            sequence: Sequence(0),
            hash: FIRST.to_vec(),
        }
    }
}

impl Pass {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Again => "again",
        }
    }
}

impl Tx {
    /// The number of the newest record; 0 when there is none.
    pub async fn find_newest_event(&mut self) -> Result<Sequence> {
        Ok(self.find_chain_head().await?.sequence)
    }

    /// Verifies at most so many records after one that was verified. Content may be missing from short-lived records from
    /// before `swept_before`.
    pub async fn verify_events_after(
        &mut self,
        verified: &ChainPosition,
        at_most: i64,
        swept_before: Time,
    ) -> Result<ChainStretch> {
        let head = self.find_chain_head().await?;
        let stretch = |end: ChainPosition, broken: Option<Sequence>| {
            Ok(ChainStretch {
                end,
                broken,
                newest: head.sequence,
            })
        };
        let mut end = verified.clone();
        // Records that were verified are missing, or the newest of them is another one.
        if end.sequence > head.sequence {
            return stretch(end, Some(head.sequence.next()));
        }
        if end.sequence == head.sequence && end.hash != head.hash {
            let broken = end.sequence;
            return stretch(end, Some(broken));
        }
        let rows: Vec<StoredRecord> = on!(self, conn => {
            sqlx::query_as(select_events!("WHERE sequence > $1 ORDER BY sequence LIMIT $2"))
                .bind(end.sequence)
                .bind(at_most)
                .fetch_all(conn)
                .await?
        });
        let is_last = i64::try_from(rows.len()).unwrap_or(i64::MAX) < at_most;
        for row in rows {
            let next = end.sequence.next();
            // The head has the hash of the newest record, so a record with another hash does not fit.
            let is_beyond = row.sequence > head.sequence
                || row.sequence == head.sequence && row.hash != head.hash;
            if row.sequence != next || is_beyond || !row.fits(&end.hash, swept_before) {
                return stretch(end, Some(next));
            }
            end = ChainPosition {
                sequence: row.sequence,
                hash: row.hash,
            };
        }
        let missing = is_last && end.sequence != head.sequence;
        let broken = missing.then(|| end.sequence.next());
        stretch(end, broken)
    }

    /// How far a pass has come; none before its first step.
    pub async fn find_pass(&mut self, pass: Pass) -> Result<Option<PassState>> {
        type Columns = (Sequence, Vec<u8>, Time, Option<Time>, Option<Sequence>);
        let row: Option<Columns> = on!(self, conn => {
            sqlx::query_as("SELECT sequence, hash, at, ended_at, broken FROM audit_passes WHERE pass = $1")
                .bind(pass.as_str())
                .fetch_optional(conn)
                .await?
        });
        Ok(row.map(|(sequence, hash, at, ended_at, broken)| PassState {
            position: ChainPosition { sequence, hash },
            at,
            ended_at,
            broken,
        }))
    }

    /// Keeps how far a pass has come.
    pub async fn save_pass(&mut self, pass: Pass, state: &PassState) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "INSERT INTO audit_passes (pass, sequence, hash, at, ended_at, broken) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (pass) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, at = excluded.at,
                    ended_at = excluded.ended_at, broken = excluded.broken",
            )
            .bind(pass.as_str())
            .bind(state.position.sequence)
            .bind(&state.position.hash)
            .bind(state.at)
            .bind(state.ended_at)
            .bind(state.broken)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    async fn find_chain_head(&mut self) -> Result<ChainPosition> {
        let head: Option<(Sequence, Vec<u8>)> = on!(self, conn => {
            sqlx::query_as("SELECT sequence, hash FROM audit_head WHERE one = 1").fetch_optional(conn).await?
        });
        Ok(
            head.map_or_else(ChainPosition::default, |(sequence, hash)| ChainPosition {
                sequence,
                hash,
            }),
        )
    }
}
