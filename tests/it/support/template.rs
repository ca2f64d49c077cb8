//! Databases that are migrated once per test process, and copied for each test.

use std::path::Path;

use claviger::store::{Missing, Store, create_private};
use tokio::sync::OnceCell;

use super::postgres::{copy_database, fresh_database};

/// The URL of a copy of the migrated PostgreSQL database.
pub async fn copy_on_server() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || {
        let url = fresh_database().await;
        migrate(&url).await;
        url
    });
    copy_database(template.await).await
}

/// Writes a copy of the migrated SQLite database.
pub async fn copy_to(path: &Path) {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claviger.db");
        migrate(&format!("sqlite://{}", file.display())).await;
        // Closing the last connection has checkpointed and removed the write-ahead log.
        assert!(!folder.path().join("claviger.db-wal").exists());
        std::fs::read(file).unwrap()
    });
    let template = template.await;
    create_private(path).unwrap();
    std::fs::write(path, template).unwrap();
}

/// Migrates a database and closes every connection, because neither engine can copy a database with open connections.
async fn migrate(url: &str) {
    let store = Store::open(&url.parse().unwrap(), Missing::Create)
        .await
        .unwrap();
    store.close().await;
}
