//! Client secrets: made, stored, revealed.

use crate::domain::client::Client;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::Event;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::rights::Right;
use crate::domain::secret::{Secret, SecretKind};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{ALPHABET, RevealedSecret, require, require_may_change};
use crate::store::{Stamp, StoredSecret, Tx};

/// A secret and the digest that proves it, ready to be stored.
pub(in crate::service) struct Proof {
    secret: Secret,
    kind: SecretKind,
    digest: Vec<u8>,
}

impl Console {
    /// Reveals a secret, and records that in the audit log.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right or a copy of the secret, [`Error::NotFound`].
    pub async fn reveal_secret(
        &self,
        actor: &Actor,
        id: &str,
        number: SecretNumber,
    ) -> Result<RevealedSecret, Error> {
        actor.require(Right::RevealSecrets)?;
        actor.require_fresh_proof()?;
        let mut tx = self.0.store.write().await?;
        let client = require(&mut tx, id).await?;
        require_may_change(actor, &client)?;
        let secrets = tx.list_secrets(client.number).await?;
        let Some(row) = secrets
            .iter()
            .find(|row| row.number == number && row.revoked_at.is_none())
        else {
            return Err(Error::NotFound(Complaint::SecretUnknown));
        };
        let secret = self
            .recover(row)
            .ok_or(Error::Forbidden(Complaint::SecretNotKept))?;
        let record = actor.record(self.now(), &client, revealed(row));
        tx.append_events(&[record]).await?;
        tx.commit().await?;
        Ok(RevealedSecret {
            client_id: client.id,
            secret,
        })
    }

    /// The newest secret of each client, where a copy is kept, for a command that prints them. Each one is recorded in
    /// the audit log.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn reveal_newest_secrets(
        &self,
        actor: &Actor,
        clients: &[Client],
    ) -> Result<Vec<Option<Secret>>, Error> {
        actor.require(Right::RevealSecrets)?;
        actor.require_fresh_proof()?;
        for client in clients {
            require_may_change(actor, client)?;
        }
        let mut tx = self.0.store.write().await?;
        let mut found = Vec::with_capacity(clients.len());
        let mut records = Vec::new();
        for client in clients {
            let secrets = tx.list_secrets(client.number).await?;
            let newest = secrets.iter().find(|row| row.revoked_at.is_none());
            let secret = newest.and_then(|row| Some((row, self.recover(row)?)));
            if let Some((row, _)) = &secret {
                records.push(actor.record(self.now(), client, revealed(row)));
            }
            found.push(secret.map(|(_, secret)| secret));
        }
        tx.append_events(&records).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Generates a secret, or takes the chosen one, with its digest.
    pub(in crate::service) async fn prepare_secret(
        &self,
        chosen: Option<Secret>,
    ) -> Result<Proof, Error> {
        if let Some(secret) = chosen {
            let digest = self
                .0
                .passwords
                .hash(&self.0.random, &secret)
                .await?
                .into_bytes();
            return Ok(Proof {
                secret,
                kind: SecretKind::Chosen,
                digest,
            });
        }
        Ok(self.generate_secret())
    }

    /// Generates a secret, with its digest.
    pub(in crate::service) fn generate_secret(&self) -> Proof {
        let secret = Secret::new(format!("key_{}", self.0.random.text(ALPHABET, 32)));
        let digest = self.0.keys.digest_secret(secret.expose()).to_vec();
        Proof {
            secret,
            kind: SecretKind::Generated,
            digest,
        }
    }

    /// Stores a secret, with a sealed copy where the installation keeps them.
    pub(in crate::service) async fn store_secret(
        &self,
        tx: &mut Tx,
        client: ClientNumber,
        proof: Proof,
        stamp: &Stamp,
    ) -> Result<(Secret, SecretNumber), Error> {
        let (secret, row) = self.secret_row(client, proof, &stamp.by);
        let number = tx.insert_secret(&row).await?;
        Ok((secret, number))
    }

    /// The database row of a secret, with a sealed copy where the installation keeps them; it has no number yet.
    pub(in crate::service) fn secret_row(
        &self,
        client: ClientNumber,
        proof: Proof,
        by: &str,
    ) -> (Secret, StoredSecret) {
        let hint = proof.secret.hint(proof.kind);
        let sealed = self.0.settings.secrets_recoverable().then(|| {
            self.0
                .keys
                .seal_secret(&self.0.random, client, proof.secret.expose())
        });
        let row = StoredSecret {
            number: SecretNumber(0),
            client,
            kind: proof.kind,
            digest: proof.digest,
            sealed,
            hint,
            label: None,
            created_at: self.now(),
            created_by: by.to_owned(),
            expires_at: None,
            revoked_at: None,
            pending_grace: None,
        };
        (proof.secret, row)
    }

    /// The text of a secret, where a copy is kept and the installation allows to reveal it.
    fn recover(&self, row: &StoredSecret) -> Option<Secret> {
        let sealed = row
            .sealed
            .as_ref()
            .filter(|_| self.0.settings.secrets_recoverable())?;
        self.0.keys.open_secret(row.client, sealed)
    }
}

fn revealed(row: &StoredSecret) -> Event {
    Event::SecretRevealed {
        hint: row.hint.clone(),
        secret: row.number,
    }
}
