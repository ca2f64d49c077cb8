//! The version that is known without a query, while another process does whatever can be done to the file.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use claviger::domain::ids::Version;
use claviger::store::VersionProbe;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::support::{Database, Engine};

/// A process with a connection to the file. It is killed when it is dropped.
struct Writer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Writer {
    fn of(database: &Database) -> Self {
        let mut process = Command::new("python3")
            .args(["-c", include_str!("wal_writer.py")])
            .arg(database.folder().join("claviger.db"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut writer = Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
        };
        assert_eq!(writer.hear(), "ready");
        writer
    }

    fn tell(&mut self, act: &str) {
        writeln!(self.input, "{act}").unwrap();
    }

    /// The next line; empty when the process has ended.
    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn perform(&mut self, act: &str) {
        self.tell(act);
        assert_eq!(self.hear(), "done", "{act}");
    }
}

impl Drop for Writer {
    /// With SIGKILL, whatever it does.
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn prepare() -> (Database, VersionProbe) {
    let database = Database::new(Engine::Sqlite).await;
    database.execute("CREATE TABLE filler (content BLOB)").await;
    let version_probe = database.store.version_probe();
    version_probe.read().await.unwrap();
    assert_eq!(version_probe.unchanged(), Some(Version(0)));
    (database, version_probe)
}

async fn queried(database: &Database) -> Version {
    let mut tx = database.store.read().await.unwrap();
    tx.find_directory_version().await.unwrap()
}

const ACTS: [&str; 12] = [
    "raise",
    "fill",
    "change",
    "empty",
    "vacuum",
    "reopen",
    "rollback",
    "checkpoint PASSIVE",
    "checkpoint FULL",
    "checkpoint RESTART",
    "checkpoint TRUNCATE",
    "stay",
];

#[tokio::test]
async fn whatever_another_process_does_a_known_version_is_the_one_of_a_query() {
    let (database, version_probe) = prepare().await;
    let mut writer = Writer::of(&database);
    let mut random = StdRng::seed_from_u64(7);
    let (mut known, mut acts) = (0, String::new());
    for _ in 0..400 {
        let act = *ACTS.choose(&mut random).unwrap();
        acts += act;
        acts += "\n";
        writer.perform(act);
        let before = queried(&database).await;
        let unchanged = version_probe.unchanged();
        assert!(unchanged.is_none_or(|known| known == before), "{acts}");
        assert!(
            unchanged.is_none() || !["raise", "change"].contains(&act),
            "{acts}"
        );
        if act == "stay" {
            writer = Writer::of(&database);
            assert_eq!(version_probe.unchanged(), unchanged, "{acts}");
        }
        known += usize::from(unchanged.is_some());
        if random.random_bool(0.7) {
            assert_eq!(version_probe.read().await.unwrap(), before, "{acts}");
            assert_eq!(version_probe.unchanged(), Some(before), "{acts}");
        }
    }
    assert!(known > 60, "{known}");
}

#[tokio::test]
async fn what_commits_nothing_takes_no_query() {
    let (database, version_probe) = prepare().await;
    let mut writer = Writer::of(&database);
    for quiet in [
        &["rollback", "checkpoint PASSIVE", "checkpoint FULL"][..],
        // The last one keeps its transaction open.
        &["rollback", "stay"],
    ] {
        writer.perform("change");
        assert_eq!(version_probe.unchanged(), None);
        let version = version_probe.read().await.unwrap();
        for act in quiet {
            writer.perform(act);
            assert_eq!(version_probe.unchanged(), Some(version), "{act}");
        }
    }
    drop(writer);
    assert!(version_probe.unchanged().is_some());
}

/// Each version is published after its commit, so whoever sees it published may not be given an earlier one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_version_is_older_than_a_published_one_while_processes_commit_and_are_killed() {
    let (database, version_probe) = prepare().await;
    let mut random = StdRng::seed_from_u64(8);
    let published = Arc::new(AtomicI64::new(0));
    let (mut answers, mut known) = (0_u64, 0_u64);
    for _ in 0..12 {
        let mut writer = Writer::of(&database);
        let (published_here, commits) = (Arc::clone(&published), random.random_range(1..200));
        let running = tokio::task::spawn_blocking(move || {
            writer.tell("run");
            for _ in 0..commits {
                let version = writer.hear().parse().unwrap();
                published_here.store(version, Ordering::SeqCst);
            }
        });
        while !running.is_finished() {
            let least = Version(published.load(Ordering::SeqCst));
            let version = if let Some(version) = version_probe.unchanged() {
                known += 1;
                version
            } else {
                version_probe.read().await.unwrap()
            };
            assert!(version >= least, "{version} is older than {least}");
            answers += 1;
        }
        running.await.unwrap();
    }
    assert!(published.load(Ordering::SeqCst) >= 12);
    assert!(known > 0 && known < answers, "{known} of {answers}");
}

#[tokio::test]
async fn a_closed_store_or_a_lost_connection_leaves_nothing_known() {
    let (database, version_probe) = prepare().await;
    let mislay = "ALTER TABLE directory_version RENAME TO mislaid";
    database.execute(mislay).await;
    version_probe.read().await.unwrap_err();
    assert_eq!(version_probe.unchanged(), None);
    let repair = "ALTER TABLE mislaid RENAME TO directory_version";
    database.execute(repair).await;
    assert_eq!(version_probe.unchanged(), None);
    version_probe.read().await.unwrap();
    assert_eq!(version_probe.unchanged(), Some(Version(0)));
    database.store.close().await;
    assert_eq!(version_probe.unchanged(), None);
}

/// SQLite's locks are those of the process, and closing any descriptor of the index would drop them: another process
/// could then take the index for unused, and begin it anew.
#[tokio::test]
async fn probes_that_come_and_go_take_no_locks_away() {
    let (database, version_probe) = prepare().await;
    for _ in 0..3 {
        let other = database.store.version_probe();
        other.read().await.unwrap();
        assert_eq!(other.unchanged(), Some(Version(0)));
    }
    let index = database.folder().join("claviger.db-shm");
    let before = std::fs::metadata(&index).unwrap().len();
    // The first connection of all processes truncates the index (`unixLockSharedMemory`).
    drop(Writer::of(&database));
    assert_eq!(std::fs::metadata(&index).unwrap().len(), before);
    assert_eq!(version_probe.unchanged(), Some(Version(0)));
    // The lock that a connection holds for as long as it has the index open.
    let mut script = Command::new("python3");
    script.args(["-c", LOCKED]).arg(&index);
    let output = script.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), "locked", "{output:?}");
}

/// Tries to lock the byte that says that the index is in use.
const LOCKED: &str = "
import fcntl, sys
with open(sys.argv[1], 'r+b') as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
        print('free')
    except OSError:
        print('locked')
";

#[tokio::test]
async fn an_index_that_was_replaced_by_hand_is_not_used() {
    let (database, _first) = prepare().await;
    let index = database.folder().join("claviger.db-shm");
    std::fs::remove_file(&index).unwrap();
    std::fs::write(&index, vec![0; 32_768]).unwrap();
    let version_probe = database.store.version_probe();
    for _ in 0..3 {
        version_probe.read().await.unwrap();
        assert_eq!(version_probe.unchanged(), None);
    }
}
