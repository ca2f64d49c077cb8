//! Demo data: fills an empty database with organizations and clients that resemble a real platform's and are as valid
//! as if each had been made by an administrator.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::client::{ClientId, EXPIRING_DAYS};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::{Event, Target};
use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber};
use crate::domain::rights::Right;
use crate::domain::secret::Secret;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::ALPHABET;
use crate::store::{FilledClient, Stamp, StoredSecret};

mod draw;
mod names;
mod sets;
mod usage;

use draw::{pick, position, varied};
use sets::ScopeSets;
use usage::DemoUsage;

/// How many clients are added in one transaction.
const BATCH: i64 = 10_000;

/// The most organizations, however many clients there are.
const ORGANIZATIONS: i64 = 1_000;

/// One client in so many has the system scope alone and belongs to no organization.
const UNBOUND: u64 = 500;

/// The time that the platform seems to have been in use.
const YEAR: TimeDelta = TimeDelta::days(365);

/// What a demo consists of.
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
    /// Fills an empty database with `clients` clients and a matching number of organizations, and returns the
    /// credentials of some. `progress` gets the number of clients after each step.
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
        let sets = ScopeSets::of(&self.0.settings.catalog)?;
        let mut plan = Plan {
            sets: &sets,
            organizations: clients.isqrt().clamp(1, ORGANIZATIONS),
            clients,
            now: self.now(),
            taken: HashMap::new(),
        };
        let mut sample = CredentialSample {
            clients,
            credentials: credentials.min(clients),
            found: Vec::new(),
        };
        self.begin_demo(actor, &plan).await?;
        let mut first = 1;
        while first <= clients {
            let last = clients.min(first + BATCH - 1);
            self.fill_clients(actor, &mut plan, first..=last, &mut sample)
                .await?;
            progress(last);
            first = last + 1;
        }
        Ok(FilledDemo {
            organizations: plan.organizations,
            clients,
            credentials: sample.found,
        })
    }

    /// Makes the organizations, and records the whole demo in the audit log.
    async fn begin_demo(&self, actor: &Actor, plan: &Plan<'_>) -> Result<(), Error> {
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(content) = tx.find_content().await? {
            return Err(Error::Conflict(Complaint::DatabaseNotEmpty {
                content: content.to_owned(),
            }));
        }
        for position in 0..plan.organizations {
            let stamp = Stamp {
                at: plan.now - YEAR - TimeDelta::days(plan.organizations - position),
                ..stamp.clone()
            };
            tx.insert_organization(&names::organization(position), &stamp)
                .await?;
        }
        let event = Event::DemoFilled {
            clients: plan.clients,
            organizations: plan.organizations,
        };
        change.commit(Target::Directory, event).await
    }

    /// Adds the clients of a range of numbers in one transaction. It raises the version and is covered by the demo's
    /// record.
    async fn fill_clients(
        &self,
        actor: &Actor,
        plan: &mut Plan<'_>,
        numbers: RangeInclusive<i64>,
        sample: &mut CredentialSample,
    ) -> Result<(), Error> {
        let by = actor.reference().name();
        let mut batch = Vec::new();
        let mut secrets = Vec::new();
        let mut usage = DemoUsage::new(self.0.settings.token_ttl);
        for number in numbers.clone() {
            let number = ClientNumber(number);
            let id = format!("id_{}", self.0.random.text(ALPHABET, 16));
            let id = ClientId::parse(&id).expect("generated ids are valid");
            let client = plan.client(number, id);
            let (secret, row) = self.demo_secret(&client, &by);
            sample.offer(&client, secret);
            usage.add(&client, &row, plan.clients, plan.now);
            secrets.push(row);
            batch.push(client);
        }
        let mut tx = self.0.store.write().await?;
        let stamp = Stamp {
            by,
            at: plan.now,
            version: tx.raise_directory_version().await?,
        };
        tx.enlarge_cache().await?;
        tx.insert_clients(&batch, &stamp).await?;
        tx.insert_secrets(&secrets).await?;
        let numbers = ClientNumber(*numbers.start())..=ClientNumber(*numbers.end());
        tx.insert_permissions(numbers, &plan.sets.all).await?;
        tx.add_usage(&usage.hours).await?;
        tx.advance_secret_uses(&usage.uses).await?;
        tx.add_organization_usage(&usage.organization_days())
            .await?;
        tx.advance_organization_uses(&usage.organization_uses())
            .await?;
        tx.add_live_tokens(&usage.live_tokens()).await?;
        tx.add_usage_totals(&usage.hours).await?;
        Ok(tx.commit().await?)
    }

    /// The secret of a client, as it would be at present.
    fn demo_secret(&self, client: &FilledClient, by: &str) -> (Secret, StoredSecret) {
        let (secret, row) = self.secret_row(client.number, self.generate_secret(), by);
        let row = StoredSecret {
            // Revoking a client deletes the copies of its secrets.
            sealed: row.sealed.filter(|_| client.revoked_at.is_none()),
            // Each client has one secret.
            number: SecretNumber(client.number.0),
            created_at: client.created_at,
            revoked_at: client.revoked_at,
            ..row
        };
        (secret, row)
    }
}

