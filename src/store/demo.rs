//! Bulk inserts under numbers that the caller gives, for an empty database that is filled with demo data.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::client::ClientId;
use crate::domain::ids::{ClientNumber, OrganizationId};
use crate::domain::permission::PermissionName;
use crate::domain::scope::Scopes;

use super::clients::search_entries;
use super::rows::{LazyStatements, statements, texts};
use super::search::Noun;
use super::types::name_key;
use super::{Result, Stamp, StoredSecret, Tx, on};

static INSERT_CLIENTS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO api_clients (number, id, name, name_key, organization_id, scopes, expires_at, suspended_at,
                                  revoked_at, revoked_by, generation, created_at, created_by, version)
         VALUES ",
        14,
        "",
    )
});

static INSERT_SECRETS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO client_secrets (number, client, kind, digest, sealed, hint, created_at, created_by, expires_at,
                                     revoked_at)
         VALUES ",
        10,
        "",
    )
});

/// A client to be added.
#[derive(Clone, Debug)]
pub struct FilledClient {
    /// What tokens carry, and the order of lists.
    pub number: ClientNumber,
    /// The public id.
    pub id: ClientId,
    /// What people read.
    pub name: String,
    /// Its organization.
    pub organization_id: Option<OrganizationId>,
    /// Its scopes.
    pub scopes: Scopes,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// Since when it is suspended.
    pub suspended_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// When it was made.
    pub created_at: Time,
}

/// The permissions that every client of exactly these scopes is granted, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionSet {
    /// The scopes.
    pub scopes: Scopes,
    /// The permissions.
    pub permissions: Vec<PermissionName>,
}

impl Tx {
    /// What the directory already holds, in a word; none when it has neither an organization nor a client.
    pub async fn find_content(&mut self) -> Result<Option<&'static str>> {
        let statement =
            "SELECT EXISTS (SELECT 1 FROM organizations), EXISTS (SELECT 1 FROM api_clients)";
        let (organizations, clients): (bool, bool) =
            on!(self, conn => sqlx::query_as(statement).fetch_one(conn).await?);
        Ok(match (organizations, clients) {
            (_, true) => Some("clients"),
            (true, false) => Some("organizations"),
            (false, false) => None,
        })
    }

    /// Adds clients.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when an id or a number is taken, [`NameTaken`](super::Error::NameTaken)
    /// when two of an organization have one name.
    pub async fn insert_clients(&mut self, clients: &[FilledClient], stamp: &Stamp) -> Result<()> {
        let by = stamp.by.as_str();
        for (text, rows) in statements(self, &INSERT_CLIENTS, clients) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for client in rows {
                    query = query
                        .bind(client.number)
                        .bind(client.id.as_str())
                        .bind(&client.name)
                        .bind(name_key(&client.name))
                        .bind(client.organization_id)
                        .bind(client.scopes.to_string())
                        .bind(client.expires_at)
                        .bind(client.suspended_at)
                        .bind(client.revoked_at)
                        .bind(client.revoked_at.map(|_| by))
                        .bind(i64::from(client.revoked_at.is_some()))
                        .bind(client.created_at)
                        .bind(by)
                        .bind(stamp.version);
                }
                query.execute(conn).await?;
            });
        }
        let entries = clients.iter().flat_map(|client| {
            search_entries(client.number, &client.name, &client.id, &client.scopes)
        });
        self.insert_search(entries.collect()).await
    }

    /// Adds secrets.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when a number is taken.
    pub async fn insert_secrets(&mut self, secrets: &[StoredSecret]) -> Result<()> {
        for (text, rows) in statements(self, &INSERT_SECRETS, secrets) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for secret in rows {
                    query = query
                        .bind(secret.number)
                        .bind(secret.client)
                        .bind(secret.kind)
                        .bind(secret.digest.as_slice())
                        .bind(secret.sealed.as_deref())
                        .bind(&secret.hint)
                        .bind(secret.created_at)
                        .bind(&secret.created_by)
                        .bind(secret.expires_at)
                        .bind(secret.revoked_at);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Grants the clients in a range of numbers the permissions of their scopes, dated when the client was made. One
    /// statement does it for all, so no rows are sent to the database.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when one holds such a permission already.
    pub async fn insert_permissions(
        &mut self,
        numbers: RangeInclusive<ClientNumber>,
        sets: &[PermissionSet],
    ) -> Result<()> {
        let rows: Vec<(String, &str, i64)> = sets
            .iter()
            .flat_map(|set| {
                let named = set.permissions.iter().map(PermissionName::as_str);
                named
                    .zip(1..)
                    .map(|(name, position)| (set.scopes.to_string(), name, position))
            })
            .collect();
        on!(self, conn => {
            // SQLite keeps the order of a cross join: each client is read once.
            let mut query = QueryBuilder::new(
                "INSERT INTO client_permissions (client, permission, position, granted_at, granted_by)
                 SELECT c.number, p.column2, p.column3, c.created_at, c.created_by
                 FROM api_clients c CROSS JOIN (",
            );
            query.push_values(rows, |mut row, (scopes, permission, position)| {
                row.push_bind(scopes).push_bind(permission).push_bind(position);
            });
            query.push(") p WHERE p.column1 = c.scopes AND c.number BETWEEN ").push_bind(*numbers.start());
            query.push(" AND ").push_bind(*numbers.end());
            query.build().execute(&mut *conn).await?;
            // In the order of the primary key, so that each page of the file is changed once.
            let mut query = QueryBuilder::new("INSERT INTO search_words (noun, beginning, number) SELECT ");
            query.push(Noun::PermissionOfClient as i64);
            query.push(", permission, client FROM client_permissions WHERE client BETWEEN ").push_bind(*numbers.start());
            query.push(" AND ").push_bind(*numbers.end()).push(" ORDER BY permission, client");
            query.build().execute(conn).await?;
        });
        Ok(())
    }

    /// Enlarges SQLite's page cache for bulk inserts, until the process ends.
    pub async fn enlarge_cache(&mut self) -> Result<()> {
        if let Self::Sqlite(tx) = self {
            sqlx::query("PRAGMA cache_size = -262144")
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }
}
