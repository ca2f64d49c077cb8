//! Sweeps: removing rows whose time is over.

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::audit::CONTENT_DAYS;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::{Event, SINGLE_REVOCATIONS};
use crate::domain::rights::Right;
use crate::domain::usage::{KEPT_DAYS, beginning_of, day_of, hour_of};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::sessions::SHOWN;
use crate::service::database::pause_for_writers;
use crate::store::{self, Tx};

/// How long the audit log keeps the content of [`SHORT_LIVED`](crate::domain::event::SHORT_LIVED) records. Clients and
/// visitors decide how many of these there are. They decide about registrations, too, but those are kept: whom a client
/// registered stays known, so their number is limited instead.
const SHORT_LIVED_KEPT: TimeDelta = TimeDelta::days(CONTENT_DAYS);

/// How long a form that is sent again is answered as the first time.
const FORM_KEYS_KEPT: TimeDelta = TimeDelta::hours(24);

/// How long a one-time link that has ended is listed, so that it can be renewed.
const LINKS_KEPT: TimeDelta = TimeDelta::days(30);

/// How many rows are swept in one transaction: few, so that other writers hardly wait.
const ROWS_AT_ONCE: i64 = 1_000;

/// What is swept in parts, each with the moment from which it is kept.
#[derive(Clone, Copy)]
enum Swept {
    Denylist(Time),
    Usage(Time),
    LiveTokens(Time),
    Refusals(Time),
    Events(Time),
}

impl Swept {
    async fn sweep_part(self, tx: &mut Tx) -> store::Result<u64> {
        match self {
            Self::Denylist(now) => {
                // Every node has to learn how far was swept, so a part is a change of the directory. Its lock also keeps
                // other transactions from denying a token that this part would remove uncounted.
                let version = tx.raise_directory_version().await?;
                tx.sweep_denylist(now, version, ROWS_AT_ONCE).await
            }
            Self::Usage(before) => tx.delete_usage_before(day_of(before), ROWS_AT_ONCE).await,
            Self::LiveTokens(now) => {
                tx.delete_live_tokens_before(hour_of(now), ROWS_AT_ONCE)
                    .await
            }
            Self::Refusals(before) => tx.delete_refusals_before(before, ROWS_AT_ONCE).await,
            Self::Events(before) => tx.sweep_events(before, ROWS_AT_ONCE).await,
        }
    }
}

impl Console {
    /// Deletes revocations of tokens that have ended, sessions whose cookies have ended, old keys of forms, one-time links
    /// that ended long ago, old usage counts and refusals, and the content of short-lived records, and returns the number
    /// of rows. Records how many tokens were revoked in past hours.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn sweep(&self) -> Result<u64, Error> {
        let now = self.now();
        let counts_before = now - TimeDelta::days(KEPT_DAYS);
        let tokens = self.sweep_in_parts(Swept::Denylist(now)).await?;
        let mut tx = self.0.store.write().await?;
        let sessions = tx.delete_ended_sessions(now).await?;
        let form_keys = tx
            .sweep_form_keys(now - FORM_KEYS_KEPT, now - SHOWN)
            .await?;
        let links = tx.delete_ended_admin_links(now - LINKS_KEPT).await?;
        tx.commit().await?;
        let counts = self.sweep_in_parts(Swept::Usage(counts_before)).await?;
        let live = self.sweep_in_parts(Swept::LiveTokens(now)).await?;
        let refusals = Swept::Refusals(counts_before);
        let refusals = self.sweep_in_parts(refusals).await?;
        self.record_revocation_counts(now).await?;
        let events = Swept::Events(now - SHORT_LIVED_KEPT);
        let events = self.sweep_in_parts(events).await?;
        Ok(tokens + sessions + form_keys + links + counts + live + refusals + events)
    }

    /// Records, for each past hour, how many tokens each client revoked beyond those with a record of their own.
    async fn record_revocation_counts(&self, now: Time) -> Result<(), Error> {
        let mut tx = self.0.store.write().await?;
        let mut records = Vec::new();
        // By the clock of another node the last hour may not be over.
        for count in tx.take_revocation_counts_before(hour_of(now) - 1).await? {
            let tokens = count.revoked - SINGLE_REVOCATIONS;
            if tokens <= 0 {
                continue;
            }
            let Some(found) = tx.find_client_by_number(count.client).await? else {
                continue;
            };
            let actor = Actor::Client {
                id: found.client.id.clone(),
                address: None,
            };
            let hour = beginning_of(count.hour);
            let event = Event::TokensRevoked { hour, tokens };
            records.push(actor.record(now, &found.client, event));
        }
        tx.append_events(&records).await?;
        Ok(tx.commit().await?)
    }

    /// Sweeps one part after the other, until nothing is left, and returns the number of rows.
    async fn sweep_in_parts(&self, swept: Swept) -> Result<u64, Error> {
        let mut rows = 0;
        loop {
            let mut tx = self.0.store.write().await?;
            let count = swept.sweep_part(&mut tx).await?;
            if count == 0 {
                return Ok(rows);
            }
            tx.commit().await?;
            rows += count;
            pause_for_writers().await;
        }
    }

    /// Checks the integrity of the database.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`], [`Error::Conflict`] when it is damaged.
    pub async fn check_database(&self, actor: &Actor) -> Result<(), Error> {
        actor.require(Right::ManageDatabase)?;
        let mut tx = self.0.store.read().await?;
        match tx.find_damage().await? {
            None => Ok(()),
            Some(damage) => Err(Error::Conflict(Complaint::DatabaseDamaged { damage })),
        }
    }
}
