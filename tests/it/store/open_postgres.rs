//! Opening a database on a server: found, made, or refused at once with the cause.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use claviger::domain::count::Count;
use claviger::store::{DatabaseUrl, Missing, Store};

use crate::support::{Database, Engine, fresh_database};

use super::open::refusal;
use super::{add_client, checked};

#[tokio::test]
async fn an_empty_postgres_database_is_not_up_to_date() {
    let message = refusal(&fresh_database().await, Missing::Refuse).await;
    assert!(
        message.ends_with("is not up to date; run `claviger database migrate`"),
        "{message}"
    );
}

#[tokio::test]
async fn where_there_is_no_server_refusal_comes_at_once_with_its_cause() {
    let begun = Instant::now();
    for (url, shown, cause) in [
        (
            "postgres://ada:hunter2@localhost/claviger?host=/nowhere/at/all",
            "postgres://ada@/claviger?host=/nowhere/at/all",
            "No such file or directory",
        ),
        (
            "postgres://ada:hunter2@127.0.0.1:1/claviger",
            "postgres://ada@127.0.0.1:1/claviger",
            "Connection refused",
        ),
        (
            "postgres://ada:hunter2@[::1]:1/claviger",
            "postgres://ada@[::1]:1/claviger",
            "(os error ",
        ),
        (
            "postgres://ada:hunter2@db.invalid/claviger",
            "postgres://ada@db.invalid/claviger",
            "failed to lookup address information",
        ),
    ] {
        for missing in [Missing::Create, Missing::Refuse] {
            let message = refusal(url, missing).await;
            let expected = format!("the database {shown} could not be opened: ");
            assert!(
                message.starts_with(&expected)
                    && message.contains(cause)
                    && message
                        .ends_with("; is PostgreSQL running there, and is the address right?"),
                "{message}"
            );
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "nothing is tried for long"
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let message = refusal(
        &format!("postgres://ada@{address}/claviger"),
        Missing::Refuse,
    )
    .await;
    assert!(
        message.contains("there was no answer within 5 seconds"),
        "{message}"
    );
}

#[tokio::test]
async fn a_server_before_postgresql_15_is_refused() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // "Frontend/Backend Protocol": the length and that many bytes less four, then AuthenticationOk, ParameterStatus, ReadyForQuery.
    let server = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut length = [0; 4];
        client.read_exact(&mut length).unwrap();
        let mut startup = vec![0; u32::from_be_bytes(length) as usize - 4];
        client.read_exact(&mut startup).unwrap();
        let status = b"server_version\x0014.19\x00";
        let mut answer = b"R\0\0\0\x08\0\0\0\0S\0\0\0".to_vec();
        answer.push(u8::try_from(status.len()).unwrap() + 4);
        answer.extend_from_slice(status);
        answer.extend_from_slice(b"Z\0\0\0\x05I");
        client.write_all(&answer).unwrap();
    });
    let url = format!("postgres://ada@{address}/claviger?sslmode=disable");
    let message = refusal(&url, Missing::Create).await;
    server.join().unwrap();
    assert!(
        message.ends_with("could not be opened: its server is older than PostgreSQL 15"),
        "{message}"
    );
}

/// The address of another database on the server of this one.
fn beside(url: &str, name: &str) -> String {
    let (place, socket) = url.split_once('?').unwrap();
    let (server, _) = place.rsplit_once('/').unwrap();
    format!("{server}/{name}?{socket}")
}

#[tokio::test]
async fn a_missing_postgres_database_is_made_by_whoever_may_make_one() {
    let there = fresh_database().await;
    for name in ["made_here", "Made%20%22Here%22"] {
        let url = beside(&there, name);
        let message = refusal(&url, Missing::Refuse).await;
        let shown: DatabaseUrl = url.parse().unwrap();
        assert_eq!(
            message,
            format!("there is no database at {shown}; `claviger database migrate` makes it")
        );
        let url = url.parse().unwrap();
        // Two at once: who comes second finds it made.
        let (one, other) = tokio::join!(
            Store::open(&url, Missing::Create),
            Store::open(&url, Missing::Create)
        );
        add_client(&one.unwrap(), "id_one", &checked("One")).await;
        let mut seen = other.unwrap().read().await.unwrap();
        assert_eq!(seen.count_live_clients().await.unwrap(), Count::exactly(1));
    }
}

#[tokio::test]
async fn a_role_that_may_make_no_database_is_told_how_to_get_one() {
    let database = Database::new(Engine::Postgres).await;
    database.execute("CREATE ROLE guest LOGIN").await;
    let url = beside(&database.url, "not_made").replace("claviger@", "guest:hunter2@");
    let message = refusal(&url, Missing::Create).await;
    assert!(
        message.contains(
            "could not be made: permission denied to create database; make it with `createdb"
        ),
        "{message}"
    );
    assert!(!message.contains("hunter2"), "{message}");
    let unknown = database.url.replace("claviger@", "nobody_knows:hunter2@");
    let message = refusal(&unknown, Missing::Create).await;
    assert!(
        message
            .contains("role \"nobody_knows\" does not exist; are the user and the password right?"),
        "{message}"
    );
    assert!(!message.contains("hunter2"), "{message}");
}

#[tokio::test]
async fn a_postgres_database_that_is_not_utf8_is_refused_before_any_table_is_made() {
    let there = Database::new(Engine::Postgres).await;
    for (name, encoding) in [("latin", "LATIN1"), ("ascii", "SQL_ASCII")] {
        there
            .execute(&format!(
                "CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0"
            ))
            .await;
        let url = beside(&there.url, name);
        for missing in [Missing::Create, Missing::Refuse] {
            let message = refusal(&url, missing).await;
            assert!(
                message.contains(&format!(
                    "is encoded in {encoding}, and must be in UTF8; make another"
                )),
                "{message}"
            );
        }
        let database = Database::at(&url, there.store.clone());
        assert_eq!(
            database
                .count("pg_tables WHERE schemaname = 'public'")
                .await,
            0
        );
    }
}

#[tokio::test]
async fn a_socket_is_found_by_a_url_without_a_host() {
    let url = fresh_database().await;
    let url = url.replace("claviger@localhost:5432/", "claviger@/");
    assert!(url.starts_with("postgres://claviger@/test_"), "{url}");
    let user = url.replace("claviger@/", "/") + "&user=claviger";
    for url in [url, user] {
        Store::open(&url.parse().unwrap(), Missing::Create)
            .await
            .unwrap();
    }
}
