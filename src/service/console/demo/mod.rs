//! A platform to try things on: an empty database filled with organizations and clients that look like a real
//! one's and are as valid as if each had been made by hand.

use chrono::TimeDelta;
use serde_json::json;

use crate::domain::Time;
use crate::domain::audit::Action;
use crate::domain::catalog::Catalog;
use crate::domain::client::{ClientId, EXPIRING_DAYS};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::permission::PermissionName;
use crate::domain::rights::Right;
use crate::domain::scope;
use crate::domain::secret::Secret;
use crate::service::audit::AuditEntry;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::ALPHABET;
use crate::store::{FilledClient, PermissionSet, SecretRow};

mod draw;
mod names;

use draw::{pick, place, varied};

/// How many permissions each client holds.
const PERMISSIONS: usize = 20;

/// How many different choices of scopes there are.
const SETS: u64 = 48;

/// How many clients are added in one transaction.
const BATCH: i64 = 10_000;

/// The most organizations that are made, however many clients there are.
const ORGANIZATIONS: i64 = 1_000;

/// One client of so many holds the system scope alone and belongs to no organization.
const UNBOUND: u64 = 500;

/// For how long the platform seems to have been in use.
const YEAR: TimeDelta = TimeDelta::days(365);

/// What was made.
#[derive(Debug)]
pub struct FilledDemo {
    /// How many organizations.
    pub organizations: i64,
    /// How many clients.
    pub clients: i64,
    /// The ids and secrets of some clients that work, spread evenly over all of them.
    pub credentials: Vec<(ClientId, Secret)>,
}

impl Console {
    /// Fills an empty database with `clients` clients and as many organizations as fit them, and hands back the
    /// credentials of some. `progress` is told how many there are after each step.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Conflict`] when there is an organization or a client;
    /// [`Error::Invalid`] in `clients` when the catalogue has too few permissions.
    ///
    /// # Panics
    /// Never: generated ids are valid.
    pub async fn fill_demo(
        &self,
        actor: &Actor,
        clients: i64,
        credentials: i64,
        mut progress: impl FnMut(i64),
    ) -> Result<FilledDemo, Error> {
        actor.require(Right::ManageDatabase)?;
        let sets = Sets::of(&self.0.settings.catalog)?;
        let organizations = clients.isqrt().clamp(1, ORGANIZATIONS);
        let by = actor.name();
        let plan = Plan {
            sets: &sets,
            organizations,
            clients,
            now: self.now(),
        };
        let mut wanted = Wanted {
            clients,
            credentials: credentials.min(clients),
            found: Vec::new(),
        };

        let (mut tx, version) = self.change().await?;
        if let Some(content) = tx.find_content().await? {
            return Err(Error::Conflict(Complaint::DatabaseNotEmpty {
                content: content.to_owned(),
            }));
        }
        for place in 0..organizations {
            let new = names::organization(place);
            let made = plan.now - YEAR - TimeDelta::days(organizations - place);
            tx.insert_organization(&new, made, version).await?;
        }
        let entry = AuditEntry {
            action: Action::DemoFilled,
            target: "directory".to_owned(),
            organization_id: None,
            detail: json!({"organizations": organizations, "clients": clients}),
        };
        self.record(&mut tx, actor, entry).await?;
        tx.commit().await?;

        let mut first = 1;
        while first <= clients {
            let last = clients.min(first + BATCH - 1);
            let mut batch = Vec::new();
            let mut secrets = Vec::new();
            for number in first..=last {
                let id = format!("id_{}", self.0.random.text(ALPHABET, 16));
                let id = ClientId::parse(&id).expect("generated ids are valid");
                let client = plan.client(number, id);
                let (secret, row) = self.demo_secret(&client);
                wanted.offer(&client, secret);
                secrets.push(row);
                batch.push(client);
            }
            let (mut tx, version) = self.change().await?;
            tx.make_room().await?;
            tx.insert_clients(&batch, &by, version).await?;
            tx.insert_secrets(&secrets, &by).await?;
            tx.insert_permissions(first..=last, &sets.all).await?;
            tx.commit().await?;
            progress(last);
            first = last + 1;
        }
        Ok(FilledDemo {
            organizations,
            clients,
            credentials: wanted.found,
        })
    }

    /// The secret of a client, as it would be by now.
    fn demo_secret(&self, client: &FilledClient) -> (Secret, SecretRow) {
        let (secret, row) = self.secret_row(client.number, self.generate_secret());
        let row = SecretRow {
            // A revoked client's copies are gone.
            sealed: row.sealed.filter(|_| client.revoked_at.is_none()),
            number: client.number,
            created_at: client.created_at,
            revoked_at: client.revoked_at,
            ..row
        };
        (secret, row)
    }
}

/// The choices of scopes, each with its permissions.
struct Sets {
    all: Vec<PermissionSet>,
    /// How many of them belong to an organization; the one after them, where there is one, is for all of them.
    bound: usize,
}

