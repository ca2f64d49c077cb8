//! Opens the database that the settings name, with the key that belongs to it.

use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{actor, arguments, warnings};
use crate::config::{DataSettings, ServerSettings};
use crate::domain::start::{FileComplaint, FileFault, StartComplaint};
use crate::domain::visible::is_likely_secret;
use crate::service::clock::{Clock, Random};
use crate::service::crypto::master_key::MasterKey;
use crate::service::{Actor, Console, Services, Settings, StartError};
use crate::store::{DatabaseUrl, FreshFiles, Missing, Store, is_there};

/// The variable with the master key.
const VARIABLE: &str = "CLAVIGER_MASTER_KEY";

/// The longest file with a master key, in bytes. The limit is for devices, which have no end.
const LONGEST_KEY_FILE: u64 = 4096;

/// Runs a command over the database of the environment, and closes the database at its end, also when the command fails:
/// then SQLite removes the files beside it.
pub async fn with_database<T>(
    missing: Missing,
    command: impl AsyncFnOnce(&Console, &Actor) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let data: DataSettings = arguments::from_environment()?;
    let settings = Settings::for_shell(&data)?;
    run(&data, settings, missing, command).await
}

/// The same, for a command whose rules depend on the server's settings, such as the issuer.
pub async fn as_the_server<T>(
    missing: Missing,
    command: impl AsyncFnOnce(&Console, &Actor) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let data: DataSettings = arguments::from_environment()?;
    let server: ServerSettings = arguments::from_environment()?;
    let settings = Settings::for_server(&data, &server)?;
    run(&data, settings, missing, command).await
}

async fn run<T>(
    data: &DataSettings,
    settings: Settings,
    missing: Missing,
    command: impl AsyncFnOnce(&Console, &Actor) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let console = services(data, settings, missing).await?.console;
    let done = command(&console, &actor::shell()).await;
    console.close().await;
    done
}

/// Starts the services over the database of the settings. All checks come before the first file is created, and
/// created files are removed when the database cannot be opened.
pub async fn services(
    data: &DataSettings,
    settings: Settings,
    missing: Missing,
) -> anyhow::Result<Services> {
    let url: DatabaseUrl = data.database_url.0.expose().parse()?;
    let key = KeySource::find(data, &url)?;
    let (source, key_file) = (key.to_string(), key.file().map(Path::to_owned));
    let mut new_files = match url.sqlite_path() {
        Some(database) => check_files(&url, database, &key, missing).await?,
        None => None,
    };
    let master = match key {
        KeySource::Given { master, .. } => master,
        KeySource::Beside(file) => read_or_make(&file, new_files.as_mut())?,
    };
    // Before the database is opened: the `-wal` and `-shm` files that SQLite creates then disappear with the command.
    let warnings = warnings::about_files(url.sqlite_path(), key_file.as_deref());
    let store = Store::open(&url, missing).await?;
    if let Some(new_files) = &mut new_files {
        new_files.keep();
    }
    let (clock, random) = (Clock::System, Random::System);
    let services = match Services::start(store.clone(), master, settings, clock, random).await {
        Ok(services) => services,
        Err(error) => {
            store.close().await;
            return Err(match error {
                StartError::OtherMasterKey => {
                    let url = url.to_string();
                    StartComplaint::OtherMasterKey { url, source }.into()
                }
                StartError::Store(error) => anyhow::Error::new(error),
            });
        }
    };
    warnings::log(&warnings);
    Ok(services)
}

/// The source of the master key.
enum KeySource {
    /// The settings: a variable or a file.
    Given {
        master: MasterKey,
        file: Option<PathBuf>,
    },
    /// The file beside a SQLite database, created together with it.
    Beside(PathBuf),
}

