//! Search by the beginnings of words, the same on both engines.
//!
//! One table holds the beginnings of the words that rows of any noun are found by:
//!
//! ```text
//! client 7, "Open data", id_Ab3dE…  ──▶  o op ope open  d da dat data  i id id_ id_a id_ab …
//! ```
//!
//! Its primary key is (noun, beginning, number): the rows with one beginning are read newest first, and whether a row has
//! another one is one look-up. A beginning of more than [`LONGEST`] characters is compared with the row itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sqlx::AssertSqlSafe;

use super::rows::{LazyStatements, statements, texts};
use super::types::name_key;
use super::{Result, Tx, on};

/// The most characters of a word that the table holds. With eight, the words of a client of the demo take 37 rows.
const LONGEST: usize = 8;

/// How many terms are joined; the others are looked up by subqueries: PostgreSQL takes long to plan joins of many tables.
const JOINED: usize = 4;

/// The position, counted from the newest, of the match whose key estimates how common a term is.
const PROBED: i64 = 40;

static INSERT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO search_words (noun, beginning, number) VALUES ",
        3,
        "",
    )
});

/// What a search entry belongs to, as the number in its first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noun {
    /// A client, by its name and its id.
    Client = 0,
    /// A client, by its scopes: each scope is one whole beginning.
    ScopeOfClient = 1,
    /// An organization that is archived or not, by its name, its host and its id.
    Organization = 2,
    /// A participant, by its name, its email address and its nickname.
    Participant = 3,
    /// A client, by the permissions that it holds: each is one whole beginning.
    PermissionOfClient = 4,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SearchEntry {
    /// The kind of row that it belongs to.
    pub(super) noun: Noun,
    /// The beginning of a word.
    pub(super) beginning: String,
    /// The key of the row that has the word.
    pub(super) number: i64,
}

/// The beginnings of a name, whose words begin after white space and after other signs, and of an id, which is one word.
pub(super) fn beginnings(name: &str, id: &str) -> BTreeSet<String> {
    let (name, id) = (name_key(name), id.to_lowercase());
    let mut found = BTreeSet::new();
    for word in name.split_whitespace() {
        let mut before = None;
        for (at, character) in word.char_indices() {
            if before.is_none_or(|before: char| !before.is_alphanumeric())
                && (at == 0 || character.is_alphanumeric())
            {
                add_beginnings(&mut found, &word[at..]);
            }
            before = Some(character);
        }
    }
    add_beginnings(&mut found, &id);
    found
}

fn add_beginnings(found: &mut BTreeSet<String>, word: &str) {
    let ends = word
        .char_indices()
        .map(|(at, character)| at + character.len_utf8());
    found.extend(ends.take(LONGEST).map(|end| word[..end].to_owned()));
}

/// What a row must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    noun: Noun,
    beginning: String,
    /// The whole word that was typed, where it is longer than the beginning.
    text: Option<String>,
}

impl Term {
    /// A term for each word that was typed.
    pub(super) fn typed(noun: Noun, text: &str) -> Vec<Self> {
        // PostgreSQL accepts no NUL in a text, and no name or id has one.
        let text = name_key(text).replace('\0', "\u{FFFD}");
        let terms = text.split_whitespace().map(|word| Self {
            noun,
            beginning: word.chars().take(LONGEST).collect(),
            text: (word.chars().count() > LONGEST).then(|| word.to_owned()),
        });
        terms.collect()
    }

    /// A term for a beginning that is stored whole.
    pub(super) fn whole(noun: Noun, text: &str) -> Self {
        Self {
            noun,
            beginning: text.to_owned(),
            text: None,
        }
    }
}

/// The table of a noun: entries refer to its key, and long terms are compared with its text, folded.
pub(super) struct SearchedTable {
    pub(super) table: &'static str,
    pub(super) key: &'static str,
    pub(super) text: &'static str,
}

/// The parts of a statement that finds rows by terms.
pub(super) struct StatementParts {
    pub(super) from: String,
    pub(super) conditions: Vec<String>,
    /// The column that rows are ordered by.
    pub(super) key: &'static str,
    pub(super) values: Vec<String>,
}

