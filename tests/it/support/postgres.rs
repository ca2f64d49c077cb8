//! A throwaway PostgreSQL cluster for this test run, and a fresh database in it for each test.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Starts the cluster when the first test asks; the script stops it when this process ends.
fn cluster() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/postgres.sh");
        let mut child = Command::new("bash")
            .arg(script)
            .arg(std::process::id().to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tools/postgres.sh runs");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("stdout is a pipe"))
            .read_line(&mut url)
            .unwrap();
        assert!(
            child.wait().unwrap().success() && url.starts_with("postgres://"),
            "PostgreSQL could not be started; its tests cannot be left out"
        );
        url.trim().to_owned()
    })
}

/// The URL of an empty database.
pub async fn fresh_database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let cluster = tokio::task::spawn_blocking(cluster).await.unwrap();
    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(cluster).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .unwrap();
    cluster.replacen("/postgres?", &format!("/{name}?"), 1)
}
