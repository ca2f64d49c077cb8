//! What the unit tests of the directory share.

use std::sync::Arc;

use crate::domain::host::Authority;
use crate::service::catalog::built_in;
use crate::service::clock::{Clock, Random};
use crate::service::crypto::keyring::Keys;
use crate::service::crypto::master_key::MasterKey;
use crate::service::directory::Directory;
use crate::store::{Missing, Stamp, Store, Tx};

const KEY: &str = "9c41f7d03be85a2614ad6f90c27e8b35518d0ef4a3b96c7207d1e84f5a3c9b60";

/// A directory over the database of a URL, and its store.
pub(super) async fn node(url: &str) -> (Directory, Store) {
    let store = Store::open(&url.parse().unwrap(), Missing::Create)
        .await
        .unwrap();
    let master = MasterKey::parse(KEY).unwrap();
    let (clock, random) = (Clock::System, Random::System);
    let keys = Keys::load_or_make(&store, &master, &clock, &random).await;
    let host = Authority::parse("access.example").unwrap().host;
    let keys = Arc::new(keys.ok().unwrap());
    let directory = Directory::new(store.clone(), keys, &built_in(), host);
    (directory, store)
}

/// Commits a change as another process would.
pub(super) async fn change(store: &Store, write: impl AsyncFnOnce(&mut Tx, &Stamp)) {
    let mut tx = store.write().await.unwrap();
    let stamp = Stamp {
        by: "shell:tester".to_owned(),
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
        version: tx.raise_directory_version().await.unwrap(),
    };
    write(&mut tx, &stamp).await;
    tx.commit().await.unwrap();
}
