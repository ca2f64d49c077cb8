//! Opening a database: made, found, refused, and kept from other eyes.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use claviger::domain::count::Count;
use claviger::store::{Error, Missing, Store, create_private, redacted, sqlite_path};

use crate::support::{Database, Engine, fresh_database};

use super::{add_client, checked};

async fn refusal(url: &str, missing: Missing) -> String {
    match Store::open(url, missing).await {
        Err(Error::Open(message)) => message,
        other => panic!("{other:?}"),
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

on_both!(
    a_database_is_opened_again_with_what_it_holds,
    async |database| {
        add_client(&database.store, "id_one", &checked("One")).await;
        for missing in [Missing::Refuse, Missing::Create] {
            let store = Store::open(&database.url, missing).await.unwrap();
            assert_eq!(
                store
                    .read()
                    .await
                    .unwrap()
                    .count_live_clients()
                    .await
                    .unwrap(),
                Count::exactly(1),
                "{missing:?}"
            );
        }
    }
);

on_both!(
    bringing_up_to_date_twice_changes_nothing,
    async |database| {
        add_client(&database.store, "id_one", &checked("One")).await;
        let steps = database.count("_sqlx_migrations").await;
        database.store.migrate().await.unwrap();
        database.store.migrate().await.unwrap();
        assert_eq!(database.count("_sqlx_migrations").await, steps);
        assert_eq!(database.count("api_clients").await, 1);
    }
);

on_both!(
    an_older_database_is_refused_until_it_is_brought_up_to_date,
    async |database| {
        database
            .execute("DROP TABLE audit_events; DELETE FROM _sqlx_migrations WHERE version = 3")
            .await;
        let place = redacted(&database.url);
        let expected =
            format!("the database {place} is not up to date; run `claviger database migrate`");
        assert_eq!(refusal(&database.url, Missing::Refuse).await, expected);
        Store::open(&database.url, Missing::Create).await.unwrap();
        Store::open(&database.url, Missing::Refuse).await.unwrap();
    }
);

on_both!(a_newer_database_is_refused, async |database| {
    let step =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                VALUES (9999, 'from the future', TRUE, '', 0)";
    database.execute(step).await;
    let place = redacted(&database.url);
    assert_eq!(
        refusal(&database.url, Missing::Refuse).await,
        format!("the database {place} belongs to a newer Claviger")
    );
    let message = refusal(&database.url, Missing::Create).await;
    assert!(
        message.starts_with("the database could not be brought up to date: "),
        "{message}"
    );
});

#[tokio::test]
async fn an_empty_sqlite_database_is_not_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.db");
    create_private(&file).unwrap();
    let message = refusal(&format!("sqlite://{}", file.display()), Missing::Refuse).await;
    assert!(
        message.ends_with("is not up to date; run `claviger database migrate`"),
        "{message}"
    );
}

#[tokio::test]
async fn an_empty_postgres_database_is_not_up_to_date() {
    let message = refusal(&fresh_database().await, Missing::Refuse).await;
    assert!(
        message.ends_with("is not up to date; run `claviger database migrate`"),
        "{message}"
    );
}

#[tokio::test]
async fn where_there_is_no_file_refusal_names_the_place_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deeper").join("claviger.db");
    let message = refusal(&format!("sqlite://{}", file.display()), Missing::Refuse).await;
    assert_eq!(
        message,
        format!("there is no database at {}", file.display())
    );
    assert!(!file.parent().unwrap().exists());
}

#[tokio::test]
async fn where_there_is_no_server_refusal_names_the_place_without_the_password() {
    let url = "postgres://ada:hunter2@localhost/claviger?host=/nowhere/at/all";
    let message = refusal(url, Missing::Create).await;
    assert!(
        message.starts_with("postgres://ada@localhost/claviger"),
        "{message}"
    );
    assert!(!message.contains("hunter2"), "{message}");
}

#[tokio::test]
async fn another_file_is_not_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "Dear diary, this is no database at all. ".repeat(40)).unwrap();
    let message = refusal(&format!("sqlite://{}", file.display()), Missing::Create).await;
    assert!(
        message.contains("notes.txt could not be opened") && message.contains("not a database"),
        "{message}"
    );
}

#[tokio::test]
async fn another_engine_is_refused() {
    for url in ["mysql://db/claviger", "claviger.db", ""] {
        let message = refusal(url, Missing::Create).await;
        assert_eq!(
            message, "`DATABASE_URL` begins with `sqlite://` or `postgres://`",
            "{url:?}"
        );
    }
}

#[tokio::test]
async fn the_files_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made").join("claviger.db");
    let store = Store::open(&format!("sqlite://{}", file.display()), Missing::Create)
        .await
        .unwrap();
    add_client(&store, "id_one", &checked("One")).await;
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    for name in ["claviger.db", "claviger.db-wal", "claviger.db-shm"] {
        assert_eq!(mode(&file.with_file_name(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn an_open_folder_stays_as_it_is() {
    let database = Database::new(Engine::Sqlite).await;
    let before = mode(&database.folder());
    assert_eq!(
        create_private(&database.folder().join("claviger.db"))
            .unwrap_err()
            .kind(),
        std::io::ErrorKind::AlreadyExists
    );
    assert_eq!(mode(&database.folder()), before);
}

#[test]
fn the_file_of_a_url_is_its_path() {
    for (url, file) in [
        ("sqlite://data/claviger.db", Some("data/claviger.db")),
        (
            "sqlite:///var/lib/claviger.db?mode=rw",
            Some("/var/lib/claviger.db"),
        ),
        ("sqlite:claviger.db", Some("claviger.db")),
        ("postgres://db/claviger", None),
    ] {
        assert_eq!(sqlite_path(url).as_deref(), file.map(Path::new), "{url}");
    }
}

#[test]
fn a_password_is_not_shown_however_it_is_given() {
    for (url, shown) in [
        (
            "postgres://ada:hunter2@db:5432/claviger",
            "postgres://ada@db:5432/claviger",
        ),
        ("postgres://ada@db/claviger", "postgres://ada@db/claviger"),
        ("postgres://db/claviger", "postgres://db/claviger"),
        (
            "postgres://ada:hunter@2:3@db/claviger",
            "postgres://ada@db/claviger",
        ),
        (
            "postgres://ada:a/b@db/claviger",
            "postgres://ada@db/claviger",
        ),
        (
            "postgres://db/claviger?user=ada&password=hunter2",
            "postgres://db/claviger?user=ada",
        ),
        (
            "postgres://db/claviger?password=hunter2",
            "postgres://db/claviger",
        ),
        (
            "postgres://ada:hunter2@db/x?host=/run/pg",
            "postgres://ada@db/x?host=/run/pg",
        ),
        ("sqlite://data/claviger.db", "sqlite://data/claviger.db"),
    ] {
        assert_eq!(redacted(url), shown, "{url}");
    }
}
