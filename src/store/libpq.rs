//! The environment variables of libpq, checked before the driver reads them: it ignores what it does not understand,
//! even a setting that asks for more security. <https://www.postgresql.org/docs/current/libpq-envars.html>

use std::io::Read;

use sqlx::postgres::PgSslMode;

use super::{Error, Result};
use crate::domain::start::{DatabaseComplaint, UrlComplaint, VariableFault};

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
pub(super) fn variable(name: &'static str) -> Result<Option<String>> {
    match std::env::var_os(name).map(std::ffi::OsString::into_string) {
        Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
        Some(Err(_)) => Err(wrong(name, VariableFault::NotUtf8)),
        None => Ok(None),
    }
}

fn wrong(name: &'static str, fault: VariableFault) -> Error {
    DatabaseComplaint::Variable { name, fault }.into()
}

/// Refuses variables that the driver would ignore. A parameter in the URL overrides its variable.
pub(super) fn check(is_given: impl Fn(&str) -> bool) -> Result<()> {
    for name in VARIABLES {
        variable(name)?;
    }
    let value = |name: &'static str, parameter: &str| {
        let value = variable(name)?;
        Ok::<_, Error>(value.filter(|_| !is_given(parameter)))
    };
    if value("PGSSLMODE", "sslmode")?.is_some_and(|mode| mode.parse::<PgSslMode>().is_err()) {
        return Err(wrong("PGSSLMODE", VariableFault::SslModeInvalid));
    }
    if value("PGPORT", "port")?.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(wrong("PGPORT", VariableFault::PortInvalid));
    }
    for (name, parameter) in FILES {
        if let Some(file) = value(name, parameter)? {
            check_file(&file)
                .map_err(|error| wrong(name, VariableFault::FileUnreadable(error.to_string())))?;
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
        .ok_or_else(|| UrlComplaint::UserUnknown { number }.into())
}
