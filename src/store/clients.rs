//! API clients, read and written one by one.

use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::client::{CheckedClient, Client, ClientId, ClientSummary, Lifecycle};
use crate::domain::ids::{ClientNumber, Version};
use crate::domain::permission::PermissionName;
use crate::domain::scope::Scopes;
use crate::domain::visible::visible;

use super::search::{Noun, SearchEntry, beginnings};
use super::types::{name_key, read_from_row};
use super::{Result, Stamp, Tx, on};

read_from_row!(ClientSummary, row => {
    let permissions: Option<&str> = row.try_get("permissions")?;
    let by: Option<&str> = row.try_get("revoked_by")?;
    let lifecycle = match row.try_get("revoked_at")? {
        Some(at) => Lifecycle::Revoked {
            at,
            by: visible(by.unwrap_or_default()),
        },
        None => Lifecycle::Live {
            suspended_at: row.try_get("suspended_at")?,
            expires_at: row.try_get("expires_at")?,
        },
    };
    let client = Client {
        id: ClientId::parse(row.try_get("id")?).expect("only ids that parse are stored"),
        number: row.try_get("number")?,
        name: row.try_get("name")?,
        organization_id: row.try_get("organization_id")?,
        scopes: Scopes::stored(row.try_get("scopes")?),
        permissions: permissions.map(by_granting).unwrap_or_default(),
        token_ttl: row.try_get("token_ttl")?,
        lifecycle,
        generation: row.try_get("generation")?,
        tokens_since: row.try_get("tokens_since")?,
        created_at: row.try_get("created_at")?,
        created_by: visible(row.try_get("created_by")?),
        version: row.try_get("version")?,
    };
    ClientSummary {
        client,
        organization: row.try_get("organization")?,
    }
});

/// The permissions of `position:name position:name`, by their positions; those of one position by name.
fn by_granting(stored: &str) -> Vec<PermissionName> {
    let placed = stored.split(' ').filter_map(|placed| {
        let (position, name) = placed.split_once(':')?;
        Some((position.parse::<i64>().ok()?, PermissionName::parse(name)?))
    });
    let mut placed: Vec<(i64, PermissionName)> = placed.collect();
    placed.sort_unstable();
    placed.into_iter().map(|(_, name)| name).collect()
}

// SQLite sorts what it aggregates in a table of its own, which it makes anew for each client. So the permissions are sorted
// here. In lists they come without their positions, so that they are read from an index alone.

/// The columns of a client, with its permissions by name; the caller appends the rest of the statement.
macro_rules! select_clients {
    ($($rest:expr),+) => {
        $crate::store::clients::select_clients_with!("'0:' || p.permission", $($rest),+)
    };
}
pub(super) use select_clients;

/// The same, with its permissions in the order of granting.
macro_rules! select_clients_by_granting {
    ($($rest:expr),+) => {
        $crate::store::clients::select_clients_with!("p.position || ':' || p.permission", $($rest),+)
    };
}

macro_rules! select_clients_with {
    ($permission:literal, $($rest:expr),+) => {
        concat!(
            "SELECT c.id, c.number, c.name, c.organization_id, o.name AS organization, c.scopes,
                    (SELECT string_agg(", $permission, ", ' ') FROM client_permissions p WHERE p.client = c.number) AS permissions,
                    c.token_ttl, c.expires_at, c.suspended_at, c.revoked_at, c.revoked_by,
                    c.generation, c.tokens_since, c.created_at, c.created_by, c.version
             FROM api_clients c LEFT JOIN organizations o ON o.id = c.organization_id ",
            $($rest),+
        )
    };
}
pub(super) use select_clients_with;

/// The changeable columns of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientUpdate {
    /// What people read.
    pub name: String,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// How long its tokens live, in seconds; the installation's value when absent.
    pub token_ttl: Option<i64>,
    /// The generation of its tokens from now on.
    pub generation: i64,
}

/// The search entries of a new client.
pub(super) fn search_entries(
    number: ClientNumber,
    name: &str,
    id: &ClientId,
    scopes: &Scopes,
) -> Vec<SearchEntry> {
    let words = beginnings(name, id.as_str()).into_iter();
    words
        .map(|word| (Noun::Client, word))
        .chain(
            scopes
                .iter()
                .map(|scope| (Noun::ScopeOfClient, scope.to_string())),
        )
        .map(|(noun, beginning)| SearchEntry {
            noun,
            beginning,
            number: number.0,
        })
        .collect()
}

