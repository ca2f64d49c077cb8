//! Addresses of databases: `sqlite://PATH` and `postgres://USER@HOST/NAME`.

use std::path::PathBuf;

/// The file that a SQLite URL names.
#[must_use]
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// A database URL that may be shown: without its password, wherever it stands.
#[must_use]
pub fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A password may hold an `@` of its own; the last one ends it.
    let place = match place.rsplit_once('@') {
        Some((login, place)) => format!("{}@{place}", login.split(':').next().unwrap_or_default()),
        None => place.to_owned(),
    };
    let shown: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.contains("password"))
        .collect();
    if shown.is_empty() {
        format!("{scheme}://{place}")
    } else {
        format!("{scheme}://{place}?{}", shown.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(
            redacted("postgres://ada:hunter2@db/claviger"),
            "postgres://ada@db/claviger"
        );
        assert_eq!(
            redacted("sqlite://data/claviger.db"),
            "sqlite://data/claviger.db"
        );
    }
}
