//! What search reads instead of every client: an index of the parts of names, the beginnings of ids, and scopes.
//!
//! On SQLite it is a full-text table of trigrams, kept by triggers, from which matches stream newest first. Its
//! text is the name, the beginning of the id, and the scopes in capitals, which no name or id has left. Each word
//! stands after two spaces, so that one or two characters after a space are a trigram too:
//!
//! ```text
//! id_Ab3dE…, "Open data", public blogs  ──▶  "  open  data  id_ab3de…  PUBLIC  BLOGS  "
//! ```
//!
//! On PostgreSQL these are indexes of `pg_trgm`, which pads words in the same way. All of them let through a few
//! rows too many; the statement that lists them looks at the name, the id and the scopes themselves.

use sqlx::{Connection, PgConnection, SqliteConnection};

use super::Result;
use crate::domain::scope::ScopeName;
use crate::domain::secret::is_unreserved;

/// How much of an id is indexed: enough to leave few clients, whose ids are then compared as a whole.
const ID_PART: usize = 12;

/// How many trigrams of a term are looked up. Each has a long list of its own to be read; three, from the
/// beginning, the middle and the end, let little more through than all of them.
const TRIGRAMS: usize = 3;

/// From how many trigrams of a term those are chosen.
const CANDIDATES: usize = 16;

/// So many matches of a trigram, the newest, tell how often it occurs. To read them takes microseconds, where a whole
/// list takes milliseconds.
const PROBED: usize = 40;

/// A term, in the forms that statements need; each is empty when nothing was typed.
#[derive(Default)]
pub(super) struct Search {
    /// A pattern for names: the term anywhere, or where a word begins when it is shorter than a trigram.
    pub(super) within: String,
    /// A pattern for names and ids that begin with the term.
    pub(super) beginning: String,
    /// What may be looked up in the full-text table, in the order of the term.
    pub(super) candidates: Candidates,
    /// What the table is asked for besides, because of a longer id only the beginning is indexed.
    beginning_of_id: Option<String>,
}

impl Search {
    /// Reads what was typed; none when nothing was.
    pub(super) fn of(text: &str) -> Option<Self> {
        // PostgreSQL takes no text with a NUL in it, and no name or id has one.
        let term = text.trim().to_lowercase().replace('\0', "\u{FFFD}");
        if term.is_empty() {
            return None;
        }
        let pattern = escaped(&term);
        let is_short = term.chars().count() < 3;
        let within = if is_short {
            format!("% {pattern}%")
        } else {
            format!("%{pattern}%")
        };
        Some(Self {
            within,
            beginning: format!("{pattern}%"),
            candidates: Candidates::of(&spaced(&term, is_short)),
            beginning_of_id: (term.len() > ID_PART && term.bytes().all(is_unreserved))
                .then(|| Candidates::of(&format!("  {}", &term[..ID_PART])).all_of(&[])),
        })
    }

    /// What the full-text table is asked for. Given how common each candidate is, it is asked for the rarest.
    pub(super) fn expression(&self, commonness: &[i64]) -> String {
        let within = self.candidates.all_of(commonness);
        match &self.beginning_of_id {
            Some(beginning) => format!("({within}) OR ({beginning})"),
            None => within,
        }
    }
}

/// Trigrams of a text, each quoted as the full-text table wants it.
#[derive(Default)]
pub(super) struct Candidates(Vec<String>);

impl Candidates {
    fn of(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let every: Vec<&[char]> = characters.windows(3).collect();
        let quoted = |trigram: &[char]| {
            let text = trigram.iter().collect::<String>().replace('"', "\"\"");
            format!("\"{text}\"")
        };
        let places = spread(CANDIDATES, every.len());
        Self(places.map(|place| quoted(every[place])).collect())
    }

