//! The audit log.

use std::sync::LazyLock;

use uuid::Uuid;

use crate::domain::Time;
use crate::domain::audit::{Action, Event, SINGLE_REVOCATIONS};
use crate::domain::visible::visible;

use super::rows::{Texts, statements, texts};
use super::{Result, Tx, on};

const HEAD: &str = "INSERT INTO audit_events (id, at, actor, action, target, organization_id, detail, address) VALUES ";

static INSERT: Texts = LazyLock::new(|| texts(HEAD, 8, ""));

static REPLACE: Texts = LazyLock::new(|| {
    let tail =
        " ON CONFLICT (id) DO UPDATE SET detail = excluded.detail, address = excluded.address";
    texts(HEAD, 8, tail)
});

/// The shared entry gets its id when the first revocation is counted that has none of its own.
static COUNT: Texts = LazyLock::new(|| {
    let tail = format!(
        " ON CONFLICT (hour, client) DO UPDATE SET revoked = revocation_counts.revoked + excluded.revoked,
            entry = CASE WHEN revocation_counts.revoked <= {SINGLE_REVOCATIONS} THEN excluded.entry
                ELSE revocation_counts.entry END
          RETURNING client, revoked, entry"
    );
    texts(
        "INSERT INTO revocation_counts (hour, client, revoked, entry) VALUES ",
        4,
        &tail,
    )
});

/// How many tokens a client revoked one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RevocationCount {
    /// The client's number.
    pub client: i64,
    /// How many: those to be added, or all of the hour.
    pub revoked: i64,
    /// The id of the entry that tells of those beyond [`SINGLE_REVOCATIONS`].
    pub entry: Uuid,
}

#[derive(sqlx::FromRow)]
struct Row {
    at: Time,
    actor: String,
    action: String,
    target: String,
    organization_id: Option<i64>,
    detail: String,
    address: Option<String>,
}

impl Tx {
    /// Adds entries to the audit log.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn insert_events(&mut self, events: &[(Uuid, Event)]) -> Result<()> {
        self.write_events(&INSERT, events).await
    }

    /// Adds entries that carry a number, or gives those that are there a new detail and address. They alone are
    /// changed after they were written.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn replace_events(&mut self, events: &[(Uuid, Event)]) -> Result<()> {
        self.write_events(&REPLACE, events).await
    }

    async fn write_events(
        &mut self,
        texts: &'static Texts,
        events: &[(Uuid, Event)],
    ) -> Result<()> {
        for (text, rows) in statements(self, texts, events) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (id, event) in rows {
                    query = query
                        .bind(id)
                        .bind(event.at)
                        .bind(&event.actor)
                        .bind(event.action.as_str())
                        .bind(&event.target)
                        .bind(event.organization_id)
                        .bind(&event.detail)
                        .bind(&event.address);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Adds to how many tokens clients revoked one by one in an hour, hours since 1970, and says for each, in any order,
    /// how many they are now. No client may be there twice.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_revocations(
        &mut self,
        hour: i64,
        added: &[RevocationCount],
    ) -> Result<Vec<RevocationCount>> {
        let mut counts = Vec::with_capacity(added.len());
        for (text, rows) in statements(self, &COUNT, added) {
            on!(self, conn => {
                let mut query = sqlx::query_as::<_, RevocationCount>(text);
                for row in rows {
                    query = query
                        .bind(hour)
                        .bind(row.client)
                        .bind(row.revoked)
                        .bind(row.entry);
                }
                counts.extend(query.fetch_all(conn).await?);
            });
        }
        Ok(counts)
    }

    /// Forgets how many tokens were revoked one by one in the hours before one. What the audit log tells of it stays.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn delete_revocation_counts_before(&mut self, hour: i64) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query("DELETE FROM revocation_counts WHERE hour < $1")
                .bind(hour)
                .execute(conn)
                .await?
                .rows_affected()
        ))
    }

    /// Forgets the oldest entries about revoked tokens and failed sign-ins from before a moment, at most so many, and says
    /// how many went.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn delete_short_lived_events_before(
        &mut self,
        at: Time,
        at_most: i64,
    ) -> Result<u64> {
        on!(self, conn => Ok(
            sqlx::query(
                "DELETE FROM audit_events WHERE id IN (
                    SELECT id FROM audit_events WHERE action IN ('token.revoked', 'admin.sign_in_failed') AND at < $1 ORDER BY at LIMIT $2)",
            )
            .bind(at)
            .bind(at_most)
            .execute(conn)
            .await?
            .rows_affected()
        ))
    }

    /// The audit log of one target, the newest entry first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_events(&mut self, target: &str, limit: i64) -> Result<Vec<Event>> {
        let rows: Vec<Row> = on!(self, conn => {
            sqlx::query_as(
                "SELECT at, actor, action, target, organization_id, detail, address
                 FROM audit_events WHERE target = $1 ORDER BY id DESC LIMIT $2",
            )
            .bind(target)
            .bind(limit)
            .fetch_all(conn)
            .await?
        });
        Ok(rows.into_iter().filter_map(Row::read).collect())
    }

    /// The newest entry of one target that tells of a change: not of a look at a secret, nor of a token's end.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_last_change(&mut self, target: &str) -> Result<Option<Event>> {
        let row: Option<Row> = on!(self, conn => {
            sqlx::query_as(
                "SELECT at, actor, action, target, organization_id, detail, address
                 FROM audit_events WHERE target = $1 AND action NOT IN ($2, $3) ORDER BY id DESC LIMIT 1",
            )
            .bind(target)
            .bind(Action::SecretRevealed.as_str())
            .bind(Action::TokenRevoked.as_str())
            .fetch_optional(conn)
            .await?
        });
        Ok(row.and_then(Row::read))
    }
}

impl Row {
    /// The entry; none when its action belongs to a newer version of this program.
    fn read(self) -> Option<Event> {
        Some(Event {
            at: self.at,
            actor: visible(&self.actor),
            action: Action::parse(&self.action)?,
            target: self.target,
            organization_id: self.organization_id,
            detail: self.detail,
            address: self.address,
        })
    }
}
