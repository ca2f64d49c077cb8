//! The contract of the store: what every method promises, held on both engines.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use claviger::domain::Time;
use claviger::domain::client::{CheckedClient, ClientId};
use claviger::domain::host::Host;
use claviger::domain::ids::{ClientNumber, OrganizationId, Version};
use claviger::domain::organization::CheckedOrganization;
use claviger::domain::scope::Scopes;
use claviger::store::{Error, FilledClient, Stamp, Store, Tx};

use crate::support::noon;

/// One story, told as two tests, each on an empty database of its engine.
macro_rules! on_both {
    ($story:ident, async |$database:ident| $body:block) => {
        async fn $story($database: crate::support::Database) $body

        mod $story {
            use crate::support::{Database, Engine};

            #[tokio::test]
            async fn on_sqlite() {
                super::$story(Database::new(Engine::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$story(Database::new(Engine::Postgres).await).await;
            }
        }
    };
}

mod address;
mod admin_links;
mod admins;
mod client_filters;
mod client_lists;
mod client_names;
mod client_orders;
mod client_states;
mod clients;
mod demo;
mod denylist;
mod directory;
mod event_chain;
mod event_forms;
mod event_lists;
mod event_names;
mod event_passes;
mod events;
mod files;
mod form_keys;
mod keys;
mod live_tokens;
mod open;
mod open_postgres;
mod organization_lists;
mod organization_usage;
mod organizations;
mod overview;
mod participant_lists;
mod participants;
mod permission_uses;
mod permissions;
mod postgres_probe;
mod recent_tokens;
mod refusals;
mod revocations;
mod search;
mod secrets;
mod sessions;
mod shown_uses;
mod transactions;
mod usage;
mod usage_totals;
mod version_probe;
mod wal_index;

/// A moment with all the microseconds a database keeps.
fn moment() -> Time {
    noon() + TimeDelta::microseconds(123_456)
}

/// The smallest step of time.
fn tick() -> TimeDelta {
    TimeDelta::microseconds(1)
}

/// A transaction that may add rows.
async fn change(store: &Store) -> (Tx, Version) {
    let mut tx = store.write().await.unwrap();
    let version = tx.raise_directory_version().await.unwrap();
    (tx, version)
}

fn stamp(by: &str, at: Time, version: Version) -> Stamp {
    Stamp {
        by: by.to_owned(),
        at,
        version,
    }
}

fn id(text: &str) -> ClientId {
    ClientId::parse(text).unwrap()
}

fn scopes(names: &str) -> Scopes {
    Scopes::stored(names)
}

/// A client without an organization and without an end.
fn checked(name: &str) -> CheckedClient {
    CheckedClient {
        id: None,
        name: Some(name.to_owned()),
        organization_id: None,
        scopes: scopes("system"),
        permissions: Vec::new(),
        expires_at: None,
    }
}

/// Adds a client in a transaction of its own, and says its number. When another one has the name, it gets a longer one.
async fn add_client(store: &Store, client: &str, new: &CheckedClient) -> ClientNumber {
    let mut new = new.clone();
    loop {
        let (mut tx, version) = change(store).await;
        let by = stamp("shell:tester", moment(), version);
        match tx.insert_client(&id(client), &new, &by).await {
            Err(Error::NameTaken) => new.name = new.name.map(|name| name + "+"),
            made => {
                tx.commit().await.unwrap();
                return made.unwrap();
            }
        }
    }
}

/// A client under a number, to be added among many.
fn filled(number: i64, name: &str) -> FilledClient {
    FilledClient {
        number: ClientNumber(number),
        id: id(&format!("id_{number}")),
        name: name.to_owned(),
        organization_id: None,
        scopes: scopes("system"),
        expires_at: None,
        suspended_at: None,
        revoked_at: None,
        created_at: moment(),
    }
}

/// Adds many clients in a transaction of their own. Those of one name get longer ones.
async fn fill(store: &Store, clients: &[FilledClient]) {
    let mut clients = clients.to_vec();
    let mut count = BTreeMap::new();
    for client in &mut clients {
        let count = count.entry(client.name.clone()).or_insert(0);
        if *count > 0 {
            client.name = format!("{}+{count}", client.name);
        }
        *count += 1;
    }
    let (mut tx, version) = change(store).await;
    tx.insert_clients(&clients, &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Adds an organization in a transaction of its own, and says its id.
async fn add_organization(store: &Store, name: &str, host: Option<&str>) -> OrganizationId {
    let new = CheckedOrganization {
        name: name.to_owned(),
        host: host.map(|host| Host::stored(host.to_owned())),
    };
    let (mut tx, version) = change(store).await;
    let organization = tx
        .insert_organization(&new, &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    organization.id
}
