//! Statements that write many rows at once.

use std::sync::LazyLock;

use super::{Result, Tx};

/// How many rows a statement writes; the rest takes the smaller sizes. A statement costs about as much as twenty rows.
const SIZES: [usize; 5] = [512, 128, 32, 8, 1];

/// The texts of a statement, made once.
pub(super) type LazyStatements = LazyLock<Statements>;

/// A statement for each size, in the form that each engine runs fastest.
pub(super) struct Statements {
    /// With unnumbered parameters, because SQLite looks each name up in the list of all.
    sqlite: [String; SIZES.len()],
    /// With numbered ones, the only kind that PostgreSQL has.
    postgres: [String; SIZES.len()],
}

/// The statement for each size. Each column of each row takes the next parameter.
pub(super) fn texts(head: &str, columns: usize, tail: &str) -> Statements {
    let text = |size: usize, parameter: fn(usize) -> String| {
        let row = |row| {
            let parameters = (1..=columns).map(|column| parameter(row * columns + column));
            format!("({})", parameters.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = (0..size).map(row).collect();
        format!("{head}{}{tail}", rows.join(", "))
    };
    Statements {
        sqlite: SIZES.map(|size| text(size, |_| "?".to_owned())),
        postgres: SIZES.map(|size| text(size, |number| format!("${number}"))),
    }
}

/// A statement that writes rows of numbers.
pub(super) struct NumberStatement {
    sqlite: Statements,
    /// With one array for each column, because PostgreSQL would plan hundreds of rows of parameters anew each time.
    postgres: String,
    /// Whether PostgreSQL runs it in one transaction at a time, from here to its end.
    is_exclusive: bool,
}

/// The statement that inserts rows of so many numbers, made once. `conflict` says what is done with rows that are there.
pub(super) fn numbers(into: &str, columns: usize, conflict: &str) -> NumberStatement {
    NumberStatement {
        sqlite: texts(&format!("INSERT INTO {into} VALUES "), columns, conflict),
        postgres: format!(
            "INSERT INTO {into} SELECT * FROM unnest({}){conflict}",
            arrays(columns)
        ),
        is_exclusive: false,
    }
}

/// The statement that adds to the rows of a table, made once, for tables of which thousands of rows change each second.
/// `columns` begin with the key, which has so many of them; `sums` says what becomes of a row that is there, `table` being the
/// row and `excluded` the one that is written.
///
/// On PostgreSQL it is a MERGE: INSERT … ON CONFLICT locks each row before it updates it, which writes the row's page and the
/// write-ahead log twice. Two MERGEs at once that insert the same row fail, and neither says in which order it locks rows, so one
/// transaction at a time runs them. It has to do so before it locks rows of other tables.
pub(super) fn sums(table: &str, columns: &[&str], keys: usize, sums: &str) -> NumberStatement {
    let key = &columns[..keys];
    let listed = columns.join(", ");
    let of_excluded = columns.iter().map(|column| format!("excluded.{column}"));
    let of_excluded: Vec<String> = of_excluded.collect();
    let same = key
        .iter()
        .map(|column| format!("{table}.{column} = excluded.{column}"));
    let same: Vec<String> = same.collect();
    let conflict = format!(" ON CONFLICT ({}) DO UPDATE SET {sums}", key.join(", "));
    NumberStatement {
        postgres: format!(
            "MERGE INTO {table} USING unnest({}) AS excluded ({listed}) ON {}
             WHEN MATCHED THEN UPDATE SET {sums}
             WHEN NOT MATCHED THEN INSERT ({listed}) VALUES ({})",
            arrays(columns.len()),
            same.join(" AND "),
            of_excluded.join(", ")
        ),
        is_exclusive: true,
        ..numbers(&format!("{table} ({listed})"), columns.len(), &conflict)
    }
}

fn arrays(columns: usize) -> String {
    let arrays = (1..=columns).map(|column| format!("${column}::BIGINT[]"));
    arrays.collect::<Vec<_>>().join(", ")
}

/// Writes rows of numbers. Rows that are there already are locked in the order of these, but by a statement of [`sums`].
pub(super) async fn write_numbers<const COLUMNS: usize>(
    tx: &mut Tx,
    statement: &'static NumberStatement,
    rows: &[[i64; COLUMNS]],
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match tx {
        Tx::Sqlite(conn) => {
            for (text, rows) in split(&statement.sqlite.sqlite, rows) {
                let mut query = sqlx::query(text);
                for number in rows.as_flattened() {
                    query = query.bind(number);
                }
                query.execute(&mut **conn).await?;
            }
        }
        Tx::Postgres(conn) => {
            if statement.is_exclusive {
                sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('usage', 0))")
                    .execute(&mut **conn)
                    .await?;
            }
            let mut query = sqlx::query(statement.postgres.as_str());
            for column in 0..COLUMNS {
                query = query.bind(rows.iter().map(|row| row[column]).collect::<Vec<i64>>());
            }
            query.execute(&mut **conn).await?;
        }
    }
    Ok(())
}

/// Splits rows into as few statements as the sizes allow.
pub(super) fn statements<'a, R>(
    tx: &Tx,
    texts: &'static LazyStatements,
    rows: &'a [R],
) -> impl Iterator<Item = (&'static str, &'a [R])> + use<'a, R> {
    let texts = match tx {
        Tx::Sqlite(_) => &texts.sqlite,
        Tx::Postgres(_) => &texts.postgres,
    };
    split(texts, rows)
}

