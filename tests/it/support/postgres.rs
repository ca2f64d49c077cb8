//! A throwaway PostgreSQL cluster for this test run, and a fresh database in it for each test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

/// Starts the cluster on first use; the script stops it when this process ends.
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
    create_database("").await
}

/// The URL of a copy of a database to which no connection is open.
pub async fn copy_database(template: &str) -> String {
    // The default strategy WAL_LOG writes each page to the write-ahead log: with four tests at the same time a copy takes
    // 30 ms, by FILE_COPY 12 ms.
    create_database(&format!(" TEMPLATE {} STRATEGY FILE_COPY", name(template))).await
}

async fn create_database(options: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    administer(format!("CREATE DATABASE {name}{options}")).await;
    let cluster = tokio::task::spawn_blocking(cluster).await.unwrap();
    cluster.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// Terminates every connection to a database, and refuses new ones.
pub async fn expel(url: &str) {
    let name = name(url);
    administer(format!(
        "ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"
    ))
    .await;
    administer(format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    ))
    .await;
}

/// Allows connections again.
pub async fn admit(url: &str) {
    administer(format!(
        "ALTER DATABASE {} WITH ALLOW_CONNECTIONS true",
        name(url)
    ))
    .await;
}

fn name(url: &str) -> &str {
    let address = url.split('?').next().unwrap_or(url);
    address.rsplit_once('/').unwrap().1
}

/// A proxy before the cluster that delays responses, and can stop forwarding without closing connections, as a broken
/// network does.
pub struct DatabaseProxy {
    /// The database's URL through the proxy.
    pub url: String,
    is_silent: Arc<AtomicBool>,
    _folder: TempDir,
}

impl DatabaseProxy {
    /// A proxy before a database of the cluster, which listens on a socket in its folder.
    pub fn to(url: &str, delay: Duration) -> Self {
        const SOCKET: &str = ".s.PGSQL.5432";
        let (_, there) = url.split_once("host=").unwrap();
        let there = there.split('&').next().unwrap_or(there).replace("%2F", "/");
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let is_silent = Arc::new(AtomicBool::new(false));
        let silent = Arc::clone(&is_silent);
        let socket = Path::new(&there).join(SOCKET);
        thread::spawn(move || {
            for here in listener.incoming().map_while(Result::ok) {
                let there = UnixStream::connect(&socket).unwrap();
                for (from, to, delay) in [(&here, &there, Duration::ZERO), (&there, &here, delay)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let is_silent = Arc::clone(&silent);
                    thread::spawn(move || relay(from, to, &is_silent, delay));
                }
            }
        });
        Self {
            url: url.replace(&there, folder.path().to_str().unwrap()),
            is_silent,
            _folder: folder,
        }
    }

    /// Stops forwarding, or resumes it with the bytes that were held back.
    pub fn set_silent(&self, is_silent: bool) {
        self.is_silent.store(is_silent, Ordering::SeqCst);
    }
}

/// Copies bytes from one socket to another, each chunk after `delay`; none while `is_silent` is set.
fn relay(mut from: UnixStream, mut to: UnixStream, is_silent: &AtomicBool, delay: Duration) {
    let mut bytes = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        thread::sleep(delay);
        while is_silent.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
        if to.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
    // The peer may have closed the connection already.
    let _ = to.shutdown(Shutdown::Both);
}

async fn administer(statement: String) {
    let cluster = tokio::task::spawn_blocking(cluster).await.unwrap();
    let mut connection = PgConnection::connect(cluster).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
}