/// The parameters that clients are made from.
struct Plan<'a> {
    sets: &'a ScopeSets,
    organizations: i64,
    clients: i64,
    now: Time,
    /// How many clients have a name in an organization, by the hash of both.
    taken: HashMap<u64, u32>,
}

impl Plan<'_> {
    /// The client with a number, the same for every demo of this size but for its id. The clients before it must have
    /// been made.
    fn client(&mut self, number: ClientNumber, id: ClientId) -> FilledClient {
        let seed = number.0.unsigned_abs();
        let is_unbound = self.sets.bound < self.sets.all.len() && seed.is_multiple_of(UNBOUND);
        let organization_id = (!is_unbound).then(|| self.organization(seed));
        let name = self.name(seed, organization_id);
        let age = YEAR.num_seconds() * (self.clients - number.0) / self.clients;
        let created_at =
            self.now - TimeDelta::seconds(age) - TimeDelta::minutes(2 + pick(seed, 1, 58));
        let half_way = created_at + (self.now - created_at) / 2;
        let in_days =
            |from: i64, to: i64| Some(self.now + TimeDelta::days(from + pick(seed, 2, to - from)));
        let set = if is_unbound {
            self.sets.bound
        } else {
            position(seed, 3, self.sets.bound)
        };
        let mut client = FilledClient {
            number,
            id,
            name,
            organization_id,
            scopes: self.sets.all[set].scopes.clone(),
            expires_at: None,
            suspended_at: None,
            revoked_at: None,
            created_at,
        };
        // Each remainder occurs once in a hundred clients.
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

    /// A name that no other client of the organization has: after the first, a number follows.
    fn name(&mut self, seed: u64, organization: Option<OrganizationId>) -> String {
        let name = names::client(seed);
        let organization = organization.map_or(0, |id| id.0.unsigned_abs());
        let taken = self.taken.entry(varied(organization, &name)).or_default();
        *taken += 1;
        match *taken {
            1 => name,
            count => format!("{name} {count}"),
        }
    }

    /// Some organizations have many clients and most have few.
    fn organization(&self, seed: u64) -> OrganizationId {
        let (one, other) = (
            pick(seed, 4, self.organizations),
            pick(seed, 5, self.organizations),
        );
        OrganizationId(one.min(other) + 1)
    }
}

/// Collects the credentials that are returned.
struct CredentialSample {
    clients: i64,
    credentials: i64,
    found: Vec<(ClientId, Secret)>,
}

impl CredentialSample {
    /// Takes the credentials of an active client when the next one is due.
    fn offer(&mut self, client: &FilledClient, secret: Secret) {
        let found = i64::try_from(self.found.len()).unwrap_or(i64::MAX);
        let works = client.revoked_at.is_none()
            && client.suspended_at.is_none()
            && client.expires_at.is_none();
        if works
            && found < self.credentials
            && client.number.0 * self.credentials > found * self.clients
        {
            self.found.push((client.id.clone(), secret));
        }
    }
}
