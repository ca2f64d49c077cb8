//! Revoking, suspending, resuming several API clients, and setting when they expire: all of them or none.

use std::collections::{HashMap, HashSet};

use crate::domain::client::{
    BULK_MAX, BulkAct, BulkChange, BulkDone, BulkPreview, BulkRow, Client, ClientId, ClientSummary,
    SeenClient, UnableRow,
};
use crate::domain::complaint::{BulkComplaint, ChangedClient, Complaint};
use crate::domain::error::Error;
use crate::domain::event::{ClientSnapshot, Event, Subject};
use crate::domain::ids::ClientNumber;
use crate::domain::rights::Right;
use crate::domain::{Time, is_writable, on_same_day};
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::require_may_change;
use crate::service::console::clients::view::tomorrow;
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::service::console::usage::ClientUses;

impl Console {
    /// What an act on several clients would do, in the order in which they are asked for.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `clients` when there is none or more than [`BULK_MAX`].
    pub async fn preview_bulk(
        &self,
        actor: &Actor,
        act: BulkAct,
        ids: &[String],
    ) -> Result<BulkPreview, Error> {
        actor.require(Right::ChangeClients)?;
        check_number(ids.len())?;
        let mut asked = HashSet::new();
        let ids: Vec<&String> = ids.iter().filter(|id| asked.insert(*id)).collect();
        let known: Vec<ClientId> = ids
            .iter()
            .filter_map(|id| ClientId::parse(id).ok())
            .collect();
        let now = self.now();
        let mut tx = self.read().await?;
        let clients = tx.list_clients_by_id(&known).await?;
        let numbers: Vec<ClientNumber> = clients.iter().map(|row| row.client.number).collect();
        let uses = ClientUses::of(&mut tx, &numbers, now).await?;
        let mut clients = by_id(clients);
        let mut preview = BulkPreview {
            act,
            able: Vec::new(),
            unable: Vec::new(),
            unknown: Vec::new(),
            live_tokens: 0,
            tomorrow: tomorrow(now),
            now,
        };
        for id in ids {
            let Some(summary) = clients.remove(id.as_str()) else {
                preview.unknown.push(id.clone());
                continue;
            };
            let obstacle = act.obstacle(&summary.client);
            let row = BulkRow {
                state: summary.client.lifecycle.state(now),
                usage: uses.of_client(summary.client.number),
                summary,
            };
            match obstacle {
                None => {
                    let client = &row.summary.client;
                    preview.live_tokens += self.live_tokens_of(&mut tx, client, now).await?;
                    preview.able.push(row);
                }
                Some(obstacle) => preview.unable.push(UnableRow { row, obstacle }),
            }
        }
        Ok(preview)
    }

    /// Does one act to several clients, in one change, once for each form. When one of them is not as it was seen,
    /// nothing is done to any.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `clients` or `expires_at`, [`Error::Conflict`] with what has changed.
    pub async fn change_clients_by_form(
        &self,
        actor: &Actor,
        sent: &SentForm,
        wanted: &BulkChange,
    ) -> Result<BulkDone, Error> {
        actor.require(Right::ChangeClients)?;
        actor.require_fresh_proof()?;
        check_number(wanted.clients.len())?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = sent.find_answer(tx, &stamp.by).await? {
            // A form that was sent before made an act on clients: its digest has the endpoint.
            return BulkDone::parse(&answer.made).ok_or(Error::Unavailable);
        }
        if wanted.act == BulkAct::Expire {
            check_expiry(wanted, stamp.at)?;
        }
        let clients = change.unchanged_clients(wanted).await?;
        // Suspending is the way to stop a client in a hurry, whatever it reaches.
        if wanted.act != BulkAct::Suspend {
            for client in &clients {
                require_may_change(actor, client)?;
            }
        }
        let mut events: Vec<(Subject, Event)> = Vec::with_capacity(clients.len());
        for client in &clients {
            if let Some(event) = change.act(wanted, client).await? {
                events.push((client.into(), event));
            }
        }
        if events.is_empty() {
            return Err(Error::invalid(
                "expires_at",
                BulkComplaint::BulkExpiresThen.into(),
            ));
        }
        let done = BulkDone {
            act: wanted.act,
            clients: events.len(),
        };
        let answer = FormAnswer {
            made: done.to_string(),
            sealed: None,
        };
        let (tx, stamp) = change.parts();
        if wanted.act == BulkAct::Revoke {
            self.subtract_live_tokens(tx, &clients, stamp.at).await?;
        }
        sent.keep_answer(tx, stamp, &answer).await?;
        change.commit_each(events).await?;
        Ok(done)
    }

