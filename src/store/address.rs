//! Database URLs: `sqlite://PATH` and `postgres://USER@HOST/NAME`.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use url::Url;

use super::{Error, Result, libpq};
use crate::domain::start::UrlComplaint;

/// The query parameters that a PostgreSQL URL may have; `options[NAME]` is allowed too.
const PARAMETERS: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// The parameters that name a file.
const FILES: [&str; 7] = [
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslrootcert",
];

/// The URL of a database, parsed once. It is displayed without its password, because the text is composed of the parsed
/// parts; a URL that cannot be parsed is not displayed at all.
#[derive(Clone)]
pub struct DatabaseUrl {
    location: Location,
    display: String,
}

#[derive(Clone)]
pub(super) enum Location {
    Sqlite {
        path: PathBuf,
        /// False for `mode=rw`: the file must exist.
        may_be_made: bool,
    },
    Postgres(Box<PgConnectOptions>),
}

impl DatabaseUrl {
    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.location {
            Location::Sqlite { path, .. } => Some(path),
            Location::Postgres(_) => None,
        }
    }

    /// False when the URL itself says that the database must exist.
    #[must_use]
    pub fn may_be_made(&self) -> bool {
        match self.location {
            Location::Sqlite { may_be_made, .. } => may_be_made,
            Location::Postgres(_) => true,
        }
    }

    pub(super) fn location(&self) -> &Location {
        &self.location
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.display)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.display)
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    /// Parses a URL. Its scheme may be in either case (RFC 3986 §3.1).
    ///
    /// # Errors
    /// [`Error::Open`] with an [`UrlComplaint`].
    fn from_str(text: &str) -> Result<Self> {
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(UrlComplaint::NotTrimmed.into());
        }
        let (scheme, rest) = text.split_once(':').unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite(text, rest),
            "postgres" | "postgresql" if rest.starts_with("//") => postgres(rest),
            _ => Err(UrlComplaint::SchemeInvalid.into()),
        }
    }
}

fn sqlite(text: &str, rest: &str) -> Result<DatabaseUrl> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    if rest.contains('#') {
        return Err(UrlComplaint::Fragment.into());
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = decoded(path)?;
    let mut may_be_made = true;
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter {
            "mode=rwc" => {}
            "mode=rw" => may_be_made = false,
            "mode=memory" => return Err(UrlComplaint::InMemory.into()),
            _ => return Err(UrlComplaint::SqliteParameter.into()),
        }
    }
    // Each connection would have a database of its own in memory, and all would be lost when the process ends.
    if path.to_ascii_lowercase().contains(":memory:") || path.is_empty() {
        return Err(UrlComplaint::InMemory.into());
    }
    if path.to_ascii_lowercase().starts_with("file:") {
        return Err(UrlComplaint::FileAddress.into());
    }
    if matches!(path.rsplit('/').next(), Some("" | "." | "..")) {
        return Err(UrlComplaint::Folder.into());
    }
    Ok(DatabaseUrl {
        location: Location::Sqlite {
            path: PathBuf::from(path),
            may_be_made,
        },
        display: text.to_owned(),
    })
}

/// A path whose reserved characters are percent-encoded (RFC 3986 §2.1). SQLite takes file names in UTF-8.
fn decoded(text: &str) -> Result<String> {
    check_percent(text)?;
    let decoded = percent_decode_str(text).decode_utf8();
    match decoded {
        Ok(path) if !path.contains(char::is_control) => Ok(path.into_owned()),
        _ => Err(UrlComplaint::PathInvalid.into()),
    }
}

fn check_percent(text: &str) -> Result<()> {
    let is_encoded = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if text.match_indices('%').all(|(at, _)| is_encoded(at)) {
        return Ok(());
    }
    Err(UrlComplaint::PercentInvalid.into())
}