    /// Three of the trigrams, of which a match has every one. From the beginning, the middle and the end each the one
    /// that is least common; nothing known, they are evenly spread.
    fn all_of(&self, commonness: &[i64]) -> String {
        let Self(all) = self;
        let wanted = all.len().min(TRIGRAMS);
        let chosen: Vec<usize> = if commonness.len() == all.len() {
            let part = |part: usize| part * all.len() / wanted..(part + 1) * all.len() / wanted;
            (0..wanted)
                .filter_map(|place| part(place).min_by_key(|place| commonness[*place]))
                .collect()
        } else {
            spread(TRIGRAMS, all.len()).collect()
        };
        let chosen: Vec<&str> = chosen
            .into_iter()
            .map(|place| all[place].as_str())
            .collect();
        chosen.join(" AND ")
    }

    /// A statement that tells how common each candidate is: the key of its fortieth newest match, or less than zero
    /// when it has fewer. None when all of them are looked up anyway.
    pub(super) fn commonness(&self) -> Option<String> {
        let Self(all) = self;
        let rows: Vec<String> = (1..=all.len())
            .map(|place| format!("({place}, ${place})"))
            .collect();
        (all.len() > TRIGRAMS).then(|| {
            format!(
                "SELECT (SELECT CASE count(*) WHEN {PROBED} THEN min(number) ELSE count(*) - {PROBED} END
                         FROM (SELECT rowid AS number FROM client_search WHERE client_search MATCH candidate.column2
                               ORDER BY rowid DESC LIMIT {PROBED}))
                 FROM (VALUES {}) candidate ORDER BY candidate.column1",
                rows.join(", ")
            )
        })
    }

    /// What that statement is given.
    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// So many places of a length, or all of them, evenly spread: the first and the last among them.
fn spread(wanted: usize, length: usize) -> impl Iterator<Item = usize> {
    let wanted = wanted.min(length);
    (0..wanted).map(move |place| place * (length - 1) / (wanted - 1).max(1))
}

/// What the full-text table is asked for to find clients with a scope.
pub(super) fn scope_trigrams(scope: &ScopeName) -> String {
    Candidates::of(&format!("  {}  ", scope.as_str().to_ascii_uppercase())).all_of(&[])
}

/// A text with `!` before what would mean something in a pattern.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(character);
    }
    escaped
}

/// A term as it stands in the indexed text.
fn spaced(term: &str, is_short: bool) -> String {
    let spaced = term.replace(' ', "  ");
    if is_short {
        format!("  {spaced}")
    } else {
        spaced
    }
}

/// The text that SQLite indexes for a row.
macro_rules! indexed {
    ($row:literal) => {
        concat!(
            "'  ' || replace(",
            $row,
            "name_key, ' ', '  ') || '  ' || substr(lower(",
            $row,
            "id), 1, 12) || '  ' || upper(replace(",
            $row,
            "scopes, ' ', '  ')) || '  '"
        )
    };
}