    /// What the actor's form with this key did to several clients, if it was sent at most a day ago.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn find_bulk_done(
        &self,
        actor: &Actor,
        form_key: &str,
    ) -> Result<Option<BulkDone>, Error> {
        let mut tx = self.read().await?;
        let made = SentForm::find_made(&mut tx, &actor.reference().name(), form_key).await?;
        Ok(made.and_then(|made| BulkDone::parse(&made)))
    }
}

fn check_number(count: usize) -> Result<(), Error> {
    let complaint = match count {
        0 => BulkComplaint::BulkEmpty,
        1..=BULK_MAX => return Ok(()),
        count => BulkComplaint::BulkTooMany { count },
    };
    Err(Error::invalid("clients", complaint.into()))
}

fn check_expiry(wanted: &BulkChange, now: Time) -> Result<(), Error> {
    let complaint = match wanted.expires_at {
        None => Complaint::DayMissing,
        Some(end) if end <= now => Complaint::ExpiryPassed,
        Some(end) if !is_writable(end) => Complaint::ExpiryTooFar,
        Some(_) => return Ok(()),
    };
    Err(Error::invalid("expires_at", complaint))
}

fn by_id(clients: Vec<ClientSummary>) -> HashMap<String, ClientSummary> {
    clients
        .into_iter()
        .map(|summary| (summary.client.id.to_string(), summary))
        .collect()
}

impl Change {
    /// The clients that are wanted, when each is as it was seen and the act can be done to it.
    async fn unchanged_clients(&mut self, wanted: &BulkChange) -> Result<Vec<Client>, Error> {
        let ids: Vec<ClientId> = wanted.clients.iter().map(|seen| seen.id.clone()).collect();
        let (tx, _) = self.parts();
        let mut found = by_id(tx.list_clients_by_id(&ids).await?);
        let (mut clients, mut changed) = (Vec::new(), Vec::new());
        for seen in &wanted.clients {
            let client = found.remove(seen.id.as_str()).map(|summary| summary.client);
            let is_fit = |client: &Client| {
                client.version == seen.version && wanted.act.obstacle(client).is_none()
            };
            match client {
                Some(client) if is_fit(&client) => clients.push(client),
                client => changed.push(self.what_changed(seen, client.as_ref()).await?),
            }
        }
        if changed.is_empty() {
            Ok(clients)
        } else {
            let complaint = BulkComplaint::BulkChanged { changed };
            Err(Error::Conflict(complaint.into()))
        }
    }

    /// Who changed a client, and when. One that is there twice in a form has no second time.
    async fn what_changed(
        &mut self,
        seen: &SeenClient,
        client: Option<&Client>,
    ) -> Result<ChangedClient, Error> {
        let Some(client) = client else {
            return Ok(ChangedClient {
                name: seen.id.to_string(),
                by: None,
                at: None,
                is_revoked: false,
            });
        };
        let (tx, _) = self.parts();
        let last = tx.find_last_change(&Subject::from(client).target).await?;
        Ok(ChangedClient {
            name: client.name.clone(),
            at: last.as_ref().map(|last| last.record.at),
            by: last.map(|last| last.record.actor.name()),
            is_revoked: client.lifecycle.is_revoked(),
        })
    }

    /// Does the act to one client; none when it is so already.
    async fn act(&mut self, wanted: &BulkChange, client: &Client) -> Result<Option<Event>, Error> {
        let (tx, stamp) = self.parts();
        let (number, version) = (client.number, stamp.version);
        let before = ClientSnapshot::from(client);
        Ok(Some(match wanted.act {
            BulkAct::Revoke => {
                tx.revoke_client(number, stamp).await?;
                tx.revoke_secrets(number, None, stamp.at).await?;
                Event::ClientRevoked { before }
            }
            BulkAct::Suspend => {
                let since = Some(stamp.at);
                tx.update_client_suspension(number, since, version).await?;
                Event::ClientSuspended {}
            }
            BulkAct::Resume => {
                tx.update_client_suspension(number, None, version).await?;
                Event::ClientResumed {}
            }
            BulkAct::Expire => {
                let end = client.lifecycle.expires_at();
                let expires_at = on_same_day(end, wanted.expires_at);
                if expires_at == end {
                    return Ok(None);
                }
                // A client that expires ends its tokens, and a later expiry does not make them live again.
                let had_ended = end.is_some_and(|end| end <= stamp.at);
                let generation = client.generation + i64::from(had_ended);
                tx.update_client_expiry(number, expires_at, generation, version)
                    .await?;
                let after = ClientSnapshot {
                    expires_at,
                    ..before.clone()
                };
                Event::ClientUpdated { before, after }
            }
        }))
    }
}