impl Tx {
    /// The client with this id.
    pub async fn find_client(&mut self, id: &ClientId) -> Result<Option<ClientSummary>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_clients_by_granting!("WHERE c.id = $1")).bind(id.as_str()).fetch_optional(conn).await?
        ))
    }

    /// The client with this number.
    pub async fn find_client_by_number(
        &mut self,
        number: ClientNumber,
    ) -> Result<Option<ClientSummary>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_clients_by_granting!("WHERE c.number = $1")).bind(number).fetch_optional(conn).await?
        ))
    }

    /// Up to `limit` clients that are not revoked and come after a number, in the order of making.
    pub async fn list_live_clients(
        &mut self,
        after: ClientNumber,
        limit: i64,
    ) -> Result<Vec<ClientSummary>> {
        let statement = select_clients_by_granting!(
            "WHERE c.number > $1 AND c.revoked_at IS NULL ORDER BY c.number LIMIT $2"
        );
        on!(self, conn => Ok(
            sqlx::query_as(statement).bind(after).bind(limit).fetch_all(conn).await?
        ))
    }

    /// The clients with these ids, at most some hundred, in no order.
    pub async fn list_clients_by_id(&mut self, ids: &[ClientId]) -> Result<Vec<ClientSummary>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        on!(self, conn => {
            let mut query = QueryBuilder::new(select_clients_by_granting!("WHERE c.id IN "));
            query.push_tuples(ids, |mut list, id| { list.push_bind(id.as_str()); });
            Ok(query.build_query_as().fetch_all(conn).await?)
        })
    }

    /// The clients with these numbers, at most some hundred, in no order, with their permissions by name.
    pub async fn list_clients_by_number(
        &mut self,
        numbers: &[ClientNumber],
    ) -> Result<Vec<ClientSummary>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        on!(self, conn => {
            let mut query = QueryBuilder::new(select_clients!("WHERE c.number IN "));
            query.push_tuples(numbers, |mut list, number| { list.push_bind(*number); });
            Ok(query.build_query_as().fetch_all(conn).await?)
        })
    }

    /// Sets when a client expires, and the generation of its tokens from now on.
    pub async fn update_client_expiry(
        &mut self,
        number: ClientNumber,
        expires_at: Option<Time>,
        generation: i64,
        version: Version,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET expires_at = $2, generation = $3, version = $4 WHERE number = $1")
                .bind(number)
                .bind(expires_at)
                .bind(generation)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Adds a client under the next free number. The transaction must have raised the directory version, which
    /// serializes writers, so that the number stays free.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when a client has or had this id, [`NameTaken`](super::Error::NameTaken) when
    /// another client of its organization has the name.
    pub async fn insert_client(
        &mut self,
        id: &ClientId,
        new: &CheckedClient,
        stamp: &Stamp,
    ) -> Result<ClientNumber> {
        let name = new.name.clone().unwrap_or_else(|| id.default_name());
        let number: ClientNumber = on!(self, conn => {
            sqlx::query_scalar(
                "INSERT INTO api_clients (number, id, name, name_key, organization_id, scopes, expires_at, generation, created_by, created_at, version)
                 SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, 0, $7, $8, $9 FROM api_clients
                 RETURNING number",
            )
            .bind(id.as_str())
            .bind(&name)
            .bind(name_key(&name))
            .bind(new.organization_id)
            .bind(new.scopes.to_string())
            .bind(new.expires_at)
            .bind(&stamp.by)
            .bind(stamp.at)
            .bind(stamp.version)
            .fetch_one(conn)
            .await?
        });
        let entries = search_entries(number, &name, id, &new.scopes);
        self.insert_search(entries).await?;
        Ok(number)
    }

    /// Updates the changeable columns of a client.
    ///
    /// # Errors
    /// [`NameTaken`](super::Error::NameTaken) when another client of its organization has the name.
    pub async fn update_client(
        &mut self,
        number: ClientNumber,
        update: &ClientUpdate,
        version: Version,
    ) -> Result<()> {
        let before: Option<(String, String)> = on!(self, conn => {
            sqlx::query_as("SELECT name, id FROM api_clients WHERE number = $1").bind(number).fetch_optional(conn).await?
        });
        if let Some((name, id)) = before {
            let (before, after) = (beginnings(&name, &id), beginnings(&update.name, &id));
            self.update_search(Noun::Client, number.0, &before, &after)
                .await?;
        }
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET name = $2, name_key = $3, expires_at = $4, token_ttl = $5, generation = $6, version = $7
                 WHERE number = $1")
                .bind(number)
                .bind(&update.name)
                .bind(name_key(&update.name))
                .bind(update.expires_at)
                .bind(update.token_ttl)
                .bind(update.generation)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Suspends a client, or resumes it with `None`.
    pub async fn update_client_suspension(
        &mut self,
        number: ClientNumber,
        since: Option<Time>,
        version: Version,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET suspended_at = $2, version = $3 WHERE number = $1")
                .bind(number)
                .bind(since)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Revokes a client and raises its generation, so that no token issued before is valid.
    pub async fn revoke_client(&mut self, number: ClientNumber, stamp: &Stamp) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET revoked_by = $2, revoked_at = $3, generation = generation + 1, version = $4 WHERE number = $1")
                .bind(number)
                .bind(&stamp.by)
                .bind(stamp.at)
                .bind(stamp.version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Ends every token of a client that was issued before this version.
    pub async fn revoke_client_tokens(
        &mut self,
        number: ClientNumber,
        version: Version,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET tokens_since = $2, version = $2 WHERE number = $1")
                .bind(number)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Stamps a client whose permissions or secrets changed.
    pub async fn stamp_client(&mut self, number: ClientNumber, version: Version) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET version = $2 WHERE number = $1").bind(number).bind(version).execute(conn).await?;
        });
        Ok(())
    }
}
