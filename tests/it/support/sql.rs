//! Reads and changes a database without the store: for states that only a newer version, damage or a missing method
//! produces.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::Database;

impl Database {
    /// Executes statements.
    pub async fn execute(&self, statements: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        if self.url.starts_with("sqlite") {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            statements.execute(&mut connection).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            statements.execute(&mut connection).await.unwrap();
        }
    }

    /// Counts rows of a table or of `table WHERE …`.
    pub async fn count(&self, rows: &str) -> i64 {
        let statement = AssertSqlSafe(format!("SELECT count(*) FROM {rows}"));
        if self.url.starts_with("sqlite") {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(statement)
                .fetch_one(&mut connection)
                .await
                .unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(statement)
                .fetch_one(&mut connection)
                .await
                .unwrap()
        }
    }

    /// The rows of a query as texts.
    pub async fn texts(&self, statement: &str) -> Vec<String> {
        let statement = AssertSqlSafe(statement.to_owned());
        if self.url.starts_with("sqlite") {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            let found = sqlx::query_scalar(statement).fetch_all(&mut connection);
            found.await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let found = sqlx::query_scalar(statement).fetch_all(&mut connection);
            found.await.unwrap()
        }
    }

    /// Every row of every table as text. Two equal dumps prove that nothing was written between them.
    pub async fn everything(&self) -> String {
        let mut tables = Vec::new();
        if self.url.starts_with("sqlite") {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
            let names: Vec<String> = sqlx::query_scalar(names)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            for name in names {
                let columns: Vec<String> =
                    sqlx::query_scalar("SELECT 'quote(' || name || ')' FROM pragma_table_info($1)")
                        .bind(&name)
                        .fetch_all(&mut connection)
                        .await
                        .unwrap();
                let rows = format!(
                    "SELECT {} FROM {name} ORDER BY 1",
                    columns.join(" || ' ' || ")
                );
                let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows))
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                tables.push(format!("{name}\n{}", rows.join("\n")));
            }
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let names =
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
            let names: Vec<String> = sqlx::query_scalar(names)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            for name in names {
                let rows = format!("SELECT this_row::text FROM {name} this_row ORDER BY 1");
                let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows))
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                tables.push(format!("{name}\n{}", rows.join("\n")));
            }
        }
        assert!(
            tables
                .iter()
                .any(|table| table.starts_with("api_clients\n")),
            "{tables:?}"
        );
        tables.join("\n\n")
    }
}

/// The rows of queries on a database file, as texts.
pub async fn texts_in(file: &Path, statements: &[String]) -> Vec<String> {
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    let mut found = Vec::new();
    for statement in statements {
        found.extend(
            sqlx::query_scalar::<_, String>(AssertSqlSafe(statement.clone()))
                .fetch_all(&mut connection)
                .await
                .unwrap(),
        );
    }
    connection.close().await.unwrap();
    found
}
