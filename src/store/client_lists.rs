//! API clients as filtered pages, and how many there are.

use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientSummary, EXPIRING_DAYS, StatusCounts};
use crate::domain::page::{Cursor, PAGE_SIZE};
use crate::domain::scope::ScopeName;

use super::clients::{Row, select_clients};
use super::{Result, Tx, on};

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

impl Tx {
    /// Up to one more row than a page holds, the newest first; before a cursor, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list_clients(
        &mut self,
        listing: &ClientListing<'_>,
    ) -> Result<Vec<ClientSummary>> {
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
    pub async fn count_clients(
        &mut self,
        filter: &ClientFilter,
        now: Time,
    ) -> Result<StatusCounts> {
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
        Ok(StatusCounts {
            all,
            active,
            expiring,
            expired,
            suspended,
            revoked,
        })
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
}

static FORWARDS: &str = select_clients!(
    "WHERE ",
    filter!(),
    " AND ",
    has_status!(),
    " AND c.number < $8 ORDER BY c.number DESC LIMIT $9"
);

static BACKWARDS: &str = select_clients!(
    "WHERE ",
    filter!(),
    " AND ",
    has_status!(),
    " AND c.number > $8 ORDER BY c.number LIMIT $9"
);

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
        // PostgreSQL takes no text with a NUL in it, and no name or id has one.
        let search = escaped(
            &filter
                .search
                .trim()
                .to_lowercase()
                .replace('\0', "\u{FFFD}"),
        );
        let scope = match filter.scope.as_deref() {
            None | Some("") => String::new(),
            Some(scope) if ScopeName::parse(scope).is_some() => format!("% {} %", escaped(scope)),
            // The text that is searched begins with a space, so this is found nowhere.
            Some(_) => "-".to_owned(),
        };
        Self {
            name: if search.is_empty() {
                String::new()
            } else {
                format!("%{search}%")
            },
            id: format!("{search}%"),
            scope,
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
