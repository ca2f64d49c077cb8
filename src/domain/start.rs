//! Complaints about a start: what is wrong with a setting, a file or the database, as data. Whoever starts a server or a
//! command reads them as sentences, which [`words`](super::words) has. A `cause` is the text of the system or the driver.

use std::path::PathBuf;

/// Why a start is refused before the database is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartComplaint {
    /// A file is not as it must be.
    File(FileComplaint),
    /// There is no database at the URL, and none may be made there.
    DatabaseMissing {
        /// The URL, without its password.
        url: String,
    },
    /// The database's keys were sealed with another master key than the one from this source.
    OtherMasterKey {
        /// The database's URL.
        url: String,
        /// The variable or the file with the master key.
        source: String,
    },
    /// PostgreSQL needs a setting for the master key.
    KeyNotSet,
    /// The name of the key file would be that of the database.
    KeyOverDatabase(PathBuf),
    /// The database has no key beside it.
    KeyMissing {
        /// The database.
        database: PathBuf,
        /// Where its key belongs.
        key: PathBuf,
    },
    /// The text from this source is no master key.
    KeyInvalid {
        /// The variable or the file.
        source: String,
        /// What is wrong with it.
        complaint: KeyComplaint,
    },
    /// The key file cannot be read.
    KeyUnreadable {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
    /// The setting for the key's file seems to hold a secret, which is not repeated.
    KeyFileIsSecret {
        /// The cause.
        cause: String,
    },
    /// A new key cannot be written.
    KeyUnwritten {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
}

impl From<FileComplaint> for StartComplaint {
    fn from(complaint: FileComplaint) -> Self {
        Self::File(complaint)
    }
}

/// What is wrong with an issuer. It is not repeated where it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerComplaint {
    /// It does not begin with `https://`, nor with `http://`.
    SchemeInvalid,
    /// Behind the scheme is something else than a host.
    HostInvalid,
    /// It is `http://` at another machine.
    NotSecure {
        /// The issuer.
        issuer: String,
    },
}

/// What is wrong with a master key, which is not repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyComplaint {
    /// It is not 32 bytes as base64 or hex.
    Unreadable,
    /// It is a pattern, so it can be guessed.
    Guessable,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileComplaint {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: FileFault,
}

impl FileComplaint {
    /// A complaint about this file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, fault: FileFault) -> Self {
        Self {
            path: path.into(),
            fault,
        }
    }
}

/// What can be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It is a folder.
    IsFolder,
    /// It is a device, a socket or the like.
    NotOrdinary,
    /// It is a link to something that does not exist.
    DeadLink(DeadLink),
    /// Whether it exists cannot be found out.
    Unknown(String),
    /// It cannot be read.
    Unreadable(String),
    /// SQLite cannot open it.
    Unopened(String),
    /// It could not be made.
    Unmade(String),
    /// It could not be written.
    Unwritten(String),
    /// It is a folder that could not be made.
    FolderUnmade(String),
}

/// A link to something that does not exist; also the cause of a failure of the file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLink {
    /// What it names.
    pub target: PathBuf,
}

/// Why a database cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseComplaint {
    /// Its URL is wrong.
    Url(UrlComplaint),
    /// A variable of libpq is wrong.
    Variable {
        /// The variable.
        name: &'static str,
        /// What is wrong with it.
        fault: VariableFault,
    },
    /// A file is not as it must be.
    File(FileComplaint),
    /// It does not exist, and may not be made.
    Missing {
        /// The URL, without its password.
        url: String,
    },
    /// A PostgreSQL server does not have it, and a command may not make it.
    MissingOnServer {
        /// The URL.
        url: String,
    },
    /// A PostgreSQL server does not have it, and did not make it.
    Unmade {
        /// The URL.
        url: String,
        /// The cause.
        cause: String,
    },
    /// The server cannot be connected to.
    Unreached {
        /// The URL.
        url: String,
        /// Why.
        cause: Unreached,
    },
    /// The server is of an older version than it must be.
    ServerTooOld {
        /// The URL.
        url: String,
        /// The oldest version that will do.
        oldest: u32,
    },
    /// The database has another encoding than UTF-8.
    NotUtf8 {
        /// The URL.
        url: String,
        /// The encoding.
        encoding: String,
    },
    /// Its tables could not be brought up to date.
    NotMigrated {
        /// The cause.
        cause: String,
    },
    /// Its tables are those of an older version.
    TooOld {
        /// The URL.
        url: String,
    },
    /// Its tables are those of a newer version.
    TooNew {
        /// The URL.
        url: String,
    },
}

impl From<UrlComplaint> for DatabaseComplaint {
    fn from(complaint: UrlComplaint) -> Self {
        Self::Url(complaint)
    }
}

impl From<FileComplaint> for DatabaseComplaint {
    fn from(complaint: FileComplaint) -> Self {
        Self::File(complaint)
    }
}

/// Why a database server cannot be connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// It does not answer.
    NoAnswer {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The connection fails.
    NotConnected(String),
    /// It refuses the user or the password.
    SignInRefused(String),
    /// It, or the driver, reports something else.
    Other(String),
}

/// What is wrong with `DATABASE_URL`. Nothing of it is repeated but the names of its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlComplaint {
    /// It has a control character, or a space at one of its ends.
    NotTrimmed,
    /// Its parts, decoded, have a control character.
    Control,
    /// It is for another engine, or for none.
    SchemeInvalid,
    /// A `%` does not begin a code.
    PercentInvalid,
    /// A path has a `#`.
    Fragment,
    /// Behind the path of a SQLite database is something else than its mode.
    SqliteParameter,
    /// A SQLite database would be kept in memory.
    InMemory,
    /// It is an address of SQLite's own (`file:`).
    FileAddress,
    /// Its path is that of a folder.
    Folder,
    /// Its path is not UTF-8, or has a control character.
    PathInvalid,
    /// A reserved character is not escaped.
    NotEscaped,
    /// The URL parser refuses it.
    Unreadable(String),
    /// It names no user, and the user of this process has no name.
    UserUnknown {
        /// The number of the user.
        number: u32,
    },
    /// A user name, a password or the name of a database is not UTF-8.
    NotUtf8,
    /// It has a parameter twice.
    ParameterTwice(String),
    /// It has a parameter that is not known; its name, if it certainly is one.
    ParameterUnknown {
        /// The name.
        name: Option<String>,
        /// Those that are known.
        known: &'static [&'static str],
    },
    /// A parameter has a value that the driver refuses.
    ValueInvalid(String),
    /// A parameter names a file that cannot be read.
    FileUnreadable {
        /// The parameter.
        parameter: String,
        /// The cause.
        cause: String,
    },
}

/// What can be wrong with a variable of libpq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableFault {
    /// It is not UTF-8.
    NotUtf8,
    /// It is no mode of TLS.
    SslModeInvalid,
    /// It is no port.
    PortInvalid,
    /// It names a file that cannot be read.
    FileUnreadable(String),
}
