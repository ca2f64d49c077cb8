//! API clients: one by one, and as filtered pages.

use crate::domain::Time;
use crate::domain::client::{CheckedClient, Client, ClientFilter, ClientId, ClientSummary, EXPIRING_DAYS, StatusCounts};
use crate::domain::page::{Cursor, PAGE_SIZE};
use crate::domain::permission::PermissionName;
use crate::domain::scope::ScopeName;

use super::{Result, Tx, Version, on};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    number: i64,
    name: String,
    organization_id: Option<i64>,
    organization: Option<String>,
    scopes: String,
    permissions: Option<String>,
    token_ttl: Option<i64>,
    expires_at: Option<Time>,
    suspended_at: Option<Time>,
    revoked_at: Option<Time>,
    revoked_by: Option<String>,
    generation: i64,
    created_at: Time,
    created_by: String,
    version: Version,
}

/// The columns of a client, its permissions in the order of granting.
macro_rules! select_clients {
    ($($rest:expr),+) => {
        concat!(
            "SELECT c.id, c.number, c.name, c.organization_id, o.name AS organization, c.scopes,
                    (SELECT string_agg(p.permission, ' ' ORDER BY p.position) FROM client_permissions p WHERE p.client = c.number) AS permissions,
                    c.token_ttl, c.expires_at, c.suspended_at, c.revoked_at, c.revoked_by,
                    c.generation, c.created_at, c.created_by, c.version
             FROM api_clients c LEFT JOIN organizations o ON o.id = c.organization_id ",
            $($rest),+
        )
    };
}

/// What a list is filtered by, `$1` to `$6`: search in lower case as a pattern, the same as typed as the
/// beginning of an id, organization, scope, now, and the moment before which a client counts as expiring.
macro_rules! filter {
    () => {
        "(CAST($1 AS TEXT) = '' OR c.name_key LIKE $1 ESCAPE '!' OR lower(c.id) LIKE $2 ESCAPE '!')
         AND (CAST($3 AS BIGINT) IS NULL OR c.organization_id = $3)
         AND (CAST($4 AS TEXT) = '' OR ' ' || c.scopes || ' ' LIKE $4 ESCAPE '!')"
    };
}

/// Whether a client has the status `$7`.
macro_rules! has_status {
    () => {
        "CASE $7
            WHEN 'active' THEN c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $5)
            WHEN 'expiring' THEN c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $5 AND c.expires_at < $6
            WHEN 'expired' THEN c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at <= $5
            WHEN 'suspended' THEN c.revoked_at IS NULL AND c.suspended_at IS NOT NULL
            WHEN 'revoked' THEN c.revoked_at IS NOT NULL
            ELSE c.revoked_at IS NULL
         END"
    };
}

/// What a list of clients is asked with.
#[derive(Clone, Debug)]
pub struct ClientListing<'a> {
    /// The filters.
    pub filter: &'a ClientFilter,
    /// Which page.
    pub cursor: Cursor,
    /// When.
    pub now: Time,
}

/// What may change about a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientUpdate {
    /// What people read.
    pub name: String,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
}

