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

use sqlx::{PgPool, SqliteConnection};

use super::Result;
use crate::domain::scope::ScopeName;
use crate::domain::secret::is_unreserved;

/// How much of an id is indexed: enough to leave few clients, whose ids are then compared as a whole.
const ID_PART: usize = 12;

/// How many trigrams of a term are looked up. Each has a long list of its own to be read; three, from the
/// beginning, the middle and the end, let little more through than all of them.
const TRIGRAMS: usize = 3;

/// A term, in the forms that statements need; each is empty when nothing was typed.
#[derive(Default)]
pub(super) struct Search {
    /// A pattern for names: the term anywhere, or where a word begins when it is shorter than a trigram.
    pub(super) within: String,
    /// A pattern for names and ids that begin with the term.
    pub(super) beginning: String,
    /// What the full-text table is asked for.
    pub(super) trigrams: String,
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
            trigrams: trigrams(&term, is_short),
        })
    }
}

/// What the full-text table is asked for to find clients with a scope.
pub(super) fn scope_trigrams(scope: &ScopeName) -> String {
    all_of(&format!("  {}  ", scope.as_str().to_ascii_uppercase()))
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

fn trigrams(term: &str, is_short: bool) -> String {
    let spaced = term.replace(' ', "  ");
    if is_short {
        return all_of(&format!("  {spaced}"));
    }
    // Of a longer id only the beginning is indexed.
    if term.len() > ID_PART && term.bytes().all(is_unreserved) {
        let beginning = format!("  {}", &term[..ID_PART]);
        return format!("({}) OR ({})", all_of(&spaced), all_of(&beginning));
    }
    all_of(&spaced)
}

/// Some trigrams of a text, from its beginning to its end, of which a match has every one.
fn all_of(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let every: Vec<&[char]> = characters.windows(3).collect();
    let wanted = every.len().min(TRIGRAMS);
    let chosen = (0..wanted).map(|place| {
        // Evenly spread, the first and the last among them.
        every[place * (every.len() - 1) / (wanted - 1).max(1)]
    });
    chosen
        .map(|trigram| {
            let quoted = trigram.iter().collect::<String>().replace('"', "\"\"");
            format!("\"{quoted}\"")
        })
        .collect::<Vec<_>>()
        .join(" AND ")
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
pub(super) async fn prepare_postgres(pool: &PgPool) -> Result<()> {
    let mut tx = pool.begin().await?;
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
    let mut tx = pool.begin().await?;
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
        Search::of(text).unwrap().trigrams
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
    fn a_scope_is_asked_for_as_a_whole_word() {
        let scope = ScopeName::parse("a.b").unwrap();
        assert_eq!(scope_trigrams(&scope), "\"  A\" AND \"A.B\" AND \"B  \"");
    }

    #[test]
    fn nothing_is_no_term() {
        assert!(Search::of(" ").is_none());
    }
}