/// Makes the index on SQLite, where it is missing, in the transaction that brings the tables up to date.
pub(super) async fn prepare_sqlite(connection: &mut SqliteConnection) -> Result<()> {
    let is_there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'client_search')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if is_there {
        return Ok(());
    }
    // Names are folded already. Only which rows have a trigram is kept, not where: a third of the size.
    sqlx::raw_sql(concat!(
        "CREATE VIRTUAL TABLE client_search USING fts5
            (text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1');

         CREATE TRIGGER client_search_insert AFTER INSERT ON api_clients BEGIN
            INSERT INTO client_search (rowid, text) VALUES (new.number, ", indexed!("new."), ");
         END;

         CREATE TRIGGER client_search_update AFTER UPDATE OF name_key ON api_clients
         WHEN old.name_key <> new.name_key BEGIN
            INSERT INTO client_search (client_search, rowid, text) VALUES ('delete', old.number, ", indexed!("old."), ");
            INSERT INTO client_search (rowid, text) VALUES (new.number, ", indexed!("new."), ");
         END;

         CREATE TRIGGER client_search_delete AFTER DELETE ON api_clients BEGIN
            INSERT INTO client_search (client_search, rowid, text) VALUES ('delete', old.number, ", indexed!("old."), ");
         END;

         INSERT INTO client_search (rowid, text) SELECT number, ", indexed!(""), " FROM api_clients;",
    ))
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Makes the indexes on PostgreSQL, where they are missing. Without the extension search still works, and reads
/// every client.
pub(super) async fn prepare_postgres(connection: &mut PgConnection) -> Result<()> {
    let mut tx = connection.begin().await?;
    // Of several nodes that start at once, one makes them and the others find them.
    sqlx::query("SELECT pg_advisory_xact_lock(7310027541)")
        .execute(&mut *tx)
        .await?;
    sqlx::query("CREATE INDEX IF NOT EXISTS api_clients_by_id_part ON api_clients (lower(id) text_pattern_ops)")
        .execute(&mut *tx)
        .await?;
    let is_there: bool =
        sqlx::query_scalar("SELECT to_regclass('api_clients_by_name_part') IS NOT NULL")
            .fetch_one(&mut *tx)
            .await?;
    tx.commit().await?;
    if is_there {
        return Ok(());
    }
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(7310027541)")
        .execute(&mut *tx)
        .await?;
    let made = sqlx::raw_sql(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm;
         CREATE INDEX IF NOT EXISTS api_clients_by_name_part ON api_clients
            USING gin (name_key gin_trgm_ops) WITH (fastupdate = off);
         CREATE INDEX IF NOT EXISTS api_clients_by_scope_part ON api_clients
            USING gin ((' ' || scopes || ' ') gin_trgm_ops) WITH (fastupdate = off);",
    )
    .execute(&mut *tx)
    .await;
    match made {
        Ok(_) => tx.commit().await?,
        Err(cause @ sqlx::Error::Database(_)) => {
            tracing::warn!(%cause, "without the extension pg_trgm a search reads every client");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> String {
        Search::of(text).unwrap().expression(&[])
    }

    #[test]
    fn a_term_is_asked_for_by_its_trigrams() {
        assert_eq!(asked("Abc"), "\"abc\"");
        assert_eq!(asked("data"), "\"dat\" AND \"ata\"");
        assert_eq!(asked("n d"), "\"n  \" AND \"  d\"");
        assert_eq!(asked("é\"x"), "\"é\"\"x\"");
    }

    #[test]
    fn a_short_term_is_where_a_word_begins() {
        assert_eq!(asked("d"), "\"  d\"");
        assert_eq!(asked("da"), "\"  d\" AND \" da\"");
        let search = Search::of("D%").unwrap();
        assert_eq!(
            (search.within.as_str(), search.beginning.as_str()),
            ("% d!%%", "d!%%")
        );
    }

    #[test]
    fn a_long_term_is_asked_for_by_a_few_trigrams_and_as_an_id() {
        let id = asked("id_abcdefghijklmn");
        assert_eq!(
            id,
            "(\"id_\" AND \"efg\" AND \"lmn\") OR (\"  i\" AND \"abc\" AND \"ghi\")"
        );
        assert_eq!(asked("open data portal"), "\"ope\" AND \"ata\" AND \"tal\"");
    }

    #[test]
    fn the_rarest_trigrams_are_looked_up_one_from_each_part() {
        let search = Search::of("new data").unwrap();
        let each: Vec<&str> = search.candidates.each().collect();
        let all = ["new", "ew ", "w  ", "  d", " da", "dat", "ata"];
        assert_eq!(each, all.map(|trigram| format!("\"{trigram}\"")));
        assert_eq!(
            search.expression(&[-3, 9, 9, 8, 7, 5, 4]),
            "\"new\" AND \"  d\" AND \"ata\""
        );
    }

    #[test]
    fn a_scope_is_asked_for_as_a_whole_word() {
        let scope = ScopeName::parse("a.b").unwrap();
        assert_eq!(scope_trigrams(&scope), "\"  A\" AND \"A.B\" AND \"B  \"");
    }

    #[test]
    fn nothing_is_no_term() {
        assert!(Search::of(" ").is_none());
    }
}
