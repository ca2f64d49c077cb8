//! The statements of filtered lists and their counts, composed so that each is answered from an index.

use chrono::TimeDelta;

use super::clients::select_clients;
use super::search::{Noun, SearchedTable, Term};
use crate::domain::Time;
use crate::domain::client::{ClientFilter, EXPIRING_DAYS, ID_MAX, NAME_MAX, StatusFilter};
use crate::domain::ids::OrganizationId;
use crate::domain::page::Cursor;
use crate::domain::permission::PermissionName;
use crate::domain::scope::ScopeName;

// The parameters of statements: `$1` now, `$2` the moment before which a client counts as expiring, `$3` the most rows,
// `$4` the organization, `$5` the key that the page begins after; then those of the terms.

/// How many parameters come before those of the terms.
const COMMON_PARAMETERS: usize = 5;

const ALL: &str = "c.revoked_at IS NULL";
const ACTIVE: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $1)";
const EXPIRING: &str =
    "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1 AND c.expires_at < $2";
const EXPIRED: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at <= $1";
const SUSPENDED: &str = "c.revoked_at IS NULL AND c.suspended_at IS NOT NULL";
const REVOKED: &str = "c.revoked_at IS NOT NULL";

/// Active clients without an expiry, and with one: each has an index of its own.
const ENDLESS: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at IS NULL";
const ENDING: &str = "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1";

pub(super) const OF_ORGANIZATION: &str = "c.organization_id = $4";

pub(super) const CLIENTS: SearchedTable = SearchedTable {
    table: "api_clients c",
    key: "c.number",
    text: "c.name_key || ' ' || lower(c.id)",
};

/// How SQLite reaches the rows of a page; PostgreSQL plans by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessPath {
    /// By an index of the organization or the status, which match few rows. The terms are looked up for each row.
    Few,
    /// By number, the newest first.
    Newest,
    /// By the rows of the first term, the newest first.
    Term,
}

/// The filters as parameters of statements.
pub(super) struct FilterQuery {
    pub(super) organization: Option<OrganizationId>,
    /// The search terms, the scope and the permission.
    pub(super) terms: Vec<Term>,
}

impl FilterQuery {
    /// None when nothing can match: the search is longer than any name or id, or no scope or permission has this name.
    pub(super) fn of(filter: &ClientFilter) -> Option<Self> {
        if filter.search.trim().chars().count() > NAME_MAX.max(ID_MAX) {
            return None;
        }
        let mut terms = Term::typed(Noun::Client, &filter.search);
        if let Some(scope) = filter.scope.as_deref().filter(|scope| !scope.is_empty()) {
            let scope = ScopeName::parse(scope)?;
            terms.push(Term::whole(Noun::ScopeOfClient, scope.as_str()));
        }
        let permission = filter.permission.as_deref();
        if let Some(permission) = permission.filter(|permission| !permission.is_empty()) {
            let permission = PermissionName::parse(permission)?;
            terms.push(Term::whole(Noun::PermissionOfClient, permission.as_str()));
        }
        Some(Self {
            organization: filter.organization,
            terms,
        })
    }

    /// The statement of one page, with the values of its terms: first the numbers of its rows, from indexes; then the
    /// columns of those rows alone.
    pub(super) fn page(
        &self,
        path: AccessPath,
        status: StatusFilter,
        cursor: Cursor,
    ) -> (String, Vec<String>) {
        let (beyond, order) = match cursor {
            Cursor::First | Cursor::After(_) => ("<", "DESC"),
            Cursor::Before(_) => (">", "ASC"),
        };
        let mut parts = CLIENTS.with(&self.terms, path == AccessPath::Term, COMMON_PARAMETERS);
        let organization = self.organization.map(|_| OF_ORGANIZATION);
        let others = organization.into_iter().chain([has_status(status)]);
        parts.conditions.extend(others.map(ToOwned::to_owned));
        let key = match path {
            AccessPath::Term => parts.key,
            AccessPath::Few | AccessPath::Newest => by_number(path, status),
        };
        // The plus sign has SQLite sort the finished rows. So it computes all of them before it hands over the first, and
        // its thread and the server's take turns once instead of once a row, which cost as much as computing them.
        let text = format!(
            "{} WHERE c.number IN (SELECT c.number FROM {} WHERE {} AND {key} {beyond} $5 ORDER BY {key} {order} LIMIT $3)
             ORDER BY +c.number {order}",
            select_clients!(""),
            parts.from,
            parts.conditions.join(" AND "),
        );
        (text, parts.values)
    }

    /// Counts, from an index and up to `$3`, the rows that match the organization and the status; none where that is
    /// most of all clients.
    pub(super) fn left(&self, status: StatusFilter) -> Option<String> {
        let is_most = matches!(status, StatusFilter::All | StatusFilter::Active);
        let leaving: Vec<&str> = [
            self.organization.is_some().then_some(OF_ORGANIZATION),
            (!is_most).then_some(has_status(status)),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!leaving.is_empty()).then(|| bounded(&leaving.join(" AND "), "$3"))
    }
}

/// Counts the clients that are not revoked, up to `$1`.
pub(super) fn live() -> String {
    bounded(ALL, "$1")
}