impl Sets {
    fn of(catalog: &Catalog) -> Result<Self, Error> {
        let scopes: Vec<&str> = catalog
            .scopes
            .iter()
            .map(|scope| scope.name.as_str())
            .filter(|name| *name != scope::SYSTEM)
            .collect();
        if catalog.within(&scopes).permission_count() < PERMISSIONS {
            let permissions = PERMISSIONS;
            let complaint = Complaint::CatalogTooSmall { permissions };
            return Err(Error::invalid("clients", complaint));
        }
        let mut all: Vec<PermissionSet> = Vec::new();
        for seed in 0..SETS {
            let mut order = scopes.clone();
            order.sort_by_cached_key(|name| varied(seed, name));
            // Most clients of a real platform may also see what everybody sees.
            if seed % 4 > 0 {
                order.sort_by_key(|name| *name != scope::PUBLIC);
            }
            let enough = (1..=order.len())
                .find(|count| granted(catalog, &order[..*count]).len() >= PERMISSIONS)
                .unwrap_or(order.len());
            let set = choose(catalog, &order[..enough], seed)?;
            if all.iter().all(|(scopes, _)| *scopes != set.0) {
                all.push(set);
            }
        }
        let bound = all.len();
        if catalog.within(&[scope::SYSTEM]).permission_count() >= PERMISSIONS {
            all.push(choose(catalog, &[scope::SYSTEM], 0)?);
        }
        Ok(Self { all, bound })
    }
}

/// The permissions that need one of these scopes.
fn granted<'a>(catalog: &'a Catalog, scopes: &[&str]) -> Vec<&'a str> {
    let owned = scopes.iter().filter_map(|name| catalog.scope(name));
    owned
        .flat_map(|scope| scope.permissions().map(|found| found.name.as_str()))
        .collect()
}

/// As many permissions as each client holds, of those that fit its scopes; such as need no scope come last.
fn choose(catalog: &Catalog, scopes: &[&str], seed: u64) -> Result<PermissionSet, Error> {
    let mut names = granted(catalog, scopes);
    names.sort_by_cached_key(|name| varied(seed, name));
    names.extend(catalog.unscoped.iter().map(|found| found.name.as_str()));
    names.truncate(PERMISSIONS);
    for name in &names {
        catalog
            .check_grant(name, scopes)
            .map_err(|complaint| Error::invalid("clients", complaint))?;
    }
    let names = names.into_iter().filter_map(PermissionName::parse);
    Ok((scopes.join(" "), names.collect()))
}

/// What a client is made from.
struct Plan<'a> {
    sets: &'a Sets,
    organizations: i64,
    clients: i64,
    now: Time,
}

impl Plan<'_> {
    /// The client of a number, the same for every platform of this size but for its id.
    fn client(&self, number: i64, id: ClientId) -> FilledClient {
        let seed = number.unsigned_abs();
        let age = YEAR.num_seconds() * (self.clients - number) / self.clients;
        let created_at =
            self.now - TimeDelta::seconds(age) - TimeDelta::minutes(2 + pick(seed, 1, 58));
        let half_way = created_at + (self.now - created_at) / 2;
        let in_days =
            |from: i64, to: i64| Some(self.now + TimeDelta::days(from + pick(seed, 2, to - from)));
        let is_unbound = self.sets.bound < self.sets.all.len() && seed.is_multiple_of(UNBOUND);
        let set = if is_unbound {
            self.sets.bound
        } else {
            place(seed, 3, self.sets.bound)
        };
        let mut client = FilledClient {
            number,
            id,
            name: names::client(seed),
            organization_id: (!is_unbound).then(|| self.organization(seed)),
            scopes: self.sets.all[set].0.clone(),
            expires_at: None,
            suspended_at: None,
            revoked_at: None,
            created_at,
        };
        // Each remainder comes once in a hundred clients.
        match (seed * 37 + 11) % 100 {
            0 => client.expires_at = in_days(1, EXPIRING_DAYS),
            1 => client.expires_at = Some(half_way),
            2 => client.suspended_at = Some(half_way),
            3 => client.revoked_at = Some(half_way),
            4..10 => client.expires_at = in_days(EXPIRING_DAYS + 1, 365),
            _ => {}
        }
        client
    }

    /// Some organizations have many clients and most have few.
    fn organization(&self, seed: u64) -> i64 {
        let (one, other) = (
            pick(seed, 4, self.organizations),
            pick(seed, 5, self.organizations),
        );
        one.min(other) + 1
    }
}

/// The clients whose credentials are handed back.
struct Wanted {
    clients: i64,
    credentials: i64,
    found: Vec<(ClientId, Secret)>,
}

impl Wanted {
    /// Takes the client when it works and it is time for the next one.
    fn offer(&mut self, client: &FilledClient, secret: Secret) {
        let found = i64::try_from(self.found.len()).unwrap_or(i64::MAX);
        let works = client.revoked_at.is_none()
            && client.suspended_at.is_none()
            && client.expires_at.is_none();
        if works
            && found < self.credentials
            && client.number * self.credentials > found * self.clients
        {
            self.found.push((client.id.clone(), secret));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::catalog;

    #[test]
    fn every_set_is_full_and_may_be_granted() {
        let catalog = catalog::built_in();
        let sets = Sets::of(&catalog).unwrap();
        assert!(sets.bound > 20, "{}", sets.bound);
        assert_eq!(sets.all[sets.bound].0, "system");
        for (scopes, permissions) in &sets.all {
            assert_eq!(permissions.len(), PERMISSIONS, "{scopes}");
            let owned: Vec<&str> = scopes.split(' ').collect();
            for name in permissions {
                catalog.check_grant(name.as_str(), &owned).unwrap();
            }
        }
    }

    #[test]
    fn a_catalogue_with_too_little_in_it_is_refused() {
        let refused = Sets::of(&Catalog::default()).err().unwrap();
        assert!(refused.field("clients").is_some());
    }
}
