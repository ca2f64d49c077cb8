//! The environment variables of libpq, checked before the driver reads them: it ignores what it does not understand,
//! even a setting that asks for more security. <https://www.postgresql.org/docs/current/libpq-envars.html>

use std::io::Read;

use sqlx::postgres::PgSslMode;

use super::{Error, Result};

/// The variables that the driver reads.
const VARIABLES: [&str; 12] = [
    "PGAPPNAME",
    "PGDATABASE",
    "PGHOST",
    "PGHOSTADDR",
    "PGOPTIONS",
    "PGPASSWORD",
    "PGPORT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGUSER",
];

/// The variables that name a file, with the URL parameter that has precedence.
const FILES: [(&str, &str); 3] = [
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLROOTCERT", "sslrootcert"),
];

/// The value of a variable. An empty one counts as not set.
pub(super) fn variable(name: &str) -> Result<Option<String>> {
    match std::env::var_os(name).map(std::ffi::OsString::into_string) {
        Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
        Some(Err(_)) => Err(Error::Open(format!("`{name}` is not UTF-8"))),
        None => Ok(None),
    }
}

/// Refuses variables that the driver would ignore. A parameter in the URL overrides its variable.
pub(super) fn check(is_given: impl Fn(&str) -> bool) -> Result<()> {
    for name in VARIABLES {
        variable(name)?;
    }
    let value = |name: &str, parameter: &str| {
        let value = variable(name)?;
        Ok::<_, Error>(value.filter(|_| !is_given(parameter)))
    };
    if value("PGSSLMODE", "sslmode")?.is_some_and(|mode| mode.parse::<PgSslMode>().is_err()) {
        return Err(Error::Open(
            "`PGSSLMODE` has a value that cannot be used; it is disable, allow, prefer, require, verify-ca or verify-full"
                .to_owned(),
        ));
    }
    if value("PGPORT", "port")?.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(Error::Open(
            "`PGPORT` has a value that cannot be used; it is a number up to 65535".to_owned(),
        ));
    }
    for (name, parameter) in FILES {
        if let Some(file) = value(name, parameter)? {
            check_file(&file).map_err(|error| {
                Error::Open(format!(
                    "`{name}` names a file that cannot be read: {error}"
                ))
            })?;
        }
    }
    Ok(())
}

/// Refuses the name of a file that cannot be read, such as a folder's; the driver accepts PEM text as well.
pub(super) fn check_file(value: &str) -> std::io::Result<()> {
    if !value.contains("-----BEGIN") {
        // A folder can be opened, but not read.
        let _ = std::fs::File::open(value)?.read(&mut [0])?;
    }
    Ok(())
}

/// The default user of libpq: the user of this process, by the user database.
pub(super) fn user() -> Result<String> {
    let number = uzers::get_effective_uid();
    uzers::get_user_by_uid(number)
        .and_then(|user| user.name().to_str().map(ToOwned::to_owned))
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            Error::Open(format!(
                "`DATABASE_URL` names no user, and the user {number} of this machine has no name; write postgres://USER@HOST/NAME, or set PGUSER"
            ))
        })
}