fn postgres(rest: &str) -> Result<DatabaseUrl> {
    check_percent(rest)?;
    let after = rest.strip_prefix("//").unwrap_or(rest);
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, behind) = after.split_at(end);
    if behind.contains(['@', '#']) {
        return Err(UrlComplaint::NotEscaped.into());
    }
    // A user without a host is allowed by libpq, but not by `url`.
    let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_local = (host.is_empty() && !login.is_empty()) || host.starts_with(':');
    let read = if is_local {
        Url::parse(&format!("postgres://{login}@localhost{host}{behind}"))
    } else {
        Url::parse(&format!("postgres:{rest}"))
    };
    let mut url = read.map_err(|error| UrlComplaint::Unreadable(error.to_string()))?;
    let given = check_parameters(&url)?;
    let is_given = |name: &str| given.contains(name);
    libpq::check(|name| is_given(name) || (name == "port" && url.port().is_some()))?;
    let has_user = !url.username().is_empty() || is_given("user");
    if !has_user && libpq::variable("PGUSER")?.is_none() {
        let user = libpq::user()?;
        url.query_pairs_mut().append_pair("user", &user);
    }
    let mut options = options(&url)?;
    if is_local && !given.contains("host") && !given.contains("hostaddr") {
        options = options.host(PgConnectOptions::new_without_pgpass().get_host());
    }
    if let Some(address) = options.get_host().strip_prefix('[') {
        // The driver resolves this text as a name, so an IPv6 address has no brackets here.
        let address = address.trim_end_matches(']').to_owned();
        options = options.host(&address);
    }
    let display = without_password(&options);
    if display.contains(char::is_control) {
        return Err(UrlComplaint::Control.into());
    }
    Ok(DatabaseUrl {
        location: Location::Postgres(Box::new(options)),
        display,
    })
}

/// The names of the parameters that have a value, each in its first spelling. A repeated one is refused: the driver
/// would ignore the first value.
fn check_parameters(url: &Url) -> Result<HashSet<String>> {
    let (mut seen, mut given) = (HashSet::new(), HashSet::new());
    for (name, value) in url.query_pairs() {
        check_parameter(&name, &value)?;
        let name = match &*name {
            "ssl-mode" => "sslmode",
            "ssl-ca" | "ssl-root-cert" => "sslrootcert",
            "ssl-cert" => "sslcert",
            "ssl-key" => "sslkey",
            name => name,
        };
        if !seen.insert(name.to_owned()) {
            let plain = name.split('[').next().unwrap_or_default();
            return Err(UrlComplaint::ParameterTwice(plain.to_owned()).into());
        }
        if !value.is_empty() {
            given.insert(name.to_owned());
        }
    }
    Ok(given)
}

/// The driver ignores unknown parameters, even one that asks for more security, so they are refused.
fn check_parameter(name: &str, value: &str) -> Result<()> {
    let is_option = name.starts_with("options[") && name.ends_with(']');
    if !is_option && !PARAMETERS.contains(&name) {
        let is_name = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-';
        let is_plain = !value.is_empty() && name.bytes().all(is_name);
        return Err(UrlComplaint::ParameterUnknown {
            name: is_plain.then(|| name.to_owned()),
            known: &PARAMETERS,
        }
        .into());
    }
    if FILES.contains(&name) {
        libpq::check_file(value).map_err(|error| UrlComplaint::FileUnreadable {
            parameter: name.to_owned(),
            cause: error.to_string(),
        })?;
    }
    Ok(())
}

fn options(url: &Url) -> Result<PgConnectOptions> {
    let is_wrong = |name: &str, value: &str| {
        let mut alone = url.clone();
        alone.query_pairs_mut().clear().append_pair(name, value);
        PgConnectOptions::from_url(&alone).is_err()
    };
    // The driver's message may repeat a part of the URL.
    PgConnectOptions::from_url(url).map_err(|_| {
        let wrong = url
            .query_pairs()
            .find(|(name, value)| is_wrong(name, value));
        match wrong {
            Some((name, _)) => UrlComplaint::ValueInvalid(name.into_owned()).into(),
            None => UrlComplaint::NotUtf8.into(),
        }
    })
}

fn without_password(options: &PgConnectOptions) -> String {
    let name = options.get_database().unwrap_or_default();
    let host = options.get_host();
    // A path as host is the directory of a Unix socket; an IPv6 address is in brackets.
    let (host, socket) = match options.get_socket() {
        Some(socket) => (String::new(), Some(socket.display().to_string())),
        None if host.starts_with('/') => (String::new(), Some(host.to_owned())),
        None if host.contains(':') => (format!("[{host}]"), None),
        None => (host.to_owned(), None),
    };
    let port = match options.get_port() {
        5432 => String::new(),
        port => format!(":{port}"),
    };
    let socket = socket.map_or(String::new(), |socket| format!("?host={socket}"));
    format!(
        "postgres://{}@{host}{port}/{name}{socket}",
        options.get_username()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_displayed_url_has_no_password() {
        let url: DatabaseUrl = "postgres://ada:hunter2@db/claviger".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://ada@db/claviger");
        assert_eq!(format!("{url:?}"), "postgres://ada@db/claviger");
    }
}
