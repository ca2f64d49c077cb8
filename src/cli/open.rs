//! Opens the database that the settings name, with the key that belongs to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::config::{self, DataSettings, ServerSettings};
use crate::service::clock::{Clock, Random};
use crate::service::keys::Master;
use crate::service::{Actor, Service, Settings, StartError};
use crate::store::{Missing, Store, redacted, sqlite_path};

/// Opens the database for a command, as the environment names it.
pub async fn from_environment(missing: Missing) -> anyhow::Result<(Service, Actor)> {
    let data: DataSettings = config::from_environment()?;
    let service = service(&data, Settings::for_shell(&data)?, missing).await?;
    Ok((service, shell()))
}

/// Opens the database for a command whose rules depend on how the server shows itself.
pub async fn as_the_server(missing: Missing) -> anyhow::Result<(Service, Actor)> {
    let (data, server): (DataSettings, ServerSettings) =
        (config::from_environment()?, config::from_environment()?);
    let service = service(&data, Settings::for_server(&data, &server)?, missing).await?;
    Ok((service, shell()))
}

/// Puts the service over the database that the settings name.
pub async fn service(
    data: &DataSettings,
    settings: Settings,
    missing: Missing,
) -> anyhow::Result<Service> {
    let url = &data.database_url;
    let file = sqlite_path(url);
    if missing == Missing::Refuse && file.as_ref().is_some_and(|file| !file.exists()) {
        bail!("there is no database at {}", redacted(url));
    }
    if file.is_none() && !url.starts_with("postgres") {
        bail!("`DATABASE_URL` begins with `sqlite://` or `postgres://`");
    }
    let (master, whence) = master_key(data, file.as_deref(), missing)?;
    let store = Store::open(url, missing).await?;
    Service::start(store, master, settings, Clock::System, Random::System)
        .await
        .map_err(|error| match error {
            StartError::OtherMasterKey => {
                anyhow::anyhow!(
                    "the database {} was sealed with another master key than {whence}",
                    redacted(url)
                )
            }
            StartError::Store(error) => anyhow::Error::new(error),
        })
}

/// Whoever has a shell on the server.
fn shell() -> Actor {
    let user = ["SUDO_USER", "USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()));
    Actor::Shell {
        user: user.unwrap_or_else(|| "unknown".to_owned()),
    }
}

/// The master key, and where it came from.
fn master_key(
    data: &DataSettings,
    database: Option<&Path>,
    missing: Missing,
) -> anyhow::Result<(Master, String)> {
    if let Some(text) = &data.master_key {
        let key = Master::parse(text.0.expose())
            .map_err(|reason| anyhow::anyhow!("CLAVIGER_MASTER_KEY: {reason}"))?;
        return Ok((key, "CLAVIGER_MASTER_KEY".to_owned()));
    }
    if let Some(file) = &data.master_key_file {
        return read(file);
    }
    let Some(database) = database else {
        bail!(
            "PostgreSQL has no file to keep a master key beside; set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE"
        );
    };
    let file = beside(database);
    if file.exists() {
        return read(&file);
    }
    if database.exists() || missing == Missing::Refuse {
        bail!(
            "the master key of {} is missing: put {} back, or set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE",
            database.display(),
            file.display()
        );
    }
    let key = Master::make(&file, &Random::System)
        .with_context(|| format!("the master key could not be written to {}", file.display()))?;
    Ok((key, file.display().to_string()))
}

fn read(file: &Path) -> anyhow::Result<(Master, String)> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the master key could not be read from {}", file.display()))?;
    let text = crate::domain::secret::Secret::new(text);
    let key = Master::parse(text.expose())
        .map_err(|reason| anyhow::anyhow!("{}: {reason}", file.display()))?;
    Ok((key, file.display().to_string()))
}

fn beside(database: &Path) -> PathBuf {
    database.with_extension("key")
}
