//! Pages of an organization's participants by nickname, searched or not. The cost of neither grows with their number.

use sqlx::AssertSqlSafe;

use crate::domain::count::{COUNT_BOUND, Count};
use crate::domain::ids::OrganizationId;
use crate::domain::page::Cursor;
use crate::domain::participant::{Participant, folded};

use super::participants::select_participants;
use super::search::{Noun, SearchedTable, Term};
use super::{Result, Tx, on};

/// No name and no address is longer.
const SEARCH_MAX: usize = 255;

// The parameters of a page: `$1` the organization, `$2` the nickname's key that it begins after, `$3` the most rows; then
// those of the terms.

/// How many parameters come before those of the terms.
const COMMON_PARAMETERS: usize = 3;

const PARTICIPANTS: SearchedTable = SearchedTable {
    table: "participants p",
    key: "p.id",
    text: "p.name_key || ' ' || p.nickname_key || ' ' || p.email_key",
};

/// The parameters of a list of participants.
#[derive(Clone, Copy, Debug)]
pub struct ParticipantListing<'a> {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Terms, separated by spaces: each is the beginning of a word in the name or the address, or of the nickname.
    pub search: &'a str,
    /// Which page, by the id of a participant.
    pub cursor: Cursor,
    /// The most rows.
    pub limit: i64,
}

impl ParticipantListing<'_> {
    /// The statement, with the values of its terms: first the ids of its rows, in the order of an index or from the
    /// first term; then the columns of those rows alone.
    fn page(&self, terms: &[Term], is_term_first: bool) -> (String, Vec<String>) {
        let (beyond, order) = match self.cursor {
            Cursor::First | Cursor::After(_) => (">", "ASC"),
            Cursor::Before(_) => ("<", "DESC"),
        };
        let mut parts = PARTICIPANTS.with(terms, is_term_first, COMMON_PARAMETERS);
        parts.conditions.extend([
            "p.organization_id = $1".to_owned(),
            format!("p.nickname_key {beyond} $2"),
        ]);
        let order = format!("ORDER BY p.nickname_key {order}");
        let text = format!(
            "{} (SELECT p.id FROM {} WHERE {} {order} LIMIT $3) {order}",
            select_participants!("WHERE p.id IN"),
            parts.from,
            parts.conditions.join(" AND "),
        );
        (text, parts.values)
    }
}

impl Tx {
    /// Participants by nickname; before a cursor, in the opposite order.
    pub async fn list_participants(
        &mut self,
        listing: &ParticipantListing<'_>,
    ) -> Result<Vec<Participant>> {
        if listing.search.chars().count() > SEARCH_MAX {
            return Ok(Vec::new());
        }
        let key = match listing.cursor {
            Cursor::First => Some(String::new()),
            Cursor::After(id) | Cursor::Before(id) => {
                self.find_nickname_key(listing.organization_id, id).await?
            }
        };
        let Some(key) = key else {
            return Ok(Vec::new());
        };
        let mut terms = Term::typed(Noun::Participant, &folded(listing.search));
        let is_term_first = self.is_term_first(&mut terms).await?;
        let (statement, values) = listing.page(&terms, is_term_first);
        // No prepared plan on PostgreSQL: one that was made for other values would be slow.
        let keep = matches!(self, Self::Sqlite(_));
        on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(statement))
                .bind(listing.organization_id)
                .bind(key)
                .bind(listing.limit)
                .persistent(keep);
            for value in values {
                query = query.bind(value);
            }
            Ok(query.fetch_all(conn).await?)
        })
    }

    /// How many participants an organization has.
    pub async fn count_participants(&mut self, organization: OrganizationId) -> Result<Count> {
        let statement = "SELECT count(*) FROM (SELECT 1 AS one FROM participants WHERE organization_id = $1 LIMIT $2) counted";
        let counted = on!(self, conn => {
            sqlx::query_scalar(statement)
                .bind(organization)
                .bind(COUNT_BOUND + 1)
                .fetch_one(conn)
                .await?
        });
        Ok(Count::bounded(counted))
    }

    /// The key of a participant's nickname.
    async fn find_nickname_key(
        &mut self,
        organization: OrganizationId,
        id: i64,
    ) -> Result<Option<String>> {
        let statement =
            "SELECT nickname_key FROM participants WHERE organization_id = $1 AND id = $2";
        on!(self, conn => Ok(
            sqlx::query_scalar(statement).bind(organization).bind(id).fetch_optional(conn).await?
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query_plan::plan;
    use crate::store::{Missing, Store};

    #[tokio::test]
    async fn no_page_is_read_from_every_participant() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let mut tx = store.read().await.unwrap();
        for search in ["", "ada", "ada participates", "a b c d e f"] {
            let terms = Term::typed(Noun::Participant, search);
            for cursor in [Cursor::First, Cursor::Before(7)] {
                for is_term_first in [false, !terms.is_empty()] {
                    let listing = ParticipantListing {
                        organization_id: OrganizationId(1),
                        search,
                        cursor,
                        limit: 51,
                    };
                    let (statement, _) = listing.page(&terms, is_term_first);
                    let steps = plan(&mut tx, &statement).await;
                    let message = format!("{statement}\n{steps}");
                    assert!(!steps.contains("SCAN"), "{message}");
                    // The rows of the page are sorted, and those of the first term.
                    let sorts = steps.matches("TEMP B-TREE FOR ORDER BY").count();
                    assert_eq!(sorts, 1 + usize::from(is_term_first), "{message}");
                }
            }
        }
    }
}
