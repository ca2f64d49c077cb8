//! The app as its users meet it, in a tree that mirrors the addresses.

mod health;
mod immediacy;
mod oauth;
mod stress_tmp;
mod system;

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::support::House;

/// Every row of every table, as text: nothing was written between two that are equal.
pub async fn everything(house: &House) -> String {
    let mut tables = Vec::new();
    if house.database.url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(&house.database.url).await.unwrap();
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut connection).await.unwrap();
        for name in names {
            let columns: Vec<String> =
                sqlx::query_scalar("SELECT 'quote(' || name || ')' FROM pragma_table_info($1)").bind(&name).fetch_all(&mut connection).await.unwrap();
            let rows = format!("SELECT {} FROM {name} ORDER BY 1", columns.join(" || ' ' || "));
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap();
            tables.push(format!("{name}\n{}", rows.join("\n")));
        }
    } else {
        let mut connection = PgConnection::connect(&house.database.url).await.unwrap();
        let names = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
        let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut connection).await.unwrap();
        for name in names {
            let rows = format!("SELECT this_row::text FROM {name} this_row ORDER BY 1");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap();
            tables.push(format!("{name}\n{}", rows.join("\n")));
        }
    }
    assert!(tables.iter().any(|table| table.starts_with("api_clients\n")), "{tables:?}");
    tables.join("\n\n")
}

/// Does to an embedded database what no door of the house does.
pub async fn execute(house: &House, statement: &'static str) {
    let mut connection = SqliteConnection::connect(&house.database.url).await.unwrap();
    let done = sqlx::query(statement).execute(&mut connection).await.unwrap();
    assert!(done.rows_affected() > 0, "{statement}");
}

/// How many rows of an embedded database fit.
pub async fn count(house: &House, rows: &'static str) -> i64 {
    let mut connection = SqliteConnection::connect(&house.database.url).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {rows}"))).fetch_one(&mut connection).await.unwrap()
}

/// A form, encoded as a browser encodes it.
pub fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&")
}
