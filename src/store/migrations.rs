//! The files of `migrations/`, as the binary carries them. A new one is added to the list here.

use std::sync::LazyLock;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

/// File names without the ending, with the text of each.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),*]
    };
}

const FILES: [(&str, &str); 14] = files![
    "0001_directory",
    "0002_admins",
    "0003_audit",
    "0004_usage",
    "0005_client_lists",
    "0006_participants",
    "0007_impersonations",
    "0008_overview",
    "0009_secrets",
    "0010_tokens",
    "0011_client_orders",
    "0012_permissions",
    "0013_organization_usage",
    "0014_live_tokens",
];

/// How many migrations there are.
pub(super) const COUNT: usize = FILES.len();

/// PostgreSQL writes a changed row anew, and leaves the indexes alone where the page of the old one has space for it (heap-only
/// tuples, <https://www.postgresql.org/docs/current/storage-hot.html>). Full pages have none.
pub(super) static FOR_POSTGRES: LazyLock<Migrator> = LazyLock::new(|| {
    migrator(|text| {
        text.replace(
            "/* PostgreSQL: WITH (fillfactor = 50) */",
            "WITH (fillfactor = 50)",
        )
    })
});

/// SQLite finds a row by its rowid, and any other key by an index first, so in a second B-tree. An integer key is the rowid itself
/// where it is declared INTEGER, and a table without a rowid is stored in the order of its key
/// (<https://sqlite.org/withoutrowid.html>).
pub(super) static FOR_SQLITE: LazyLock<Migrator> = LazyLock::new(|| {
    migrator(|text| {
        text.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
            .replace("/* SQLite: WITHOUT ROWID */", "WITHOUT ROWID")
    })
});

fn migrator(adapt: fn(&str) -> String) -> Migrator {
    let migrations = (1..).zip(FILES).map(|(version, (name, text))| {
        let text = AssertSqlSafe(adapt(text)).into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, text, false)
    });
    Migrator::with_migrations(migrations.collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_in_the_list_at_its_number() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        let listed = FILES.map(|(name, _)| format!("{name}.sql"));
        assert_eq!(found, listed);
        for (number, name) in (1..).zip(found) {
            assert!(name.starts_with(&format!("{number:04}_")), "{name}");
        }
    }
}
