//! The read of the version, past the pool.

use claviger::domain::ids::Version;
use claviger::store::Error;

use super::change;

on_both!(
    a_look_sees_what_was_committed_before_it_and_no_more,
    async |database| {
        let version_probe = database.store.version_probe();
        assert_eq!(version_probe.read().await.unwrap(), Version(0));
        let (tx, version) = change(&database.store).await;
        assert_eq!(version_probe.read().await.unwrap(), Version(version.0 - 1));
        tx.commit().await.unwrap();
        assert_eq!(version_probe.read().await.unwrap(), version);
        drop(change(&database.store).await);
        assert_eq!(version_probe.read().await.unwrap(), version);
    }
);

on_both!(a_look_into_a_closed_store_fails, async |database| {
    let version_probe = database.store.version_probe();
    version_probe.read().await.unwrap();
    database.store.close().await;
    let looked = version_probe.read().await;
    assert!(matches!(looked, Err(Error::Unavailable(_))), "{looked:?}");
});

on_both!(
    a_look_that_failed_is_followed_by_one_that_does_not,
    async |database| {
        let version_probe = database.store.version_probe();
        version_probe.read().await.unwrap();
        database
            .execute("ALTER TABLE directory_version RENAME TO mislaid")
            .await;
        assert!(version_probe.read().await.is_err());
        database
            .execute("ALTER TABLE mislaid RENAME TO directory_version")
            .await;
        assert_eq!(version_probe.read().await.unwrap(), Version(0));
    }
);
