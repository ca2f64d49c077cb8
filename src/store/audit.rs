//! The trail.

use std::sync::LazyLock;

use uuid::Uuid;

use crate::domain::Time;
use crate::domain::audit::{Action, Event};
use crate::domain::visible::visible;

use super::rows::{Texts, statements, texts};
use super::{Result, Tx, on};

static INSERT: Texts = LazyLock::new(|| {
    texts(
        "INSERT INTO audit_events (id, at, actor, action, target, organization_id, detail, address) VALUES ",
        8,
        "",
    )
});

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
    /// Adds entries to the trail.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn insert_events(&mut self, events: &[(Uuid, Event)]) -> Result<()> {
        for (text, rows) in statements(self, &INSERT, events) {
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

    /// The trail of one target, the newest entry first.
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