impl SearchedTable {
    /// Adds the terms to a statement. Either the rows of the first term are read, with the other terms looked up for
    /// each, or the rows of the noun's own table. The parameters follow after `taken` others.
    pub(super) fn with(&self, terms: &[Term], is_term_first: bool, taken: usize) -> StatementParts {
        let key = if is_term_first { "w0.number" } else { self.key };
        let (mut tables, mut conditions, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut parameter = |value: String| {
            values.push(value);
            format!("${}", taken + values.len())
        };
        for (position, term) in terms.iter().enumerate() {
            let (w, noun) = (format!("w{position}"), term.noun as i64);
            let beginning = parameter(term.beginning.clone());
            let mut found = vec![format!("{w}.noun = {noun} AND {w}.beginning = {beginning}")];
            if position < JOINED {
                if position > 0 || !is_term_first {
                    found.push(format!("{w}.number = {key}"));
                }
                tables.push(format!("search_words {w}"));
                conditions.push(found.join(" AND "));
            } else {
                // With the last join's number SQLite asks only for rows that all joins leave. With the offset it stays
                // a subquery on PostgreSQL.
                found.push(format!("{w}.number = w{}.number", JOINED - 1));
                conditions.push(format!(
                    "EXISTS (SELECT 1 FROM search_words {w} WHERE {} LIMIT 1 OFFSET 0)",
                    found.join(" AND ")
                ));
            }
            if let Some(text) = &term.text {
                let text = text
                    .replace('!', "!!")
                    .replace('%', "!%")
                    .replace('_', "!_");
                let pattern = parameter(format!("%{text}%"));
                conditions.push(format!("{} LIKE {pattern} ESCAPE '!'", self.text));
            }
        }
        if is_term_first {
            tables.push(self.table.to_owned());
            conditions.push(format!("{} = {key}", self.key));
        } else {
            tables.insert(0, self.table.to_owned());
        }
        StatementParts {
            // SQLite keeps the order of a cross join.
            from: tables.join(" CROSS JOIN "),
            conditions,
            key,
            values,
        }
    }
}

/// Selects the key of each term's match at position [`PROBED`], or less than zero when it has fewer.
pub(super) fn ranks(terms: &[Term]) -> String {
    let row = |(position, term): (usize, &Term)| {
        format!("({position}, {}, ${position})", term.noun as i64)
    };
    let rows: Vec<String> = (1..).zip(terms).map(row).collect();
    format!(
        "SELECT (SELECT CASE count(*) WHEN {PROBED} THEN min(number) ELSE count(*) - {PROBED} END
                 FROM (SELECT w.number FROM search_words w WHERE w.noun = term.column2 AND w.beginning = term.column3
                       ORDER BY w.number DESC LIMIT {PROBED}) newest)
         FROM (VALUES {}) term ORDER BY term.column1",
        rows.join(", ")
    )
}

