//! Client secrets: digests, and sealed copies where they are kept.

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::secret::SecretKind;

use super::types::read_from_row;
use super::{Result, Tx, on};

/// A stored secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSecret {
    /// The number that tokens carry.
    pub number: SecretNumber,
    /// The client it belongs to.
    pub client: ClientNumber,
    /// How it is proven.
    pub kind: SecretKind,
    /// An HMAC under the pepper, or a PHC string.
    pub digest: Vec<u8>,
    /// The text under the master key, where a copy is kept.
    pub sealed: Option<Vec<u8>>,
    /// Its last four characters; none when a person chose it.
    pub hint: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// Who made it.
    pub created_by: String,
    /// When it stops being valid.
    pub expires_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// While it waits for its first use: for how many seconds the older secrets go on after that.
    pub pending_grace: Option<i64>,
}

read_from_row!(StoredSecret {
    number,
    client,
    kind,
    digest,
    sealed,
    hint,
    label,
    created_at,
    created_by,
    expires_at,
    revoked_at,
    pending_grace
});

impl StoredSecret {
    /// Whether it can get tokens.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

impl Tx {
    /// Every secret of a client, revoked ones included, the newest first.
    pub async fn list_secrets(&mut self, client: ClientNumber) -> Result<Vec<StoredSecret>> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "SELECT number, client, kind, digest, sealed, hint, label, created_at, created_by, expires_at, revoked_at,
                        pending_grace
                 FROM client_secrets WHERE client = $1 ORDER BY number DESC",
            )
            .bind(client)
            .fetch_all(conn)
            .await?
        ))
    }

    /// Adds a secret under the next free number; the number in the row is ignored. The transaction must have raised the
    /// directory version, which serializes writers, so that the number stays free.
    pub async fn insert_secret(&mut self, secret: &StoredSecret) -> Result<SecretNumber> {
        on!(self, conn => Ok(
            sqlx::query_scalar(
                "INSERT INTO client_secrets (number, client, kind, digest, sealed, hint, label, created_at, created_by,
                                             expires_at, pending_grace)
                 SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM client_secrets
                 RETURNING number",
            )
            .bind(secret.client)
            .bind(secret.kind)
            .bind(&secret.digest)
            .bind(&secret.sealed)
            .bind(&secret.hint)
            .bind(&secret.label)
            .bind(secret.created_at)
            .bind(&secret.created_by)
            .bind(secret.expires_at)
            .bind(secret.pending_grace)
            .fetch_one(conn)
            .await?
        ))
    }

    /// Sets the expiry of every secret of a client that is older than one and valid beyond a moment to that moment. None
    /// of them waits for its first use any more.
    pub async fn expire_older_secrets(
        &mut self,
        client: ClientNumber,
        than: SecretNumber,
        at: Time,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "UPDATE client_secrets SET expires_at = $3, pending_grace = NULL
                 WHERE client = $1 AND number < $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)",
            )
            .bind(client)
            .bind(than)
            .bind(at)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Revokes every secret of a client, or only those older than one, and deletes their sealed copies.
    pub async fn revoke_secrets(
        &mut self,
        client: ClientNumber,
        older_than: Option<SecretNumber>,
        now: Time,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "UPDATE client_secrets SET revoked_at = $3, sealed = NULL, pending_grace = NULL
                 WHERE client = $1 AND (CAST($2 AS BIGINT) IS NULL OR number < $2) AND revoked_at IS NULL",
            )
            .bind(client)
            .bind(older_than)
            .bind(now)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Revokes one secret, and deletes its sealed copy.
    pub async fn revoke_secret(&mut self, number: SecretNumber, now: Time) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "UPDATE client_secrets SET revoked_at = $2, sealed = NULL, pending_grace = NULL
                 WHERE number = $1 AND revoked_at IS NULL",
            )
            .bind(number)
            .bind(now)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Makes a secret that waits for its first use an ordinary one.
    pub async fn activate_secret(&mut self, number: SecretNumber) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE client_secrets SET pending_grace = NULL WHERE number = $1")
                .bind(number)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Sets what people call a secret.
    pub async fn label_secret(&mut self, number: SecretNumber, label: Option<&str>) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE client_secrets SET label = $2 WHERE number = $1")
                .bind(number)
                .bind(label)
                .execute(conn)
                .await?;
        });
        Ok(())
    }
}