impl KeySource {
    fn find(data: &DataSettings, url: &DatabaseUrl) -> Result<Self, StartComplaint> {
        if let Some(text) = &data.master_key {
            return Ok(Self::Given {
                master: parse(text.0.expose(), VARIABLE)?,
                file: None,
            });
        }
        if let Some(file) = &data.master_key_file {
            return Ok(Self::Given {
                master: read(file)?,
                file: Some(file.clone()),
            });
        }
        let Some(database) = url.sqlite_path() else {
            return Err(StartComplaint::KeyNotSet);
        };
        let file = database.with_extension("key");
        if file == database {
            return Err(StartComplaint::KeyOverDatabase(file));
        }
        Ok(Self::Beside(file))
    }

    fn file(&self) -> Option<&Path> {
        match self {
            Self::Given { file, .. } => file.as_deref(),
            Self::Beside(file) => Some(file),
        }
    }
}

/// The source, for messages.
impl std::fmt::Display for KeySource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.file() {
            Some(file) => file.display().fmt(formatter),
            None => formatter.write_str(VARIABLE),
        }
    }
}

/// Checks for database and key before anything is created. Where the database may be created, the folder is created
/// and locked, and the check repeated under the lock.
async fn check_files(
    url: &DatabaseUrl,
    database: &Path,
    key: &KeySource,
    missing: Missing,
) -> Result<Option<FreshFiles>, StartComplaint> {
    require_whole(url, database, key, missing)?;
    if missing == Missing::Refuse {
        return Ok(None);
    }
    let mut new_files = FreshFiles::begin(database).await?;
    if !require_whole(url, database, key, missing)? {
        for end in ["", "-wal", "-shm", "-journal"] {
            new_files.add(warnings::ended(database, end));
        }
    }
    Ok(Some(new_files))
}

/// Whether the database exists. Refused are a database without its key, and a missing one that may not be created.
fn require_whole(
    url: &DatabaseUrl,
    database: &Path,
    key: &KeySource,
    missing: Missing,
) -> Result<bool, StartComplaint> {
    let is_found = is_there(database)?;
    if is_found {
        // SQLite's own message would not give the reason.
        std::fs::File::open(database).map_err(|error| {
            FileComplaint::new(database, FileFault::Unreadable(error.to_string()))
        })?;
    } else if missing == Missing::Refuse || !url.may_be_made() {
        let url = url.to_string();
        return Err(StartComplaint::DatabaseMissing { url });
    }
    if let KeySource::Beside(file) = key
        && !is_there(file)?
        && is_found
    {
        return Err(StartComplaint::KeyMissing {
            database: database.to_owned(),
            key: file.clone(),
        });
    }
    Ok(is_found)
}

/// The key in the file beside a database; a new one for a new database.
fn read_or_make(
    file: &Path,
    new_files: Option<&mut FreshFiles>,
) -> Result<MasterKey, StartComplaint> {
    let Some(new_files) = new_files else {
        return read(file);
    };
    if is_there(file)? {
        return read(file);
    }
    new_files.add(file.to_owned());
    MasterKey::make(file, &Random::System).map_err(|error| StartComplaint::KeyUnwritten {
        file: file.to_owned(),
        cause: error.to_string(),
    })
}

fn read(file: &Path) -> Result<MasterKey, StartComplaint> {
    let mut text = Zeroizing::new(String::new());
    let read = std::fs::File::open(file)
        .and_then(|file| file.take(LONGEST_KEY_FILE).read_to_string(&mut text));
    if let Err(error) = read {
        let cause = error.to_string();
        let is_secret = |text: &str| is_likely_secret(text) || MasterKey::parse(text).is_ok();
        return Err(if file.to_str().is_some_and(is_secret) {
            StartComplaint::KeyFileIsSecret { cause }
        } else {
            let file = file.to_owned();
            StartComplaint::KeyUnreadable { file, cause }
        });
    }
    parse(&text, &file.display().to_string())
}

/// The key in a text from this variable or file.
fn parse(text: &str, source: &str) -> Result<MasterKey, StartComplaint> {
    MasterKey::parse(text).map_err(|complaint| StartComplaint::KeyInvalid {
        source: source.to_owned(),
        complaint,
    })
}
