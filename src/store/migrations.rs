//! The files of `migrations/`, as the binary carries them. A new one is added to the list here.

use std::sync::LazyLock;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// File names without the ending, with the text of each.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),*]
    };
}

const FILES: [(&str, &str); 13] = files![
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
];

pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let migrations = (1..).zip(FILES).map(|(version, (name, text))| {
        let kind = MigrationType::Simple;
        Migration::new(version, name.into(), kind, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
});

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
