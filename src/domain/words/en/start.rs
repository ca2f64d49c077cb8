//! English, for whoever starts a server or a command.

use std::fmt::{Formatter, Result};
use std::path::Path;

use crate::domain::start::{
    DatabaseComplaint, DeadLink, FileComplaint, FileFault, IssuerComplaint, KeyComplaint,
    StartComplaint, Unreached, UrlComplaint, VariableFault,
};

/// The keys in a database do not open with the master key.
pub const OTHER_MASTER_KEY: &str = "this database was sealed with another master key";
/// A unique value is taken.
pub const VALUE_TAKEN: &str = "a unique value is taken";
/// The name is taken.
pub const NAME_TAKEN: &str = "the name is taken";
/// The database is out of reach.
pub const DATABASE_UNAVAILABLE: &str = "the database cannot be asked";
/// A statement or a stored value is invalid.
pub const DATABASE_DEFECT: &str = "the database holds or was asked nonsense";

/// Stands for what the driver would log, which repeats the password of the line.
pub const PASSWORD_LINE_UNREADABLE: &str =
    "a line of ~/.pgpass, or of the file in PGPASSFILE, cannot be read and is passed over";

/// How a PostgreSQL database in UTF-8 is made by hand.
const CREATEDB: &str = "`createdb --encoding=UTF8 --template=template0 NAME`";

pub(in crate::domain) fn start(complaint: &StartComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        StartComplaint::File(complaint) => file(complaint, to),
        StartComplaint::DatabaseMissing { url } => write!(to, "there is no database at {url}"),
        StartComplaint::OtherMasterKey { url, source } => write!(
            to,
            "the database {url} was sealed with another master key than {source}"
        ),
        StartComplaint::KeyNotSet => write!(
            to,
            "PostgreSQL has no file to keep a master key beside; set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE"
        ),
        StartComplaint::KeyOverDatabase(database) => write!(
            to,
            "the master key would lie in {}, which is the database itself; give the database another ending, such as .db",
            database.display()
        ),
        StartComplaint::KeyMissing { database, key } => write!(
            to,
            "the master key of {} is missing: put {} back, or set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE",
            database.display(),
            key.display()
        ),
        StartComplaint::KeyInvalid { source, complaint } => write!(to, "{source}: {complaint}"),
        StartComplaint::KeyUnreadable { file, cause } => write!(
            to,
            "the master key could not be read from {}: {cause}",
            file.display()
        ),
        StartComplaint::KeyFileIsSecret { cause } => write!(
            to,
            "the master key could not be read: CLAVIGER_MASTER_KEY_FILE seems to hold a key or an address, and is to hold the name of a file. A key itself belongs into CLAVIGER_MASTER_KEY: {cause}"
        ),
        StartComplaint::KeyUnwritten { file, cause } => write!(
            to,
            "the master key could not be written to {}: {cause}",
            file.display()
        ),
    }
}

pub(in crate::domain) fn issuer(complaint: &IssuerComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        IssuerComplaint::SchemeInvalid => write!(to, "the issuer begins with https://"),
        IssuerComplaint::HostInvalid => write!(
            to,
            "the issuer is https:// and a host, such as https://access.example.org, without user, path, query or fragment"
        ),
        IssuerComplaint::NotSecure { issuer } => write!(
            to,
            "the issuer {issuer} is not this machine, so it must begin with https://"
        ),
    }
}

pub(in crate::domain) fn key(complaint: &KeyComplaint, to: &mut Formatter<'_>) -> Result {
    to.write_str(match complaint {
        KeyComplaint::Unreadable => "a master key is 32 bytes as base64 or hex",
        KeyComplaint::Guessable => {
            "a master key is random, and this one is a pattern that can be guessed; `openssl rand -base64 32` makes one"
        }
    })
}

pub(in crate::domain) fn file(complaint: &FileComplaint, to: &mut Formatter<'_>) -> Result {
    let path = complaint.path.display();
    match &complaint.fault {
        FileFault::IsFolder => write!(to, "{path} is a folder, and a file is wanted"),
        FileFault::NotOrdinary => write!(to, "{path} is no ordinary file"),
        FileFault::DeadLink(DeadLink { target }) => {
            write!(to, "{path} {}", dead_link(target))
        }
        FileFault::Unknown(cause) => write!(to, "{path} cannot be looked at: {cause}"),
        FileFault::Unreadable(cause) => write!(to, "{path} cannot be read: {cause}"),
        FileFault::Unopened(cause) => write!(to, "{path} could not be opened: {cause}"),
        FileFault::Unmade(cause) => write!(to, "{path} could not be made: {cause}"),
        FileFault::Unwritten(cause) => write!(to, "{path} could not be written: {cause}"),
        FileFault::FolderUnmade(cause) => {
            write!(to, "the folder {path} could not be made: {cause}")
        }
    }
}

pub(in crate::domain) fn link(link: &DeadLink, to: &mut Formatter<'_>) -> Result {
    write!(to, "it {}", dead_link(&link.target))
}

fn dead_link(target: &Path) -> String {
    format!("is a link to {}, which is not there", target.display())
}