/// Counts those that belong to no organization, up to `$1`.
pub(super) fn unbound() -> String {
    bounded(&format!("{ALL} AND c.organization_id IS NULL"), "$1")
}

/// The counts of every status, each up to `$3` from an index: all, active without an expiry, active with one, expiring,
/// expired, suspended, revoked.
pub(super) fn by_status() -> String {
    let counts = [ALL, ENDLESS, ENDING, EXPIRING, EXPIRED, SUSPENDED, REVOKED]
        .map(|condition| format!("({})", bounded(condition, "$3")));
    format!("SELECT {}", counts.join(", "))
}

/// The first expiry after `$1`, and the first at `$2` or after it.
pub(super) fn next_expiries() -> String {
    let next = |beyond: &str| {
        format!(
            "SELECT min(c.expires_at) FROM api_clients c
             WHERE c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at IS NOT NULL AND c.expires_at {beyond}"
        )
    };
    format!("SELECT ({}), ({})", next("> $1"), next(">= $2"))
}

/// Counts the clients that meet a condition, up to a limit.
fn bounded(condition: &str, limit: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE {condition} LIMIT {limit}) counted"
    )
}

/// The condition for a status.
pub(super) fn has_status(status: StatusFilter) -> &'static str {
    match status {
        StatusFilter::All => ALL,
        StatusFilter::Active => ACTIVE,
        StatusFilter::Expiring => EXPIRING,
        StatusFilter::Expired => EXPIRED,
        StatusFilter::Suspended => SUSPENDED,
        StatusFilter::Revoked => REVOKED,
    }
}

/// The order of a list. For a status that depends on the expiry, the plus sign keeps SQLite from the index of numbers:
/// clients that expire soon may be anywhere in it. Where very many have expired, reading by number finds some soon.
fn by_number(path: AccessPath, status: StatusFilter) -> &'static str {
    match (path, status) {
        (AccessPath::Newest, StatusFilter::Expired) => "c.number",
        (_, StatusFilter::Expiring | StatusFilter::Expired) => "+c.number",
        _ => "c.number",
    }
}

/// How long before its end a client counts as expiring.
pub(super) const EXPIRING_PERIOD: TimeDelta = TimeDelta::days(EXPIRING_DAYS);

pub(super) fn expiring_before(now: Time) -> Time {
    now + EXPIRING_PERIOD
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query_plan::plan;
    use crate::store::search::ranks;
    use crate::store::{Missing, Store};

    /// Every combination of search, organization and scope, with the access paths that may serve it.
    fn choices() -> Vec<(FilterQuery, Vec<AccessPath>)> {
        let mut choices = Vec::new();
        for search in ["", "data", "open participation", "a b c d e f g h i"] {
            for organization in [None, Some(OrganizationId(1))] {
                for scope in [None, Some("blogs".to_owned())] {
                    let filter = ClientFilter {
                        search: search.to_owned(),
                        organization,
                        permission: scope.clone().map(|scope| scope + ".read"),
                        scope,
                        ..ClientFilter::default()
                    };
                    let filter_query = FilterQuery::of(&filter).unwrap();
                    let mut paths = vec![AccessPath::Few, AccessPath::Newest];
                    paths.extend((!filter_query.terms.is_empty()).then_some(AccessPath::Term));
                    choices.push((filter_query, paths));
                }
            }
        }
        choices
    }

    /// Whether a step scans the table of clients, other than by a covering index.
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

        for (filter_query, paths) in choices() {
            for path in paths {
                for status in StatusFilter::EVERY {
                    for cursor in [Cursor::First, Cursor::Before(7)] {
                        let (statement, _) = filter_query.page(path, status, cursor);
                        let steps = plan(&mut tx, &statement).await;
                        let message = format!("{statement}\n{steps}");
                        assert!(!steps.contains("SCAN"), "{message}");
                        // Only rows with an expiry are sorted: the others are read in order, newest first.
                        // Beside the rows of the page.
                        let sorts = steps.matches("TEMP B-TREE FOR ORDER BY").count() > 1;
                        let may_sort =
                            path != AccessPath::Term && by_number(path, status) != "c.number";
                        assert!(!sorts || may_sort, "{message}");
                        // Every term but the leading one is looked up.
                        let terms = statement.matches("search_words").count();
                        let looked_up = steps.matches("(noun=? AND beginning=? AND number=?)");
                        let led = usize::from(path == AccessPath::Term);
                        assert_eq!(looked_up.count() + led, terms, "{message}");
                    }
                }
            }
        }
    }

    #[tokio::test]
    async fn no_count_is_read_from_every_client() {
        let (_folder, store) = empty().await;
        let mut tx = store.read().await.unwrap();
        let mut statements = vec![live(), unbound(), by_status(), next_expiries()];
        for (filter_query, _) in choices() {
            statements.extend(
                StatusFilter::EVERY
                    .into_iter()
                    .filter_map(|status| filter_query.left(status)),
            );
            statements.extend((!filter_query.terms.is_empty()).then(|| ranks(&filter_query.terms)));
        }
        for statement in statements {
            let steps = plan(&mut tx, &statement).await;
            assert!(!steps.lines().any(is_scan), "{statement}\n{steps}");
        }
    }
}
