//! The files of the embedded engine: kept from other eyes, and taken away again by a start that fails.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use claviger::store::{FreshFiles, Missing, Store, create_private};

use crate::support::{Database, Engine};

use super::{add_client, checked};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn the_files_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made").join("claviger.db");
    let store = Store::open(
        &format!("sqlite://{}", file.display()).parse().unwrap(),
        Missing::Create,
    )
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

#[tokio::test]
async fn what_a_failed_start_made_goes_away_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("one/two");
    let file = folder.join("claviger.db");
    let names = || root.path().read_dir().unwrap().count();

    let mut fresh = FreshFiles::begin(&file).await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    fresh.add(file.clone());
    fresh.add(folder.join("never.made"));
    std::fs::write(&file, "").unwrap();
    drop(fresh);
    assert_eq!(names(), 0);

    let mut fresh = FreshFiles::begin(&file).await.unwrap();
    fresh.add(file.clone());
    std::fs::write(&file, "").unwrap();
    let somebody_elses = folder.join("notes.txt");
    std::fs::write(&somebody_elses, "").unwrap();
    drop(fresh);
    assert!(!file.exists() && somebody_elses.exists());

    let mut fresh = FreshFiles::begin(&file).await.unwrap();
    fresh.add(file.clone());
    std::fs::write(&file, "").unwrap();
    fresh.keep();
    drop(fresh);
    assert!(file.exists());
}

#[tokio::test]
async fn one_start_waits_for_another_in_the_same_folder() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("data/claviger.db");
    let first = FreshFiles::begin(&file).await.unwrap();
    let waiting = tokio::spawn({
        let file = file.clone();
        async move { FreshFiles::begin(&file).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    // It takes the folder along, in which the other waited for its turn.
    drop(first);
    let second = waiting.await.unwrap().unwrap();
    assert!(file.parent().unwrap().is_dir());
    drop(second);
    assert!(!file.parent().unwrap().exists());
}

#[tokio::test]
async fn what_a_failed_start_made_goes_away_whatever_its_path_goes_through() {
    let root = tempfile::tempdir().unwrap();
    for path in [
        "a/../b/x.db",
        "a/b/../../c/x.db",
        "a/./b/../c/d/x.db",
        "a/../a/x.db",
    ] {
        let file = root.path().join(path);
        let mut fresh = FreshFiles::begin(&file).await.unwrap();
        fresh.add(file.clone());
        std::fs::write(&file, "").unwrap();
        drop(fresh);
        assert_eq!(root.path().read_dir().unwrap().count(), 0, "{path}");
    }
    std::fs::create_dir(root.path().join("kept")).unwrap();
    drop(
        FreshFiles::begin(&root.path().join("a/../kept/b/x.db"))
            .await
            .unwrap(),
    );
    let names: Vec<_> = root
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["kept"]);
}