impl Tx {
    /// The client with this id.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_client(&mut self, id: &ClientId) -> Result<Option<ClientSummary>> {
        on!(self, conn => Ok(
            sqlx::query_as::<_, Row>(select_clients!("WHERE c.id = $1")).bind(id.as_str()).fetch_optional(conn).await?.map(Into::into)
        ))
    }

    /// The client with this number.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find_client_by_number(&mut self, number: i64) -> Result<Option<ClientSummary>> {
        on!(self, conn => Ok(
            sqlx::query_as::<_, Row>(select_clients!("WHERE c.number = $1")).bind(number).fetch_optional(conn).await?.map(Into::into)
        ))
    }

    /// Up to `limit` clients that are not revoked, in the order of making, after a number.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_live_clients(&mut self, after: i64, limit: i64) -> Result<Vec<ClientSummary>> {
        let statement = select_clients!("WHERE c.number > $1 AND c.revoked_at IS NULL ORDER BY c.number LIMIT $2");
        on!(self, conn => Ok(
            sqlx::query_as::<_, Row>(statement).bind(after).bind(limit).fetch_all(conn).await?.into_iter().map(Into::into).collect()
        ))
    }

    /// Up to one more row than a page holds, the newest first; before a cursor, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_clients(&mut self, listing: &ClientListing<'_>) -> Result<Vec<ClientSummary>> {
        let (statement, key) = match listing.cursor {
            Cursor::First => (FORWARDS, i64::MAX),
            Cursor::After(key) => (FORWARDS, key),
            Cursor::Before(key) => (BACKWARDS, key),
        };
        let patterns = Patterns::of(listing.filter);
        on!(self, conn => Ok(
            sqlx::query_as::<_, Row>(statement)
                .bind(&patterns.name)
                .bind(&patterns.id)
                .bind(listing.filter.organization)
                .bind(&patterns.scope)
                .bind(listing.now)
                .bind(expiring_before(listing.now))
                .bind(listing.filter.status.as_str())
                .bind(key)
                .bind(PAGE_SIZE + 1)
                .fetch_all(conn)
                .await?
                .into_iter()
                .map(Into::into)
                .collect()
        ))
    }

    /// How many clients each status has under the filters, whatever status they ask for.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_clients(&mut self, filter: &ClientFilter, now: Time) -> Result<StatusCounts> {
        let patterns = Patterns::of(filter);
        let (all, active, expiring, expired, suspended, revoked) = on!(self, conn => {
            sqlx::query_as::<_, (i64, i64, i64, i64, i64, i64)>(COUNTS)
                .bind(&patterns.name)
                .bind(&patterns.id)
                .bind(filter.organization)
                .bind(&patterns.scope)
                .bind(now)
                .bind(expiring_before(now))
                .fetch_one(conn)
                .await?
        });
        Ok(StatusCounts { all, active, expiring, expired, suspended, revoked })
    }

    /// How many clients are not revoked, and how many of those belong to no organization.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_live_clients(&mut self) -> Result<(i64, i64)> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT count(*), count(*) - count(organization_id) FROM api_clients WHERE revoked_at IS NULL").fetch_one(conn).await?
        ))
    }

    /// Adds a client under the next free number. The transaction must have raised the directory version,
    /// which lets one writer at a time through, so that the number stays free.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when there is or was a client with this id.
    pub async fn insert_client(&mut self, id: &ClientId, new: &CheckedClient, by: (&str, Time), version: Version) -> Result<i64> {
        let name = new.name.clone().unwrap_or_else(|| id.default_name());
        let scopes = new.scopes.iter().map(ScopeName::as_str).collect::<Vec<_>>().join(" ");
        on!(self, conn => Ok(
            sqlx::query_scalar(
                "INSERT INTO api_clients (number, id, name, name_key, organization_id, scopes, expires_at, generation, created_by, created_at, version)
                 SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, 0, $7, $8, $9 FROM api_clients
                 RETURNING number",
            )
            .bind(id.as_str())
            .bind(&name)
            .bind(name.to_lowercase())
            .bind(new.organization_id)
            .bind(&scopes)
            .bind(new.expires_at)
            .bind(by.0)
            .bind(by.1)
            .bind(version)
            .fetch_one(conn)
            .await?
        ))
    }

    /// Changes what may change about a client.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn update_client(&mut self, number: i64, update: &ClientUpdate, version: Version) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET name = $2, name_key = $3, expires_at = $4, version = $5 WHERE number = $1")
                .bind(number)
                .bind(&update.name)
                .bind(update.name.to_lowercase())
                .bind(update.expires_at)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Suspends a client, or resumes it with `None`.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn update_client_suspension(&mut self, number: i64, since: Option<Time>, version: Version) -> Result<()> {
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

    /// Ends a client for good: the generation moves on, so no token made before fits any more.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn revoke_client(&mut self, number: i64, by: (&str, Time), version: Version) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET revoked_by = $2, revoked_at = $3, generation = generation + 1, version = $4 WHERE number = $1")
                .bind(number)
                .bind(by.0)
                .bind(by.1)
                .bind(version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Stamps a client whose permissions or secrets changed.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn stamp_client(&mut self, number: i64, version: Version) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE api_clients SET version = $2 WHERE number = $1").bind(number).bind(version).execute(conn).await?;
        });
        Ok(())
    }
}

static FORWARDS: &str =
    select_clients!("WHERE ", filter!(), " AND ", has_status!(), " AND c.number < $8 ORDER BY c.number DESC LIMIT $9");

static BACKWARDS: &str =
    select_clients!("WHERE ", filter!(), " AND ", has_status!(), " AND c.number > $8 ORDER BY c.number LIMIT $9");

static COUNTS: &str = concat!(
    "SELECT count(CASE WHEN c.revoked_at IS NULL THEN 1 END),
            count(CASE WHEN c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $5) THEN 1 END),
            count(CASE WHEN c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $5 AND c.expires_at < $6 THEN 1 END),
            count(CASE WHEN c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at <= $5 THEN 1 END),
            count(CASE WHEN c.revoked_at IS NULL AND c.suspended_at IS NOT NULL THEN 1 END),
            count(CASE WHEN c.revoked_at IS NOT NULL THEN 1 END)
     FROM api_clients c
     WHERE ",
    filter!()
);

/// The patterns of a filter, with `!` before what would mean something in one.
struct Patterns {
    name: String,
    id: String,
    scope: String,
}

impl Patterns {
    fn of(filter: &ClientFilter) -> Self {
        let search = escaped(filter.search.trim());
        let scope = filter.scope.as_deref().map(escaped).unwrap_or_default();
        Self {
            name: if search.is_empty() { String::new() } else { format!("%{}%", search.to_lowercase()) },
            id: format!("{}%", search.to_lowercase()),
            scope: if scope.is_empty() { scope } else { format!("% {scope} %") },
        }
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(character);
    }
    escaped
}

fn expiring_before(now: Time) -> Time {
    now + chrono::TimeDelta::days(EXPIRING_DAYS)
}

impl From<Row> for ClientSummary {
    fn from(row: Row) -> Self {
        let client = Client {
            id: ClientId::parse(&row.id).expect("only ids that parse are stored"),
            number: row.number,
            name: row.name,
            organization_id: row.organization_id,
            scopes: row.scopes.split(' ').filter_map(ScopeName::parse).collect(),
            permissions: row.permissions.iter().flat_map(|names| names.split(' ')).filter_map(PermissionName::parse).collect(),
            token_ttl: row.token_ttl,
            expires_at: row.expires_at,
            suspended_at: row.suspended_at,
            revoked_at: row.revoked_at,
            revoked_by: row.revoked_by,
            generation: row.generation,
            created_at: row.created_at,
            created_by: row.created_by,
            version: row.version,
        };
        Self { client, organization: row.organization }
    }
}
