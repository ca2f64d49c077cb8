//! How SQLite would read what a statement asks for, for the tests of statements.

use sqlx::AssertSqlSafe;

use super::Tx;

/// SQLite's query plan, a step a line.
pub(super) async fn plan(tx: &mut Tx, statement: &str) -> String {
    let Tx::Sqlite(tx) = tx else { unreachable!() };
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain)
        .fetch_all(&mut **tx)
        .await
        .expect("SQLite explains every statement that it can prepare");
    let steps: Vec<String> = steps.into_iter().map(|step| step.3).collect();
    steps.join("\n")
}
