//! Rotating, ending, cancelling and labelling the secrets of clients.

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::client::Client;
use crate::domain::complaint::{Complaint, CredentialComplaint};
use crate::domain::error::Error;
use crate::domain::event::Event;
use crate::domain::ids::SecretNumber;
use crate::domain::rights::Right;
use crate::domain::rotation::{OldSecrets, Rotation, SECRETS_MAX, check_label};
use crate::domain::view::{SecretRow, ShownSecret};
use crate::domain::{Time, is_writable};
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{
    CreatedClient, require, require_live, require_may_change, secret_row,
};
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::service::console::secrets::Proof;
use crate::service::console::usage::ClientUses;
use crate::store::StoredSecret;

/// A rotation that passed the checks that need no look-up.
struct PreparedRotation {
    label: Option<String>,
    old: OldSecrets,
    proof: Proof,
}

/// A secret of a client in an open change.
struct FoundSecret {
    client: Client,
    row: StoredSecret,
    /// Whether the client has another one that works.
    has_other: bool,
}

impl Console {
    /// The secrets of a client that are not revoked, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn list_secrets(&self, actor: &Actor, id: &str) -> Result<Vec<SecretRow>, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        let client = require(&mut tx, id).await?;
        let now = self.now();
        let uses = ClientUses::of(&mut tx, &[client.number], now).await?;
        let recoverable = self.0.settings.secrets_recoverable();
        let secrets = tx.list_secrets(client.number).await?;
        let rows = secrets.iter().filter(|row| row.revoked_at.is_none());
        Ok(rows
            .map(|row| secret_row(row, &uses, recoverable))
            .collect())
    }

    /// Gives a client a new secret. Where the old ones are not kept at all, they and every token issued with them are
    /// dead before this returns.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Invalid`] in `label`, `grace` or `keep_old`;
    /// [`Error::Conflict`] when the client is revoked, has too many secrets, or another rotation is pending.
    pub async fn rotate_secret(
        &self,
        actor: &Actor,
        id: &str,
        rotation: impl Into<Rotation>,
    ) -> Result<CreatedClient, Error> {
        let prepared = self.prepare_rotation(actor, &rotation.into()).await?;
        let mut change = self.change(actor).await?;
        let (created, event) = self.rotate(&mut change, actor, id, prepared).await?;
        change.commit(&created.client, event).await?;
        Ok(created)
    }

    /// Gives a client the secret that a form asks for, or, when the form was sent before, answers as the first time. The
    /// secret is sealed for the page of the client.
    ///
    /// # Errors
    /// As [`Console::rotate_secret`]; [`Error::Conflict`] when the form was sent with other contents.
    pub async fn rotate_secret_by_form(
        &self,
        actor: &Actor,
        form: &SentForm,
        id: &str,
        rotation: &Rotation,
    ) -> Result<FormAnswer, Error> {
        let prepared = self.prepare_rotation(actor, rotation).await?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = form.find_answer(tx, &stamp.by).await? {
            return Ok(answer);
        }
        let (created, event) = self.rotate(&mut change, actor, id, prepared).await?;
        let shown = ShownSecret {
            number: created.secret_number,
            text: created.secret.expose().to_owned(),
            is_new_client: false,
        };
        let answer = FormAnswer {
            made: created.secret_number.to_string(),
            sealed: Some(self.seal_shown_secret(actor, &created.client.id, &shown)),
        };
        let (tx, stamp) = change.parts();
        form.keep_answer(tx, stamp, &answer).await?;
        change.commit(&created.client, event).await?;
        Ok(answer)
    }

    /// Ends a secret: it and every token issued with it are dead before this returns.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Conflict`] when the client is revoked, or no other secret of it
    /// works.
    pub async fn end_secret(
        &self,
        actor: &Actor,
        id: &str,
        number: SecretNumber,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let found = change.secret(actor, id, number).await?;
        let event = Event::SecretEnded {
            hint: found.row.hint.clone(),
            secret: number,
        };
        revoke(change, &found, event).await
    }

    /// Cancels a rotation: ends the new secret, which was not used yet, and the older ones go on.
    ///
    /// # Errors
    /// As [`Console::end_secret`]; [`Error::Conflict`] when the secret was used meanwhile.
    pub async fn cancel_rotation(
        &self,
        actor: &Actor,
        id: &str,
        number: SecretNumber,
    ) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let found = change.secret(actor, id, number).await?;
        if found.row.pending_grace.is_none() {
            let complaint = CredentialComplaint::NotPending { secret: number };
            return Err(Error::Conflict(complaint.into()));
        }
        let event = Event::SecretCancelled {
            hint: found.row.hint.clone(),
            secret: number,
        };
        revoke(change, &found, event).await
    }

    /// Sets what people call a secret; an empty label is none.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `label`, [`Error::Conflict`] when the client is
    /// revoked.
    pub async fn label_secret(
        &self,
        actor: &Actor,
        id: &str,
        number: SecretNumber,
        label: &str,
    ) -> Result<(), Error> {
        actor.require(Right::ChangeClients)?;
        let after = check_label(label).map_err(|complaint| Error::invalid("label", complaint))?;
        let mut change = self.change(actor).await?;
        let FoundSecret { client, row, .. } = change.secret(actor, id, number).await?;
        if row.label == after {
            return Ok(());
        }
        let (tx, stamp) = change.parts();
        tx.label_secret(number, after.as_deref()).await?;
        tx.stamp_client(client.number, stamp.version).await?;
        let event = Event::SecretLabelled {
            secret: number,
            before: row.label,
            after,
        };
        change.commit(&client, event).await
    }

    /// What can be done before the transaction.
    async fn prepare_rotation(
        &self,
        actor: &Actor,
        rotation: &Rotation,
    ) -> Result<PreparedRotation, Error> {
        actor.require(Right::ChangeClients)?;
        Ok(PreparedRotation {
            label: rotation.check()?,
            old: rotation.old,
            proof: self.prepare_secret(None).await?,
        })
    }

    /// Adds the new secret, and does with the older ones what is wanted. Also the event.
    async fn rotate(
        &self,
        change: &mut Change,
        actor: &Actor,
        id: &str,
        prepared: PreparedRotation,
    ) -> Result<(CreatedClient, Event), Error> {
        let PreparedRotation { label, old, proof } = prepared;
        let client = change.client(id).await?;
        require_may_change(actor, &client)?;
        require_live(&client)?;
        let (tx, stamp) = change.parts();
        check_new_secret(&tx.list_secrets(client.number).await?, old, stamp.at)?;
        let (secret, row) = self.secret_row(client.number, proof, &stamp.by);
        let row = StoredSecret {
            label,
            pending_grace: old.pending_grace(),
            ..row
        };
        let number = tx.insert_secret(&row).await?;
        if let OldSecrets::KeepFor(time) = old {
            if time.is_zero() {
                tx.revoke_secrets(client.number, Some(number), stamp.at)
                    .await?;
            } else {
                let end = end_after(stamp.at, time)?;
                tx.expire_older_secrets(client.number, number, end).await?;
            }
        }
        tx.stamp_client(client.number, stamp.version).await?;
        let event = Event::SecretRotated {
            hint: row.hint,
            keep_old_seconds: old.kept_for().map(|time| time.as_secs()),
            secret: number,
            label: row.label,
            pending: row.pending_grace.is_some(),
        };
        let created = CreatedClient {
            client: change.reload(client.number).await?,
            secret,
            secret_number: number,
        };
        Ok((created, event))
    }
}

