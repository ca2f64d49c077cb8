//! What a server counts outlives it: everything when it is told to stop, what was written when it is killed.

use std::time::{Duration, Instant};

use super::server::Server;
use super::shell::Folder;

/// How many tokens the database says were issued, and how many it can name.
fn issued(folder: &Folder) -> (i64, i64) {
    let one = |statement: &str| folder.query(statement)[0].parse().unwrap();
    (
        one("SELECT CAST(coalesce(sum(issued), 0) AS TEXT) FROM usage_hourly"),
        one("SELECT CAST(count(*) AS TEXT) FROM recent_tokens"),
    )
}

#[test]
fn a_server_that_is_told_to_stop_writes_what_it_counted() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    for _ in 0..3 {
        server.token(&reader);
    }
    assert_eq!(server.stop().0, Some(0));
    assert_eq!(issued(&folder), (3, 3));
    assert_eq!(
        folder.query("SELECT CAST(count(*) AS TEXT) FROM secret_uses"),
        ["1"]
    );
}

#[test]
fn a_server_that_is_killed_loses_at_most_what_it_had_not_written() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    for _ in 0..3 {
        server.token(&reader);
    }
    // It writes without being told to.
    let begun = Instant::now();
    while issued(&folder) != (3, 3) {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing came");
        std::thread::sleep(Duration::from_millis(20));
    }
    for _ in 0..2 {
        server.token(&reader);
    }
    // Dropped, it is killed.
    drop(server);
    let (counted, named) = issued(&folder);
    assert!((3..=5).contains(&counted), "{counted}");
    assert_eq!(named, counted);

    let server = Server::start(&folder);
    server.token(&reader);
    assert_eq!(server.stop().0, Some(0));
    assert_eq!(issued(&folder), (counted + 1, counted + 1));
}
