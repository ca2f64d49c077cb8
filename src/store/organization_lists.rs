//! Pages of organizations by name, searched or not. The cost of neither grows with the number of organizations.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

use crate::domain::Time;
use crate::domain::count::{COUNT_BOUND, Count};
use crate::domain::ids::OrganizationId;
use crate::domain::organization::OrganizationChoice;
use crate::domain::organization::{Organization, OrganizationSummary};
use crate::domain::page::Cursor;

use super::search::{Noun, SearchedTable, Term};
use super::types::{name_key, read_from_row};
use super::{Result, Tx, on};

/// At most so many matches of a search are sorted by name. Where there are more, reading by name finds some soon enough.
const SORTED: i64 = 5_000;

/// No name and no host is longer (RFC 1035 §2.3.4).
const SEARCH_MAX: usize = 255;

// The parameters of a page: `$1` now, `$2` the most clients that are counted, `$3` and `$4` the name's key and the id that
// it begins after, `$5` the most rows; then those of the terms.

/// How many parameters come before those of the terms.
const COMMON_PARAMETERS: usize = 5;

const ORGANIZATIONS: SearchedTable = SearchedTable {
    table: "organizations o",
    key: "o.id",
    text: "o.name_key || ' ' || coalesce(o.host, '')",
};

const COLUMNS: &str =
    "o.id, o.name, o.host, o.created_at, o.archived_at, o.tokens_since, o.version";

/// [`COLUMNS`] with the numbers of clients, each counted from an index up to a limit.
const SUMMARY_COLUMNS: &str =
    "o.id, o.name, o.host, o.created_at, o.archived_at, o.tokens_since, o.version,
     (SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE c.organization_id = o.id
        AND c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at IS NULL LIMIT $2) counted) AS endless_clients,
     (SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE c.organization_id = o.id
        AND c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1 LIMIT $2) counted) AS ending_clients,
     (SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE c.organization_id = o.id
        AND c.revoked_at IS NOT NULL LIMIT $2) counted) AS revoked_clients";

read_from_row!(OrganizationSummary, row => OrganizationSummary {
    organization: Organization::from_row(row)?,
    active_clients: Count::bounded(
        row.try_get::<i64, _>("endless_clients")? + row.try_get::<i64, _>("ending_clients")?,
    ),
    revoked_clients: Count::bounded(row.try_get("revoked_clients")?),
});

read_from_row!(OrganizationChoice { id, name });

/// The parameters of a list of organizations.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationListing<'a> {
    /// Terms, separated by spaces: each is the beginning of a word in the name or the host, or of the id.
    pub search: &'a str,
    /// Whether the archived ones are listed, or the others.
    pub archived: bool,
    /// Which page, by the id of an organization.
    pub cursor: Cursor,
    /// The most rows.
    pub limit: i64,
    /// The present moment.
    pub now: Time,
}

impl OrganizationListing<'_> {
    /// The statement, with the values of its terms: first the ids of its rows, in the order of an index or from the
    /// first term; then the columns of those rows alone.
    fn page(&self, columns: &str, terms: &[Term], is_term_first: bool) -> (String, Vec<String>) {
        let (beyond, order) = match self.cursor {
            Cursor::First | Cursor::After(_) => (">", "ASC"),
            Cursor::Before(_) => ("<", "DESC"),
        };
        let is_archived = if self.archived {
            "IS NOT NULL"
        } else {
            "IS NULL"
        };
        let mut parts = ORGANIZATIONS.with(terms, is_term_first, COMMON_PARAMETERS);
        parts.conditions.extend([
            format!("o.archived_at {is_archived}"),
            format!("(o.name_key, o.id) {beyond} ($3, $4)"),
        ]);
        let order = format!("ORDER BY o.name_key {order}, o.id {order}");
        let text = format!(
            "SELECT {columns} FROM organizations o
             WHERE o.id IN (SELECT o.id FROM {} WHERE {} {order} LIMIT $5) {order}",
            parts.from,
            parts.conditions.join(" AND "),
        );
        (text, parts.values)
    }
}

impl Tx {
    /// Organizations with the numbers of their clients, by name; before a cursor, in the opposite order.
    pub async fn list_organization_summaries(
        &mut self,
        listing: &OrganizationListing<'_>,
    ) -> Result<Vec<OrganizationSummary>> {
        self.list_by_name(SUMMARY_COLUMNS, listing).await
    }

    /// Organizations by name; before a cursor, in the opposite order.
    pub async fn list_organizations_by_name(
        &mut self,
        listing: &OrganizationListing<'_>,
    ) -> Result<Vec<Organization>> {
        self.list_by_name(COLUMNS, listing).await
    }