fn split<'a, R>(
    texts: &'static [String; SIZES.len()],
    mut rows: &'a [R],
) -> impl Iterator<Item = (&'static str, &'a [R])> + use<'a, R> {
    std::iter::from_fn(move || {
        let size = SIZES.iter().position(|limit| *limit <= rows.len())?;
        let (now, later) = rows.split_at(SIZES[size]);
        rows = later;
        Some((texts[size].as_str(), now))
    })
}

/// Rows that have no effect when they are written twice, with the last one repeated where that spares statements: a
/// statement costs as much as some twenty rows.
pub(super) fn filled_up<R: Clone>(rows: &[R]) -> Vec<R> {
    let mut filled = rows.to_vec();
    let missing = match rows.len() % 32 {
        0 | 1 => 0,
        few @ 2..=8 => 8 - few,
        many => 32 - many,
    };
    if let Some(last) = rows.last() {
        filled.extend(std::iter::repeat_n(last.clone(), missing));
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Missing, Store};

    static NONE: LazyStatements = LazyLock::new(|| texts("", 1, ""));

    #[tokio::test]
    async fn rows_are_cut_into_few_statements() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let store = Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
        let tx = store.read().await.unwrap();
        let sizes = |count| -> Vec<usize> {
            let rows = vec![(); count];
            statements(&tx, &NONE, &rows)
                .map(|(_, rows)| rows.len())
                .collect()
        };
        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(1_170), [512, 512, 128, 8, 8, 1, 1]);
    }

    #[test]
    fn numbers_are_arrays_in_postgresql() {
        let NumberStatement {
            sqlite: Statements {
                sqlite: [.., one], ..
            },
            postgres,
            is_exclusive,
        } = numbers("numbers (one, two)", 2, " ON CONFLICT DO NOTHING");
        assert_eq!(
            one,
            "INSERT INTO numbers (one, two) VALUES (?, ?) ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            postgres,
            "INSERT INTO numbers (one, two) SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[]) ON CONFLICT DO NOTHING"
        );
        assert!(!is_exclusive);
    }

    #[test]
    fn sums_are_merged_in_postgresql() {
        let NumberStatement {
            sqlite: Statements {
                sqlite: [.., one], ..
            },
            postgres,
            is_exclusive,
        } = sums("days", &["day", "sum"], 1, "sum = days.sum + excluded.sum");
        assert_eq!(
            one,
            "INSERT INTO days (day, sum) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET sum = days.sum + excluded.sum"
        );
        assert_eq!(
            postgres.split_whitespace().collect::<Vec<_>>().join(" "),
            "MERGE INTO days USING unnest($1::BIGINT[], $2::BIGINT[]) AS excluded (day, sum) ON days.day = excluded.day \
             WHEN MATCHED THEN UPDATE SET sum = days.sum + excluded.sum \
             WHEN NOT MATCHED THEN INSERT (day, sum) VALUES (excluded.day, excluded.sum)"
        );
        assert!(is_exclusive);
    }

    #[test]
    fn rows_are_filled_up_by_the_last_one() {
        let count = |rows: usize| filled_up(&vec![0; rows]).len();
        assert_eq!(
            [0, 1, 2, 8, 9, 32, 33, 34, 60].map(count),
            [0, 1, 8, 8, 32, 32, 33, 40, 64]
        );
        assert_eq!(filled_up(&[1, 2, 3]), [1, 2, 3, 3, 3, 3, 3, 3]);
    }

    #[test]
    fn each_engine_has_its_kind_of_parameters() {
        let Statements {
            sqlite: [.., one],
            postgres: [.., eight, _],
        } = texts("head ", 2, " tail");
        assert_eq!(one, "head (?, ?) tail");
        assert!(eight.starts_with("head ($1, $2), ($3, $4), "), "{eight}");
        assert!(eight.ends_with(", ($15, $16) tail"), "{eight}");
    }
}