impl Tx {
    /// Inserts entries in the order of the primary key, so that many at once change each page of the file once.
    pub(super) async fn insert_search(&mut self, mut entries: Vec<SearchEntry>) -> Result<()> {
        entries.sort_unstable();
        for (text, rows) in statements(self, &INSERT, &entries) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for entry in rows {
                    query = query.bind(entry.noun as i64).bind(&entry.beginning).bind(entry.number);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Replaces the entries of a row whose words have changed.
    pub(super) async fn update_search(
        &mut self,
        noun: Noun,
        number: i64,
        before: &BTreeSet<String>,
        after: &BTreeSet<String>,
    ) -> Result<()> {
        for beginning in before.difference(after) {
            on!(self, conn => {
                sqlx::query("DELETE FROM search_words WHERE noun = $1 AND beginning = $2 AND number = $3")
                    .bind(noun as i64)
                    .bind(beginning)
                    .bind(number)
                    .execute(conn)
                    .await?;
            });
        }
        let added = after.difference(before).map(|beginning| SearchEntry {
            noun,
            beginning: beginning.clone(),
            number,
        });
        self.insert_search(added.collect()).await
    }

    /// How many rows have the beginning of a term, counted up to a limit.
    pub(super) async fn count_matches(&mut self, term: &Term, limit: i64) -> Result<i64> {
        let statement = "SELECT count(*) FROM (SELECT 1 AS one FROM search_words
                         WHERE noun = $1 AND beginning = $2 LIMIT $3) counted";
        on!(self, conn => Ok(
            sqlx::query_scalar(statement)
                .bind(term.noun as i64)
                .bind(&term.beginning)
                .bind(limit)
                .fetch_one(conn)
                .await?
        ))
    }

    /// Puts the rarest term first, and returns whether it has fewer than [`PROBED`] matches. There must be a term.
    pub(super) async fn rank(&mut self, terms: &mut Vec<Term>) -> Result<bool> {
        let statement = ranks(terms);
        let ranks: Vec<i64> = on!(self, conn => {
            let mut query = sqlx::query_scalar(AssertSqlSafe(statement));
            for term in terms.iter() {
                query = query.bind(&term.beginning);
            }
            query.fetch_all(conn).await?
        });
        let mut ranked: Vec<(i64, Term)> = ranks.into_iter().zip(std::mem::take(terms)).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let is_rare = ranked.first().is_some_and(|(rank, _)| *rank < 0);
        terms.extend(ranked.into_iter().map(|(_, term)| term));
        Ok(is_rare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: SearchedTable = SearchedTable {
        table: "things t",
        key: "t.id",
        text: "t.words",
    };

    #[test]
    fn words_begin_after_spaces_and_signs_and_an_id_is_one() {
        let found = |name, id| Vec::from_iter(beginnings(name, id)).join(" ");
        assert_eq!(
            found("Éa (b-C) x", ""),
            "( (b (b- (b-c (b-c) b b- b-c b-c) c c) x é éa"
        );
        assert_eq!(
            found("", "id_A-bcdefg"),
            "i id id_ id_a id_a- id_a-b id_a-bc id_a-bcd"
        );
    }

    #[test]
    fn a_term_is_looked_up_and_a_long_one_compared() {
        let mut terms = Term::typed(Noun::Client, " Open 100%_participation ");
        terms.push(Term::whole(Noun::ScopeOfClient, "a_very_long_scope"));
        let made = SOURCE.with(&terms, true, 5);
        let values = [
            "open",
            "100%_par",
            "%100!%!_participation%",
            "a_very_long_scope",
        ];
        assert_eq!(made.values, values);
        assert_eq!(
            made.from,
            "search_words w0 CROSS JOIN search_words w1 CROSS JOIN search_words w2 CROSS JOIN things t"
        );
        assert_eq!(
            made.conditions,
            [
                "w0.noun = 0 AND w0.beginning = $6",
                "w1.noun = 0 AND w1.beginning = $7 AND w1.number = w0.number",
                "t.words LIKE $8 ESCAPE '!'",
                "w2.noun = 1 AND w2.beginning = $9 AND w2.number = w0.number",
                "t.id = w0.number",
            ]
        );
        let made = SOURCE.with(&terms[..1], false, 0);
        assert_eq!(made.from, "things t CROSS JOIN search_words w0");
        assert_eq!(
            made.conditions,
            ["w0.noun = 0 AND w0.beginning = $1 AND w0.number = t.id"]
        );
    }

    #[test]
    fn beyond_a_few_terms_there_are_subqueries() {
        let terms = Term::typed(Noun::Client, "a b c d e");
        let made = SOURCE.with(&terms, false, 0);
        assert_eq!(made.from.matches("search_words").count(), JOINED);
        assert_eq!(
            made.conditions[JOINED..],
            [
                "EXISTS (SELECT 1 FROM search_words w4 WHERE w4.noun = 0 AND w4.beginning = $5 AND w4.number = w3.number LIMIT 1 OFFSET 0)"
            ]
        );
    }
}
