//! The statements behind filtered lists and their counts, put together from what is asked for, so that each is
//! answered from an index.

use super::clients::select_clients;
use super::search::{Search, escaped, scope_trigrams};
use crate::domain::Time;
use crate::domain::client::{ClientFilter, EXPIRING_DAYS, ID_MAX, NAME_MAX, StatusFilter};
use crate::domain::page::Cursor;
use crate::domain::scope::ScopeName;

// What statements are given: `$1` now, `$2` the moment before which a client counts as expiring, `$3` the
// organization, `$4` how many rows at most, `$5` and `$6` patterns of the search, `$7` the pattern of the scope,
// `$8` what the search index is asked for, `$9` the key that the page begins after.

const ALL: &str = "c.revoked_at IS NULL";
const ACTIVE: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $1)";
const EXPIRING: &str =
    "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1 AND c.expires_at < $2";
const EXPIRED: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at <= $1";
const SUSPENDED: &str = "c.revoked_at IS NULL AND c.suspended_at IS NOT NULL";
const REVOKED: &str = "c.revoked_at IS NOT NULL";

/// Of the active ones those without an end, and those with one: each has an index of its own.
const ENDLESS: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at IS NULL";
const ENDING: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1";

const OF_ORGANIZATION: &str = "c.organization_id = $3";
const SEARCHED: &str = "(c.name_key LIKE $5 ESCAPE '!' OR c.name_key LIKE $6 ESCAPE '!' OR lower(c.id) LIKE $6 ESCAPE '!')";
const OF_SCOPE: &str = "' ' || c.scopes || ' ' LIKE $7 ESCAPE '!'";

/// What leads to the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessPath {
    /// An index of what was asked for besides the term, which leaves few; SQLite looks into each for the term.
    Few,
    /// All of them, the newest first.
    Newest,
    /// SQLite's search index, newest first.
    Search,
    /// Whatever PostgreSQL finds best.
    Planner,
}

/// The filters as statements are given them.
pub(super) struct Asked {
    pub(super) organization: Option<i64>,
    pub(super) search: Search,
    pub(super) scope: String,
    in_scope: String,
    is_nonsense: bool,
}

impl Asked {
    pub(super) fn of(filter: &ClientFilter) -> Self {
        let named = filter.scope.as_deref().filter(|scope| !scope.is_empty());
        let scope = named.and_then(ScopeName::parse);
        // No name or id is as long, and SQLite takes no pattern of any length.
        let is_too_long = filter.search.trim().chars().count() > NAME_MAX.max(ID_MAX);
        let term = Some(&filter.search).filter(|_| !is_too_long);
        Self {
            organization: filter.organization,
            search: term.and_then(|term| Search::of(term)).unwrap_or_default(),
            in_scope: scope.as_ref().map(scope_trigrams).unwrap_or_default(),
            is_nonsense: is_too_long || named.is_some() && scope.is_none(),
            scope: scope.map_or_else(String::new, |scope| {
                format!("% {} %", escaped(scope.as_str()))
            }),
        }
    }

    /// Whether the search index could tell anything.
    pub(super) fn is_searched(&self) -> bool {
        !self.expression(&[]).is_empty()
    }

    /// What the search index is asked for, given how common each candidate is; empty when it could not tell anything.
    pub(super) fn expression(&self, commonness: &[i64]) -> String {
        let parts: Vec<String> = [self.search.expression(commonness), self.in_scope.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| format!("({part})"))
            .collect();
        parts.join(" AND ")
    }

