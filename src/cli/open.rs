//! Opens the database that the settings name, with the key that belongs to it.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use super::{actor, arguments, warnings};
use crate::config::{DataSettings, ServerSettings};
use crate::domain::visible::is_likely_secret;
use crate::service::clock::{Clock, Random};
use crate::service::crypto::master_key::MasterKey;
use crate::service::{Actor, Console, Services, Settings, StartError};
use crate::store::{DatabaseUrl, FreshFiles, Missing, Store, is_there};

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
                StartError::OtherMasterKey => anyhow::anyhow!(
                    "the database {url} was sealed with another master key than {source}"
                ),
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
    fn find(data: &DataSettings, url: &DatabaseUrl) -> anyhow::Result<Self> {
        if let Some(text) = &data.master_key {
            let master = MasterKey::parse(text.0.expose())
                .map_err(|reason| anyhow::anyhow!("CLAVIGER_MASTER_KEY: {reason}"))?;
            return Ok(Self::Given { master, file: None });
        }
        if let Some(file) = &data.master_key_file {
            return Ok(Self::Given {
                master: read(file)?,
                file: Some(file.clone()),
            });
        }
        let Some(database) = url.sqlite_path() else {
            bail!(
                "PostgreSQL has no file to keep a master key beside; set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE"
            );
        };
        let file = database.with_extension("key");
        if file == database {
            bail!(
                "the master key would lie in {}, which is the database itself; give the database another ending, such as .db",
                file.display()
            );
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
            None => formatter.write_str("CLAVIGER_MASTER_KEY"),
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
) -> anyhow::Result<Option<FreshFiles>> {
    require_whole(url, database, key, missing)?;
    if missing == Missing::Refuse {
        return Ok(None);
    }
    let mut new_files = FreshFiles::begin(database)
        .await
        .map_err(anyhow::Error::msg)?;
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
) -> anyhow::Result<bool> {
    let is_found = is_there(database).map_err(anyhow::Error::msg)?;
    if is_found {
        // SQLite's own message would not give the reason.
        std::fs::File::open(database)
            .with_context(|| format!("{} cannot be read", database.display()))?;
    } else if missing == Missing::Refuse || !url.may_be_made() {
        bail!("there is no database at {url}");
    }
    if let KeySource::Beside(file) = key
        && !is_there(file).map_err(anyhow::Error::msg)?
        && is_found
    {
        bail!(
            "the master key of {} is missing: put {} back, or set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE",
            database.display(),
            file.display()
        );
    }
    Ok(is_found)
}

/// The key in the file beside a database; a new one for a new database.
fn read_or_make(file: &Path, new_files: Option<&mut FreshFiles>) -> anyhow::Result<MasterKey> {
    let Some(new_files) = new_files else {
        return read(file);
    };
    if is_there(file).map_err(anyhow::Error::msg)? {
        return read(file);
    }
    new_files.add(file.to_owned());
    MasterKey::make(file, &Random::System)
        .with_context(|| format!("the master key could not be written to {}", file.display()))
}

fn read(file: &Path) -> anyhow::Result<MasterKey> {
    let mut text = Zeroizing::new(String::new());
    std::fs::File::open(file)
        .and_then(|file| file.take(LONGEST_KEY_FILE).read_to_string(&mut text))
        .with_context(|| match file.to_str() {
            Some(text) if is_likely_secret(text) || MasterKey::parse(text).is_ok() => {
                "the master key could not be read: CLAVIGER_MASTER_KEY_FILE seems to hold a key or an address, and is to hold the name of a file. A key itself belongs into CLAVIGER_MASTER_KEY".to_owned()
            }
            _ => format!("the master key could not be read from {}", file.display()),
        })?;
    MasterKey::parse(&text).map_err(|reason| anyhow::anyhow!("{}: {reason}", file.display()))
}