    /// Organizations by name, without what a choice does not show.
    pub async fn list_organization_choices(
        &mut self,
        listing: &OrganizationListing<'_>,
    ) -> Result<Vec<OrganizationChoice>> {
        self.list_by_name("o.id, o.name", listing).await
    }

    /// An organization, archived or not, with the numbers of its clients.
    pub async fn find_organization_summary(
        &mut self,
        id: OrganizationId,
        now: Time,
    ) -> Result<Option<OrganizationSummary>> {
        let statement = format!("SELECT {SUMMARY_COLUMNS} FROM organizations o WHERE o.id = $3");
        on!(self, conn => Ok(
            sqlx::query_as(AssertSqlSafe(statement))
                .bind(now)
                .bind(COUNT_BOUND + 1)
                .bind(id)
                .fetch_optional(conn)
                .await?
        ))
    }

    /// Organizations that are not archived and have this name, apart from case, white space and Unicode normalization;
    /// by id, at most so many.
    pub async fn find_organizations_by_name(
        &mut self,
        name: &str,
        limit: i64,
    ) -> Result<Vec<Organization>> {
        let statement = format!(
            "SELECT {COLUMNS} FROM organizations o WHERE o.archived_at IS NULL AND o.name_key = $1 ORDER BY o.id LIMIT $2"
        );
        // PostgreSQL accepts no NUL in a text, and no name has one.
        let key = name_key(name).replace('\0', "\u{FFFD}");
        on!(self, conn => Ok(
            sqlx::query_as(AssertSqlSafe(statement)).bind(key).bind(limit).fetch_all(conn).await?
        ))
    }

    async fn list_by_name<R>(
        &mut self,
        columns: &str,
        listing: &OrganizationListing<'_>,
    ) -> Result<Vec<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        if listing.search.chars().count() > SEARCH_MAX {
            return Ok(Vec::new());
        }
        let (name, id) = match listing.cursor {
            Cursor::First => (Some(String::new()), 0),
            Cursor::After(id) | Cursor::Before(id) => (self.find_name_key(id).await?, id),
        };
        let Some(name) = name else {
            return Ok(Vec::new());
        };
        let mut terms = Term::typed(Noun::Organization, listing.search);
        let is_term_first = self.is_term_first(&mut terms).await?;
        let (statement, values) = listing.page(columns, &terms, is_term_first);
        // No prepared plan on PostgreSQL: one that was made for other values would be slow.
        let keep = matches!(self, Self::Sqlite(_));
        on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(statement))
                .bind(listing.now)
                .bind(COUNT_BOUND + 1)
                .bind(name)
                .bind(id)
                .bind(listing.limit)
                .persistent(keep);
            for value in values {
                query = query.bind(value);
            }
            Ok(query.fetch_all(conn).await?)
        })
    }

    /// The key of an organization's name, archived or not.
    async fn find_name_key(&mut self, id: i64) -> Result<Option<String>> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT name_key FROM organizations WHERE id = $1")
                .bind(id)
                .fetch_optional(conn)
                .await?
        ))
    }

    /// Whether SQLite reads the rows of the first term, which are then sorted; otherwise the rows by name. The rarest term
    /// is moved to the front.
    pub(super) async fn is_term_first(&mut self, terms: &mut Vec<Term>) -> Result<bool> {
        if terms.len() > 1 {
            self.rank(terms).await?;
        }
        match terms.first() {
            Some(rarest) => Ok(self.count_matches(rarest, SORTED + 1).await? <= SORTED),
            None => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query_plan::plan;
    use crate::store::{Missing, Store};

    /// Whether a step scans the organizations, the clients or the words.
    fn is_scan(step: &str) -> bool {
        let scanned = step.strip_prefix("SCAN ");
        scanned.is_some_and(|table| !table.starts_with("counted"))
    }

    #[tokio::test]
    async fn no_page_is_read_from_every_organization() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        for search in ["", "city", "city participate", "a b c d e f"] {
            let terms = Term::typed(Noun::Organization, search);
            for archived in [false, true] {
                for cursor in [Cursor::First, Cursor::Before(7)] {
                    for is_term_first in [false, !terms.is_empty()] {
                        let listing = OrganizationListing {
                            search,
                            archived,
                            cursor,
                            limit: 51,
                            now: Time::UNIX_EPOCH,
                        };
                        for columns in [COLUMNS, SUMMARY_COLUMNS] {
                            let (statement, _) = listing.page(columns, &terms, is_term_first);
                            let steps = plan(&mut tx, &statement).await;
                            let message = format!("{statement}\n{steps}");
                            assert!(!steps.lines().any(is_scan), "{message}");
                            // The rows of the page are sorted, and those of the first term.
                            let sorts = steps.matches("TEMP B-TREE FOR ORDER BY").count();
                            assert_eq!(sorts, 1 + usize::from(is_term_first), "{message}");
                        }
                    }
                }
            }
        }
    }
}
