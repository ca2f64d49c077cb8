//! API clients as filtered pages, and how many there are, each from an index: neither a page nor a count grows
//! with the number of clients.

use sqlx::AssertSqlSafe;

use crate::domain::Time;
use crate::domain::client::{
    ClientFilter, ClientSummary, EXPIRING_DAYS, StatusCounts, StatusFilter,
};
use crate::domain::count::{COUNT_BOUND, Count};
use crate::domain::page::{Cursor, PAGE_SIZE};
use crate::domain::scope::ScopeName;

use super::clients::{Row, select_clients};
use super::search::{Search, escaped};
use super::{Result, Tx, on};

/// Clients of one status are looked through one by one when there are no more than this; beyond, their number
/// makes a match among the newest likely enough to ask the search index.
const FEW: i64 = 5_000;

// What statements are given: `$1` now, `$2` the moment before which a client counts as expiring, `$3` the
// organization, `$4` how many rows at most, `$5` and `$6` patterns of the search, `$7` the pattern of the scope,
// `$8` what the search index is asked for, `$9` the key that the page begins after.

/// Counts the clients that fit a condition, up to a limit.
macro_rules! bounded {
    ($condition:expr, $limit:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE ",
            $condition,
            " LIMIT ",
            $limit,
            ") counted"
        )
    };
}

macro_rules! all {
    () => {
        "c.revoked_at IS NULL"
    };
}

macro_rules! active {
    () => {
        "c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $1)"
    };
}

macro_rules! expiring {
    () => {
        "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1 AND c.expires_at < $2"
    };
}

macro_rules! expired {
    () => {
        "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at <= $1"
    };
}

macro_rules! suspended {
    () => {
        "c.revoked_at IS NULL AND c.suspended_at IS NOT NULL"
    };
}

macro_rules! revoked {
    () => {
        "c.revoked_at IS NOT NULL"
    };
}