impl Change {
    /// A secret of a client that can be changed; neither is revoked.
    async fn secret(
        &mut self,
        actor: &Actor,
        id: &str,
        number: SecretNumber,
    ) -> Result<FoundSecret, Error> {
        let client = self.client(id).await?;
        require_may_change(actor, &client)?;
        require_live(&client)?;
        let (tx, stamp) = self.parts();
        let now = stamp.at;
        let secrets = tx.list_secrets(client.number).await?;
        let is_other = |row: &&StoredSecret| row.number != number && row.is_live(now);
        let has_other = secrets.iter().find(is_other).is_some();
        let mut rows = secrets.into_iter();
        let row = rows.find(|row| row.number == number && row.revoked_at.is_none());
        Ok(FoundSecret {
            client,
            row: row.ok_or(Error::NotFound(Complaint::SecretUnknown))?,
            has_other,
        })
    }
}

/// Revokes a secret and commits the change, unless the client would be left without one that works.
async fn revoke(mut change: Change, found: &FoundSecret, event: Event) -> Result<Client, Error> {
    let number = found.row.number;
    let (tx, stamp) = change.parts();
    if found.row.is_live(stamp.at) && !found.has_other {
        let complaint = CredentialComplaint::LastSecret { secret: number };
        return Err(Error::Conflict(complaint.into()));
    }
    tx.revoke_secret(number, stamp.at).await?;
    tx.stamp_client(found.client.number, stamp.version).await?;
    let client = change.reload(found.client.number).await?;
    change.commit(&client, event).await?;
    Ok(client)
}

/// Refuses a secret beside too many others, and a second one that waits for its first use.
fn check_new_secret(others: &[StoredSecret], old: OldSecrets, now: Time) -> Result<(), Error> {
    let pending = others.iter().find(|row| row.pending_grace.is_some());
    if let (OldSecrets::UntilFirstUse(_), Some(pending)) = (old, pending) {
        let secret = pending.number;
        let complaint = CredentialComplaint::RotationPending { secret };
        return Err(Error::Conflict(complaint.into()));
    }
    let go_on = others.iter().filter(|row| row.is_live(now)).count();
    let ends_all = old == OldSecrets::KeepFor(Duration::ZERO);
    if go_on >= SECRETS_MAX && !ends_all {
        return Err(Error::Conflict(CredentialComplaint::SecretsTooMany.into()));
    }
    Ok(())
}

fn end_after(now: Time, time: Duration) -> Result<Time, Error> {
    let time = TimeDelta::from_std(time).ok();
    time.and_then(|time| now.checked_add_signed(time))
        .filter(|end| is_writable(*end))
        .ok_or_else(|| Error::invalid("keep_old", Complaint::KeptTooLong))
}
