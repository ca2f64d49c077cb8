//! Client secrets: digests, and sealed copies where they are kept.

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, SecretNumber};
use crate::domain::secret::SecretKind;

use super::{Result, Tx, on};

/// A stored secret.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
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
    /// When it was made.
    pub created_at: Time,
    /// When it stops being valid.
    pub expires_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

impl Tx {
    /// Every secret of a client, revoked ones included, the newest first.
    pub async fn list_secrets(&mut self, client: ClientNumber) -> Result<Vec<StoredSecret>> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "SELECT number, client, kind, digest, sealed, hint, created_at, expires_at, revoked_at
                 FROM client_secrets WHERE client = $1 ORDER BY number DESC",
            )
            .bind(client)
            .fetch_all(conn)
            .await?
        ))
    }

    /// Adds a secret under the next free number; the number in the row is ignored. The transaction must have raised the
    /// directory version, which serializes writers, so that the number stays free.
    pub async fn insert_secret(
        &mut self,
        secret: &StoredSecret,
        created_by: &str,
    ) -> Result<SecretNumber> {
        on!(self, conn => Ok(
            sqlx::query_scalar(
                "INSERT INTO client_secrets (number, client, kind, digest, sealed, hint, created_at, created_by, expires_at)
                 SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8 FROM client_secrets
                 RETURNING number",
            )
            .bind(secret.client)
            .bind(secret.kind)
            .bind(&secret.digest)
            .bind(&secret.sealed)
            .bind(&secret.hint)
            .bind(secret.created_at)
            .bind(created_by)
            .bind(secret.expires_at)
            .fetch_one(conn)
            .await?
        ))
    }

    /// Sets the expiry of every secret of a client that is valid beyond a moment, except one, to that moment.
    pub async fn expire_other_secrets(
        &mut self,
        client: ClientNumber,
        kept: SecretNumber,
        at: Time,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "UPDATE client_secrets SET expires_at = $3
                 WHERE client = $1 AND number <> $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)",
            )
            .bind(client)
            .bind(kept)
            .bind(at)
            .execute(conn)
            .await?;
        });
        Ok(())
    }

    /// Revokes every secret of a client except one, and deletes their sealed copies.
    pub async fn revoke_other_secrets(
        &mut self,
        client: ClientNumber,
        kept: Option<SecretNumber>,
        now: Time,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query(
                "UPDATE client_secrets SET revoked_at = $3, sealed = NULL
                 WHERE client = $1 AND (CAST($2 AS BIGINT) IS NULL OR number <> $2) AND revoked_at IS NULL",
            )
            .bind(client)
            .bind(kept)
            .bind(now)
            .execute(conn)
            .await?;
        });
        Ok(())
    }
}