pub(in crate::domain) fn database(complaint: &DatabaseComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        DatabaseComplaint::Url(complaint) => url(complaint, to),
        DatabaseComplaint::Variable { name, fault } => variable(name, fault, to),
        DatabaseComplaint::File(complaint) => file(complaint, to),
        DatabaseComplaint::Missing { url } => write!(to, "there is no database at {url}"),
        DatabaseComplaint::MissingOnServer { url } => write!(
            to,
            "there is no database at {url}; `claviger database migrate` makes it"
        ),
        DatabaseComplaint::Unmade { url, cause } => write!(
            to,
            "there is no database at {url}, and it could not be made: {cause}; make it with {CREATEDB}"
        ),
        DatabaseComplaint::Unreached { url, cause } => {
            write!(to, "the database {url} could not be opened: ")?;
            unreached(cause, to)
        }
        DatabaseComplaint::ServerTooOld { url, oldest } => write!(
            to,
            "the database {url} could not be opened: its server is older than PostgreSQL {oldest}"
        ),
        DatabaseComplaint::NotUtf8 { url, encoding } => write!(
            to,
            "the database {url} is encoded in {encoding}, and must be in UTF8; make another with {CREATEDB}"
        ),
        DatabaseComplaint::NotMigrated { cause } => {
            write!(to, "the database could not be brought up to date: {cause}")
        }
        DatabaseComplaint::TooOld { url } => write!(
            to,
            "the database {url} is not up to date; run `claviger database migrate`"
        ),
        DatabaseComplaint::TooNew { url } => {
            write!(to, "the database {url} belongs to a newer Claviger")
        }
    }
}

/// Why, and what to do about it.
fn unreached(cause: &Unreached, to: &mut Formatter<'_>) -> Result {
    match cause {
        Unreached::NoAnswer { seconds } => write!(
            to,
            "there was no answer within {seconds} seconds; is the address right, and does a firewall let this machine through?"
        ),
        Unreached::NotConnected(cause) => write!(
            to,
            "{cause}; is PostgreSQL running there, and is the address right?"
        ),
        Unreached::SignInRefused(cause) => write!(
            to,
            "{cause}; are the user and the password right? They stand in `DATABASE_URL`, or the password in `PGPASSWORD` or ~/.pgpass"
        ),
        Unreached::Other(cause) => to.write_str(cause),
    }
}

fn url(complaint: &UrlComplaint, to: &mut Formatter<'_>) -> Result {
    to.write_str("`DATABASE_URL` ")?;
    match complaint {
        UrlComplaint::NotTrimmed => to.write_str("has a control character in it, or a space at one of its ends"),
        UrlComplaint::Control => to.write_str("has a control character in it"),
        UrlComplaint::SchemeInvalid => to.write_str("begins with `sqlite://` or `postgres://`"),
        UrlComplaint::PercentInvalid => {
            to.write_str("has a `%` that begins no code of two digits; a `%` itself is written %25")
        }
        UrlComplaint::Fragment => to.write_str("has a `#`; in a path it is written %23"),
        UrlComplaint::SqliteParameter => to.write_str(
            "may have `mode=rw` or `mode=rwc` behind its path, and nothing else; a `?` in a path is written %3F",
        ),
        UrlComplaint::InMemory => to.write_str(
            "names no file: SQLite would keep such a database in memory or in a temporary file, and lose it. Write sqlite://PATH",
        ),
        UrlComplaint::FileAddress => {
            to.write_str("holds a `file:` address, which is SQLite's own; write sqlite://PATH")
        }
        UrlComplaint::Folder => {
            to.write_str("names a folder; put the name of a file behind it, such as claviger.db")
        }
        UrlComplaint::PathInvalid => {
            to.write_str("has a path that is not UTF-8 or has a control character in it")
        }
        UrlComplaint::NotEscaped => to.write_str(
            "cannot be read: in a user name, a password or a parameter `/` is written %2F, `?` %3F, `#` %23 and `@` %40",
        ),
        UrlComplaint::Unreadable(cause) => write!(to, "cannot be read: {cause}"),
        UrlComplaint::UserUnknown { number } => write!(
            to,
            "names no user, and the user {number} of this machine has no name; write postgres://USER@HOST/NAME, or set PGUSER"
        ),
        UrlComplaint::NotUtf8 => {
            to.write_str("has a user name, a password or a database's name that is not UTF-8")
        }
        UrlComplaint::ParameterTwice(name) => write!(
            to,
            "has the parameter `{name}` twice, or in two spellings; write it once"
        ),
        UrlComplaint::ParameterUnknown { name, known } => {
            match name {
                Some(name) => write!(to, "has the parameter `{name}`")?,
                None => to.write_str("has a parameter")?,
            }
            let known = known.join(", ");
            write!(to, ", which is unknown here; known are {known}")
        }
        UrlComplaint::ValueInvalid(name) => {
            write!(to, "has a value for `{name}` that cannot be used")
        }
        UrlComplaint::FileUnreadable { parameter, cause } => write!(
            to,
            "names a file by `{parameter}` that cannot be read: {cause}"
        ),
    }
}

fn variable(name: &str, fault: &VariableFault, to: &mut Formatter<'_>) -> Result {
    match fault {
        VariableFault::NotUtf8 => write!(to, "`{name}` is not UTF-8"),
        VariableFault::SslModeInvalid => write!(
            to,
            "`{name}` has a value that cannot be used; it is disable, allow, prefer, require, verify-ca or verify-full"
        ),
        VariableFault::PortInvalid => write!(
            to,
            "`{name}` has a value that cannot be used; it is a number up to 65535"
        ),
        VariableFault::FileUnreadable(cause) => {
            write!(to, "`{name}` names a file that cannot be read: {cause}")
        }
    }
}
