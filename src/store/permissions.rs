//! Permissions of clients, and who holds which.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;

use crate::domain::count::{COUNT_BOUND, Count};
use crate::domain::ids::ClientNumber;
use crate::domain::permission::PermissionGrant;
use crate::domain::visible::visible;

use super::search::{Noun, SearchEntry};
use super::types::read_from_row;
use super::{Result, Stamp, Tx, on};

read_from_row!(PermissionGrant, row => PermissionGrant {
    permission: row.try_get("permission")?,
    granted_at: row.try_get("granted_at")?,
    granted_by: visible(row.try_get("granted_by")?),
});

/// What clients have of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Scopes.
    Scopes,
    /// Permissions.
    Permissions,
}

/// How many clients with a name are read: some more than are counted, because a few are revoked.
const READ: i64 = COUNT_BOUND + 100;

/// Counts, for each name, the newest clients that have it, up to [`READ`], and those of them that are not revoked.
fn count_statement(holding: Holding, names: usize) -> String {
    let noun = match holding {
        Holding::Scopes => Noun::ScopeOfClient,
        Holding::Permissions => Noun::PermissionOfClient,
    } as i64;
    let rows: Vec<String> = (1..=names)
        .map(|place| format!("({place}, ${place})"))
        .collect();
    let newest = format!(
        "SELECT w.number FROM search_words w WHERE w.noun = {noun} AND w.beginning = named.column2
         ORDER BY w.number DESC LIMIT {READ}"
    );
    format!(
        "SELECT (SELECT count(*) FROM ({newest}) newest),
                (SELECT count(*) FROM ({newest}) newest WHERE EXISTS (
                    SELECT 1 FROM api_clients c WHERE c.number = newest.number AND c.revoked_at IS NULL))
         FROM (VALUES {}) named ORDER BY named.column1",
        rows.join(", ")
    )
}

/// What is known when this many rows were read and this many of them count.
fn counted(read: i64, live: i64) -> Count {
    if live > COUNT_BOUND || read == READ {
        Count::at_least(live.min(COUNT_BOUND))
    } else {
        Count::exactly(live)
    }
}

impl Tx {
    /// Grants a permission, after those the client holds. Granting a held one changes nothing.
    pub async fn insert_permission(
        &mut self,
        client: ClientNumber,
        permission: &str,
        stamp: &Stamp,
    ) -> Result<()> {
        let is_new = on!(self, conn => {
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
            .await?
            .rows_affected() == 1
        });
        if is_new {
            let entry = SearchEntry {
                noun: Noun::PermissionOfClient,
                beginning: permission.to_owned(),
                number: client.0,
            };
            self.insert_search(vec![entry]).await?;
        }
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
        let before = BTreeSet::from([permission.to_owned()]);
        self.update_search(
            Noun::PermissionOfClient,
            client.0,
            &before,
            &BTreeSet::new(),
        )
        .await
    }

    /// The permissions of a client, in the order of granting, with who granted each and when.
    pub async fn list_grants(&mut self, client: ClientNumber) -> Result<Vec<PermissionGrant>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT permission, granted_at, granted_by FROM client_permissions WHERE client = $1 ORDER BY position")
                .bind(client)
                .fetch_all(conn)
                .await?
        ))
    }

    /// How many clients that are not revoked have each of these names: of each some of the newest are read, so where
    /// many are revoked the count says less than there are, and that there may be more.
    pub async fn count_holders(
        &mut self,
        holding: Holding,
        names: &[String],
    ) -> Result<Vec<Count>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let statement = count_statement(holding, names.len());
        let counts: Vec<(i64, i64)> = on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(statement));
            for name in names {
                query = query.bind(name);
            }
            query.fetch_all(conn).await?
        });
        Ok(counts
            .into_iter()
            .map(|(read, live)| counted(read, live))
            .collect())
    }

    /// The permissions that any client holds, revoked ones included, in the order of their names; at most so many. It
    /// jumps from name to name in an index, however many clients hold each.
    pub async fn list_held_permissions(&mut self, limit: i64) -> Result<Vec<String>> {
        let noun = Noun::PermissionOfClient as i64;
        let next = |beyond: &str| {
            format!(
                "SELECT w.beginning FROM search_words w WHERE w.noun = {noun}{beyond} ORDER BY w.beginning LIMIT 1"
            )
        };
        let statement = format!(
            "WITH RECURSIVE held (name) AS (
                SELECT ({}) UNION ALL SELECT ({}) FROM held WHERE held.name IS NOT NULL
             ) SELECT name FROM held WHERE name IS NOT NULL LIMIT $1",
            next(""),
            next(" AND w.beginning > held.name"),
        );
        on!(self, conn => Ok(
            sqlx::query_scalar(AssertSqlSafe(statement)).bind(limit).fetch_all(conn).await?
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query_plan::plan;
    use crate::store::{Missing, Store};

    #[test]
    fn what_was_not_read_to_its_end_may_be_more() {
        assert_eq!(counted(599, 500), Count::exactly(500));
        assert_eq!(counted(599, 501), Count::at_least(500));
        assert_eq!(counted(600, 600), Count::at_least(500));
        assert_eq!(counted(600, 3), Count::at_least(3));
    }

    #[tokio::test]
    async fn holders_are_counted_from_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        let statement = count_statement(Holding::Permissions, 2);
        let plan = plan(&mut tx, &statement).await;
        let steps: Vec<&str> = plan.lines().collect();
        let looks_up = |step: &&&str| step.starts_with("SEARCH c ");
        assert_eq!(steps.iter().filter(looks_up).count(), 1, "{steps:#?}");
        let reads_words = |step: &&&str| step.starts_with("SEARCH w ");
        assert_eq!(steps.iter().filter(reads_words).count(), 2, "{steps:#?}");
    }
}