const OF_ORGANIZATION: &str = "c.organization_id = $3";
const SEARCHED: &str = "(c.name_key LIKE $5 ESCAPE '!' OR c.name_key LIKE $6 ESCAPE '!' OR lower(c.id) LIKE $6 ESCAPE '!')";
const OF_SCOPE: &str = "' ' || c.scopes || ' ' LIKE $7 ESCAPE '!'";

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
        let ClientListing {
            filter,
            cursor,
            now,
        } = *listing;
        let asked = Asked::of(filter);
        let key = match cursor {
            Cursor::First => i64::MAX,
            Cursor::After(key) | Cursor::Before(key) => key,
        };
        let lead = self.lead(&asked, Some(filter.status), now).await?;
        let statement = asked.page(lead, filter.status, cursor);
        let keep = self.keeps_plans();
        on!(self, conn => Ok(
            sqlx::query_as::<_, Row>(AssertSqlSafe(statement))
                .bind(now)
                .bind(expiring_before(now))
                .bind(asked.organization)
                .bind(PAGE_SIZE + 1)
                .bind(&asked.within)
                .bind(&asked.beginning)
                .bind(&asked.scope)
                .bind(&asked.trigrams)
                .bind(key)
                .persistent(keep)
                .fetch_all(conn)
                .await?
                .into_iter()
                .map(Into::into)
                .collect()
        ))
    }

    /// How many clients each status has under the filters, whatever status they ask for. Without a filter each
    /// is counted up to the bound; under one, what the newest clients up to the bound have is "at least".
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_clients(
        &mut self,
        filter: &ClientFilter,
        now: Time,
    ) -> Result<StatusCounts> {
        let asked = Asked::of(filter);
        let lead = self.lead(&asked, None, now).await?;
        let statement = asked.counts(lead);
        let keep = self.keeps_plans();
        let (examined, all, active, expiring, expired, suspended, revoked) = on!(self, conn => {
            sqlx::query_as::<_, (i64, i64, i64, i64, i64, i64, i64)>(AssertSqlSafe(statement))
                .bind(now)
                .bind(expiring_before(now))
                .bind(asked.organization)
                .bind(COUNT_BOUND + 1)
                .bind(&asked.within)
                .bind(&asked.beginning)
                .bind(&asked.scope)
                .bind(&asked.trigrams)
                .persistent(keep)
                .fetch_one(conn)
                .await?
        });
        let count = if examined > COUNT_BOUND {
            Count::at_least
        } else {
            Count::bounded
        };
        Ok(StatusCounts {
            all: count(all),
            active: count(active),
            expiring: count(expiring),
            expired: count(expired),
            suspended: count(suspended),
            revoked: count(revoked),
        })
    }

    /// How many clients are not revoked.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_live_clients(&mut self) -> Result<Count> {
        let statement = bounded!("c.revoked_at IS NULL", "$1");
        on!(self, conn => Ok(Count::bounded(
            sqlx::query_scalar(statement).bind(COUNT_BOUND + 1).fetch_one(conn).await?
        )))
    }

    /// How many clients belong to no organization and are not revoked.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn count_unbound_clients(&mut self) -> Result<Count> {
        let statement = bounded!("c.organization_id IS NULL AND c.revoked_at IS NULL", "$1");
        on!(self, conn => Ok(Count::bounded(
            sqlx::query_scalar(statement).bind(COUNT_BOUND + 1).fetch_one(conn).await?
        )))
    }

    /// What leads to the rows: the search index, unless the organization or the status leaves few of them.
    async fn lead(
        &mut self,
        asked: &Asked,
        status: Option<StatusFilter>,
        now: Time,
    ) -> Result<Lead> {
        // This engine knows how often a value occurs, and weighs its indexes by itself.
        if matches!(self, Self::Postgres(_)) {
            return Ok(Lead::Planner);
        }
        if asked.trigrams.is_empty() {
            return Ok(Lead::Rows);
        }
        let limits = [
            asked
                .organization
                .map(|_| (bounded!("c.organization_id = $3", "$4"), COUNT_BOUND)),
            status.and_then(few).map(|statement| (statement, FEW)),
        ];
        for (statement, bound) in limits.into_iter().flatten() {
            let counted: i64 = on!(self, conn => {
                sqlx::query_scalar(statement)
                    .bind(now)
                    .bind(expiring_before(now))
                    .bind(asked.organization)
                    .bind(bound + 1)
                    .fetch_one(conn)
                    .await?
            });
            if counted <= bound {
                return Ok(Lead::Rows);
            }
        }
        Ok(Lead::Search)
    }

    /// Whether a plan is used again for other values. PostgreSQL would make one that fits none of them well.
    fn keeps_plans(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// What leads to the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    /// The rows themselves and their indexes; SQLite looks into each for the term.
    Rows,
    /// SQLite's search index, newest first.
    Search,
    /// Whatever PostgreSQL finds best.
    Planner,
}

/// The filters as statements are given them.
struct Asked {
    organization: Option<i64>,
    within: String,
    beginning: String,
    trigrams: String,
    scope: String,
    is_nonsense: bool,
}

impl Asked {
    fn of(filter: &ClientFilter) -> Self {
        let search = Search::of(&filter.search).unwrap_or_default();
        let (scope, is_nonsense) = match filter.scope.as_deref() {
            None | Some("") => (String::new(), false),
            Some(scope) if ScopeName::parse(scope).is_some() => {
                (format!("% {} %", escaped(scope)), false)
            }
            Some(_) => (String::new(), true),
        };
        Self {
            organization: filter.organization,
            within: search.within,
            beginning: search.beginning,
            trigrams: search.trigrams,
            scope,
            is_nonsense,
        }
    }

    /// The statement of one page: first the numbers of its rows, from indexes; then those rows alone as a whole.
    fn page(&self, lead: Lead, status: StatusFilter, cursor: Cursor) -> String {
        let (beyond, order) = match cursor {
            Cursor::First | Cursor::After(_) => ("<", "DESC"),
            Cursor::Before(_) => (">", "ASC"),
        };
        let (from, key, mut conditions) = match lead {
            // A cross join is one that SQLite does in the order given.
            Lead::Search => (
                "client_search s CROSS JOIN api_clients c ON c.number = s.rowid",
                "s.rowid",
                vec!["s.client_search MATCH $8"],
            ),
            Lead::Rows | Lead::Planner => ("api_clients c", by_number(status), Vec::new()),
        };
        conditions.extend(self.conditions());
        conditions.push(has_status(status));
        format!(
            "{} WHERE c.number IN (SELECT c.number FROM {from} WHERE {} AND {key} {beyond} $9 ORDER BY {key} {order} LIMIT $4)
             ORDER BY c.number {order}",
            select_clients!(""),
            conditions.join(" AND "),
        )
    }