    /// The statement of one page: first the numbers of its rows, from indexes; then those rows alone as a whole.
    pub(super) fn page(&self, path: AccessPath, status: StatusFilter, cursor: Cursor) -> String {
        let (beyond, order) = match cursor {
            Cursor::First | Cursor::After(_) => ("<", "DESC"),
            Cursor::Before(_) => (">", "ASC"),
        };
        let (from, key, mut conditions) = match path {
            // A cross join is one that SQLite does in the order given.
            AccessPath::Search => (
                "client_search s CROSS JOIN api_clients c ON c.number = s.rowid",
                "s.rowid",
                vec!["s.client_search MATCH $8"],
            ),
            AccessPath::Few | AccessPath::Newest | AccessPath::Planner => {
                ("api_clients c", by_number(path, status), Vec::new())
            }
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
    pub(super) fn counts(&self, path: AccessPath) -> String {
        let conditions = self.conditions();
        if conditions.is_empty() {
            return counts_of_all();
        }
        // The newest rows under the filters that an index answers; the others are held against each of them.
        let (from, key) = match path {
            AccessPath::Search => ("client_search s", "s.rowid"),
            AccessPath::Few | AccessPath::Newest | AccessPath::Planner => {
                ("api_clients c", "c.number")
            }
        };
        let lets_through = match path {
            _ if self.is_nonsense => "1 = 0".to_owned(),
            AccessPath::Search => "s.client_search MATCH $8".to_owned(),
            AccessPath::Few | AccessPath::Newest if self.organization.is_some() => {
                OF_ORGANIZATION.to_owned()
            }
            AccessPath::Few | AccessPath::Newest => "1 = 1".to_owned(),
            AccessPath::Planner => conditions.join(" AND "),
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

    /// Counts, from an index and up to `$4`, what the organization and the status leave, or the organization alone where
    /// every status is asked for; none where that is most of all clients.
    pub(super) fn left(&self, status: Option<StatusFilter>) -> Option<String> {
        let rare =
            |status: &StatusFilter| !matches!(status, StatusFilter::All | StatusFilter::Active);
        let leaving: Vec<&str> = [
            self.organization.is_some().then_some(OF_ORGANIZATION),
            status.filter(rare).map(has_status),
            status.is_none().then_some("1 = 1"),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!leaving.is_empty()).then(|| bounded(&leaving.join(" AND "), "$4"))
    }

    /// What a row must fit, besides the status.
    fn conditions(&self) -> Vec<&'static str> {
        [
            self.organization.is_some().then_some(OF_ORGANIZATION),
            (!self.search.within.is_empty()).then_some(SEARCHED),
            (!self.scope.is_empty()).then_some(OF_SCOPE),
            self.is_nonsense.then_some("1 = 0"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Counts the clients that are not revoked, up to `$1`.
pub(super) fn live() -> String {
    bounded(ALL, "$1")
}

/// Counts those of them that belong to no organization, up to `$1`.
pub(super) fn unbound() -> String {
    bounded(&format!("{ALL} AND c.organization_id IS NULL"), "$1")
}

/// The counts of every client, each from the index of its status.
fn counts_of_all() -> String {
    let [all, expiring, expired, suspended, revoked, endless, ending] =
        [ALL, EXPIRING, EXPIRED, SUSPENDED, REVOKED, ENDLESS, ENDING]
            .map(|condition| bounded(condition, "$4"));
    format!(
        "SELECT CAST(0 AS BIGINT), ({all}), ({endless}) + ({ending}), ({expiring}), ({expired}), ({suspended}), ({revoked})"
    )
}

/// Counts the clients that fit a condition, up to a limit.
fn bounded(condition: &str, limit: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE {condition} LIMIT {limit}) counted"
    )
}

/// Whether a client has a status.
fn has_status(status: StatusFilter) -> &'static str {
    match status {
        StatusFilter::All => ALL,
        StatusFilter::Active => ACTIVE,
        StatusFilter::Expiring => EXPIRING,
        StatusFilter::Expired => EXPIRED,
        StatusFilter::Suspended => SUSPENDED,
        StatusFilter::Revoked => REVOKED,
    }
}

/// The order of a list. Where the end decides, the plus keeps the index of numbers out of it: those that end soon
/// may be anywhere among the newest. Of very many that have ended, some are.
fn by_number(path: AccessPath, status: StatusFilter) -> &'static str {
    match (path, status) {
        (AccessPath::Newest, StatusFilter::Expired) => "c.number",
        (_, StatusFilter::Expiring | StatusFilter::Expired) => "+c.number",
        _ => "c.number",
    }
}

pub(super) fn expiring_before(now: Time) -> Time {
    now + chrono::TimeDelta::days(EXPIRING_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Missing, Store, Tx};

    /// A filter for every choice of search, organization and scope, and what may path to its clients.
    fn filters() -> Vec<(ClientFilter, Asked, Vec<AccessPath>)> {
        let mut filters = Vec::new();
        for search in ["", "data"] {
            for organization in [None, Some(1)] {
                for scope in [None, Some("blogs".to_owned())] {
                    let filter = ClientFilter {
                        search: search.to_owned(),
                        organization,
                        scope,
                        ..ClientFilter::default()
                    };
                    let asked = Asked::of(&filter);
                    let mut leads = vec![AccessPath::Few, AccessPath::Newest];
                    leads.extend(asked.is_searched().then_some(AccessPath::Search));
                    filters.push((filter, asked, leads));
                }
            }
        }
        filters
    }

    /// What SQLite would do, a step a line.
    async fn plan(tx: &mut Tx, statement: &str) -> String {
        let Tx::Sqlite(tx) = tx else { unreachable!() };
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(&mut **tx).await.unwrap();
        let steps: Vec<String> = steps.into_iter().map(|step| step.3).collect();
        steps.join("\n")
    }

    /// Whether a step reads rows one after the other, and not those of an index that holds them alone.
    fn is_scan(step: &str) -> bool {
        step == "SCAN c" || step.starts_with("SCAN c ") && !step.contains("COVERING INDEX")
    }

    async fn empty() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn no_page_is_read_from_every_client() {
        let (_folder, store) = empty().await;
        let mut tx = store.read().await.unwrap();
        let scan = plan(&mut tx, "SELECT 1 FROM api_clients c WHERE c.name = ''").await;
        assert!(scan.lines().any(is_scan), "{scan}");

        for (filter, asked, leads) in filters() {
            for path in leads {
                for status in StatusFilter::EVERY {
                    for cursor in [Cursor::First, Cursor::Before(7)] {
                        let steps = plan(&mut tx, &asked.page(path, status, cursor)).await;
                        let told = format!("{filter:?} {path:?} {status:?} {cursor:?}\n{steps}");
                        assert!(!steps.contains("SCAN c"), "{told}");
                        // Only those with an end are sorted: the others stream, newest first.
                        let sorts = steps.contains("TEMP B-TREE FOR ORDER BY");
                        let may_sort =
                            path != AccessPath::Search && by_number(path, status) != "c.number";
                        assert!(!sorts || may_sort, "{told}");
                    }
                }
            }
        }
    }

    #[tokio::test]
    async fn no_count_is_read_from_every_client() {
        let (_folder, store) = empty().await;
        let mut tx = store.read().await.unwrap();
        let mut statements = vec![live(), unbound()];
        for (_, asked, leads) in filters() {
            statements.extend(leads.into_iter().map(|path| asked.counts(path)));
            let statuses = StatusFilter::EVERY.into_iter().map(Some).chain([None]);
            statements.extend(statuses.filter_map(|status| asked.left(status)));
        }
        for statement in statements {
            let steps = plan(&mut tx, &statement).await;
            assert!(!steps.lines().any(is_scan), "{statement}\n{steps}");
        }
    }
}
