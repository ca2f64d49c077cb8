//! Test fixtures: databases of both engines, a fixed clock, actors, and the app without a socket.

#![allow(dead_code, reason = "each test module uses its part")]

mod app;
mod listening;
mod postgres;
mod site;
mod sql;
mod template;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use claviger::config::{PasswordGrant, SecretsMode};
use claviger::domain::client::{Client, NewClient};
use claviger::domain::error::Error;
use claviger::domain::host::Authority;
use claviger::domain::ids::OrganizationId;
use claviger::domain::organization::{CheckedOrganization, NewOrganization};
use claviger::domain::secret::Secret;
use claviger::service::clock::{Clock, Random};
use claviger::service::crypto::master_key::MasterKey;
use claviger::service::settings::Issuer;
use claviger::service::{Actor, Console, CreatedClient, Services, Settings, TokenServer, catalog};
use claviger::store::{Missing, Stamp, Store};
use tempfile::TempDir;

pub use app::{App, AppResponse, basic};
pub use listening::Listening;
pub use postgres::{DatabaseProxy, admit, expel, fresh_database};
pub use site::site;
pub use sql::texts_in;

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// An empty, migrated database that is removed with the test.
pub struct Database {
    pub store: Store,
    pub url: String,
    folder: Option<TempDir>,
}

impl Database {
    pub async fn new(engine: Engine) -> Self {
        let (url, folder) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("claviger.db");
                template::copy_to(&file).await;
                (format!("sqlite://{}", file.display()), Some(folder))
            }
            Engine::Postgres => (template::copy_on_server().await, None),
        };
        let store = Store::open(&url.parse().unwrap(), Missing::Refuse)
            .await
            .unwrap();
        Self { store, url, folder }
    }

    /// Another database on the same server, not necessarily migrated.
    pub fn at(url: &str, store: Store) -> Self {
        Self {
            store,
            url: url.to_owned(),
            folder: None,
        }
    }

    /// The folder of an embedded database.
    pub fn folder(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().to_owned()
    }
}

/// The initial time of the clock.
pub fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// The master key of every test, as text.
pub const MASTER_KEY: &str = "9c41f7d03be85a2614ad6f90c27e8b35518d0ef4a3b96c7207d1e84f5a3c9b60";

/// The master key of every test.
pub fn master() -> MasterKey {
    MasterKey::parse(MASTER_KEY).unwrap()
}

pub fn settings() -> Settings {
    Settings {
        catalog: catalog::built_in(),
        secrets: SecretsMode::Sealed,
        password_grant: PasswordGrant::On,
        issuer: Issuer::parse("http://127.0.0.1:3000").unwrap(),
        token_ttl: 7200,
        token_prefix: "clv".to_owned(),
    }
}

/// The services over a new database, with a fixed clock.
pub struct Fixture {
    pub console: Console,
    pub tokens: TokenServer,
    pub clock: Clock,
    pub database: Database,
}

impl Fixture {
    pub async fn new() -> Self {
        Self::on(Engine::Sqlite, settings()).await
    }

    pub async fn on(engine: Engine, settings: Settings) -> Self {
        let database = Database::new(engine).await;
        let clock = Clock::held(noon());
        let services = Services::start(
            database.store.clone(),
            master(),
            settings,
            clock.clone(),
            Random::System,
        )
        .await
        .unwrap();
        Self {
            console: services.console,
            tokens: services.tokens,
            clock,
            database,
        }
    }

    /// Services of a second process on the same database, as `api-client` or another node.
    pub async fn other_node(&self) -> Services {
        self.other_node_at(&self.database.url).await
    }

    /// The same, with another URL of the database.
    pub async fn other_node_at(&self, url: &str) -> Services {
        let store = Store::open(&url.parse().unwrap(), Missing::Refuse)
            .await
            .unwrap();
        Services::start(
            store,
            master(),
            settings(),
            self.clock.clone(),
            Random::System,
        )
        .await
        .unwrap()
    }

    /// The services, as the server's parts receive them.
    pub fn services(&self) -> Services {
        Services {
            console: self.console.clone(),
            tokens: self.tokens.clone(),
        }
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Creates an organization, with a host or without.
    pub async fn organization(&self, name: &str, host: &str) -> OrganizationId {
        let new = NewOrganization {
            name: name.to_owned(),
            host: host.to_owned(),
        };
        self.console
            .create_organization(&shell(), &new)
            .await
            .unwrap()
            .id
    }

    /// Creates many organizations in one transaction, without records in the audit log.
    pub async fn organizations(&self, names: impl IntoIterator<Item = String>) {
        let mut tx = self.database.store.write().await.unwrap();
        let stamp = Stamp {
            by: "shell:tester".to_owned(),
            at: noon(),
            version: tx.raise_directory_version().await.unwrap(),
        };
        for name in names {
            let new = CheckedOrganization { name, host: None };
            tx.insert_organization(&new, &stamp).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Creates a client with scopes `public proposals blogs` in a new organization.
    pub async fn client(&self) -> CreatedClient {
        let organization = self.organization("City of Porto", "").await;
        self.client_of(Some(organization), &["public", "proposals", "blogs"], &[])
            .await
    }

    /// Creates a client. After the first of an organization, names are numbered.
    pub async fn client_of(
        &self,
        organization: Option<OrganizationId>,
        scopes: &[&str],
        permissions: &[&str],
    ) -> CreatedClient {
        let mut new = new_client(organization, scopes, permissions);
        for count in 1.. {
            new.name = Some(match count {
                1 => NAME.to_owned(),
                _ => format!("{NAME} {count}"),
            });
            let made = self.console.create_client(&shell(), &new, None).await;
            match made {
                Err(Error::Invalid(wrong)) if wrong[0].complaint.code() == "client_name_taken" => {}
                other => return other.unwrap(),
            }
        }
        unreachable!("a number is free")
    }

    pub async fn reload(&self, client: &Client) -> Client {
        self.console
            .get_client(&shell(), client.id.as_str())
            .await
            .unwrap()
    }

    /// The app over this fixture.
    pub fn app(&self) -> App {
        App::new(self.services())
    }
}

/// The name of a client of [`Fixture::client_of`].
pub const NAME: &str = "Participation dashboard";

/// A client that is named after its id.
pub fn new_client(
    organization: Option<OrganizationId>,
    scopes: &[&str],
    permissions: &[&str],
) -> NewClient {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    NewClient {
        name: None,
        organization_id: organization,
        scopes: owned(scopes),
        permissions: owned(permissions),
        ..NewClient::default()
    }
}

/// The actor of a shell on the server.
pub fn shell() -> Actor {
    Actor::Shell {
        user: "tester".to_owned(),
    }
}

/// Parses the host and port of a request.
pub fn authority(text: &str) -> Authority<'_> {
    Authority::parse(text).unwrap()
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}