    /// The statement of the counts.
    fn counts(&self, lead: Lead) -> String {
        let conditions = self.conditions();
        if conditions.is_empty() {
            return COUNTS.to_owned();
        }
        // The newest rows under the filters that an index answers; the others are held against each of them.
        let (from, key, lets_through) = match lead {
            Lead::Search => (
                "client_search s",
                "s.rowid",
                "s.client_search MATCH $8".to_owned(),
            ),
            Lead::Rows if self.organization.is_some() => {
                ("api_clients c", "c.number", OF_ORGANIZATION.to_owned())
            }
            Lead::Planner if self.organization.is_some() || !self.trigrams.is_empty() => {
                ("api_clients c", "c.number", conditions.join(" AND "))
            }
            Lead::Rows | Lead::Planner => ("api_clients c", "c.number", "1 = 1".to_owned()),
        };
        let count = |status| {
            format!(
                "count(CASE WHEN c.fits AND {} THEN 1 END)",
                has_status(status)
            )
        };
        format!(
            "SELECT count(*), {}
             FROM (SELECT c.revoked_at, c.suspended_at, c.expires_at, ({}) AS fits
                   FROM (SELECT {key} AS number FROM {from} WHERE {lets_through} ORDER BY {key} DESC LIMIT $4) newest
                   JOIN api_clients c ON c.number = newest.number) c",
            StatusFilter::EVERY.map(count).join(", "),
            conditions.join(" AND "),
        )
    }

    /// What a row must fit, besides the status.
    fn conditions(&self) -> Vec<&'static str> {
        [
            self.organization.is_some().then_some(OF_ORGANIZATION),
            (!self.trigrams.is_empty()).then_some(SEARCHED),
            (!self.scope.is_empty()).then_some(OF_SCOPE),
            self.is_nonsense.then_some("1 = 0"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The counts of every client, each from the index of its status.
static COUNTS: &str = concat!(
    "SELECT CAST(0 AS BIGINT), (",
    bounded!(all!(), "$4"),
    "), (",
    bounded!(active!(), "$4"),
    "), (",
    bounded!(expiring!(), "$4"),
    "), (",
    bounded!(expired!(), "$4"),
    "), (",
    bounded!(suspended!(), "$4"),
    "), (",
    bounded!(revoked!(), "$4"),
    ")"
);

/// Whether a client has a status.
fn has_status(status: StatusFilter) -> &'static str {
    match status {
        StatusFilter::All => all!(),
        StatusFilter::Active => active!(),
        StatusFilter::Expiring => expiring!(),
        StatusFilter::Expired => expired!(),
        StatusFilter::Suspended => suspended!(),
        StatusFilter::Revoked => revoked!(),
    }
}

/// Counts the clients of a status that few may have.
fn few(status: StatusFilter) -> Option<&'static str> {
    match status {
        StatusFilter::All | StatusFilter::Active => None,
        StatusFilter::Expiring => Some(bounded!(expiring!(), "$4")),
        StatusFilter::Expired => Some(bounded!(expired!(), "$4")),
        StatusFilter::Suspended => Some(bounded!(suspended!(), "$4")),
        StatusFilter::Revoked => Some(bounded!(revoked!(), "$4")),
    }
}

/// The order of a list. Where the end decides, the plus keeps the index of numbers out of it: those that end soon
/// may be anywhere among the newest.
fn by_number(status: StatusFilter) -> &'static str {
    match status {
        StatusFilter::Expiring | StatusFilter::Expired => "+c.number",
        _ => "c.number",
    }
}

fn expiring_before(now: Time) -> Time {
    now + chrono::TimeDelta::days(EXPIRING_DAYS)
}
