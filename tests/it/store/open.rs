//! Opening a database: made, found and refused.

use claviger::domain::count::Count;
use claviger::store::{DatabaseUrl, Error, Missing, Store, create_private};

use super::{add_client, change, checked};

pub(super) async fn refusal(url: &str, missing: Missing) -> String {
    match Store::open(&url.parse().unwrap(), missing).await {
        Err(Error::Open(complaint)) => complaint.to_string(),
        other => panic!("{other:?}"),
    }
}

on_both!(
    a_database_is_opened_again_with_what_it_holds,
    async |database| {
        add_client(&database.store, "id_one", &checked("One")).await;
        for missing in [Missing::Refuse, Missing::Create] {
            let store = Store::open(&database.url.parse().unwrap(), missing)
                .await
                .unwrap();
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
            .execute(
                "DROP TABLE audit_head; DROP TABLE audit_events; DROP TABLE revocation_counts;
                 DROP TABLE audit_days; DROP TABLE audit_passes;
                 DELETE FROM _sqlx_migrations WHERE version = 3",
            )
            .await;
        let place: DatabaseUrl = database.url.parse().unwrap();
        let expected =
            format!("the database {place} is not up to date; run `claviger database migrate`");
        assert_eq!(refusal(&database.url, Missing::Refuse).await, expected);
        let url = database.url.parse().unwrap();
        Store::open(&url, Missing::Create).await.unwrap();
        Store::open(&url, Missing::Refuse).await.unwrap();
    }
);

on_both!(a_newer_database_is_refused, async |database| {
    let step =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                VALUES (9999, 'from the future', TRUE, '', 0)";
    database.execute(step).await;
    let place: DatabaseUrl = database.url.parse().unwrap();
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
async fn where_there_is_no_file_refusal_names_the_place_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deeper").join("claviger.db");
    let message = refusal(&format!("sqlite://{}", file.display()), Missing::Refuse).await;
    assert_eq!(
        message,
        format!("there is no database at sqlite://{}", file.display())
    );
    assert!(!file.parent().unwrap().exists());
}

#[tokio::test]
async fn what_is_no_file_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::os::unix::fs::symlink("nowhere.db", path("link.db")).unwrap();
    std::fs::write(path("file"), "").unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(path("socket.db")).unwrap();
    for (name, told) in [
        ("link.db", "is a link to nowhere.db, which is not there"),
        (
            "file/claviger.db",
            "cannot be looked at: Not a directory (os error 20)",
        ),
        ("folder", "is a folder, and a file is wanted"),
        ("socket.db", "is no ordinary file"),
    ] {
        for missing in [Missing::Create, Missing::Refuse] {
            let message = refusal(&format!("sqlite://{}", path(name)), missing).await;
            assert_eq!(message, format!("{} {told}", path(name)));
        }
    }
    assert!(!folder.path().join("nowhere.db").exists());
}

#[tokio::test]
async fn a_url_may_say_that_the_file_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rw",
        folder.path().join("claviger.db").display()
    );
    assert_eq!(
        refusal(&url, Missing::Create).await,
        format!("there is no database at {url}")
    );
    let made = url.replace("mode=rw", "mode=rwc").parse().unwrap();
    Store::open(&made, Missing::Create).await.unwrap();
    Store::open(&url.parse().unwrap(), Missing::Create)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_path_is_one_file_however_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for (written, name) in [
        ("my%20data.db", "my data.db"),
        ("my data.db", "my data.db"),
        ("what%3Fmode=memory%23.db", "what?mode=memory#.db"),
        ("100%25.db", "100%.db"),
        ("%C3%A9t%c3%a9.db", "été.db"),
    ] {
        let url = format!("sqlite://{}/{written}", folder.path().display());
        let url: DatabaseUrl = url.parse().unwrap();
        let file = folder.path().join(name);
        assert_eq!(url.sqlite_path(), Some(file.as_path()));
        let store = Store::open(&url, Missing::Create).await.unwrap();
        // The pool and the version probe open the same file.
        let (tx, version) = change(&store).await;
        tx.commit().await.unwrap();
        assert_eq!(store.version_probe().read().await.unwrap(), version);
        assert!(file.is_file(), "{name}");
    }
    let names = folder.path().read_dir().unwrap();
    let databases = names.filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|end| end == "db")
    });
    assert_eq!(databases.count(), 4);
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
