//! Looks into a database, and changes it, behind the store's back: for states that only a newer version,
//! damage or a missing method makes.

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::Database;

impl Database {
    /// Runs statements as they are.
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

    /// How many rows there are, of a table or of `table WHERE …`.
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
}
