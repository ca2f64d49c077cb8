//! Passwords of participants.

use crate::domain::ids::ParticipantId;

use super::{Result, Stamp, Tx, on};

impl Tx {
    /// The hash of a participant's password, a PHC string; none also when there is no such participant.
    pub async fn find_participant_password(&mut self, id: ParticipantId) -> Result<Option<String>> {
        let found: Option<Option<String>> = on!(self, conn => {
            sqlx::query_scalar("SELECT password_hash FROM participants WHERE id = $1")
                .bind(id)
                .fetch_optional(conn)
                .await?
        });
        Ok(found.flatten())
    }

    /// Sets or replaces a participant's password.
    pub async fn set_participant_password(
        &mut self,
        id: ParticipantId,
        password_hash: &str,
        stamp: &Stamp,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE participants SET password_hash = $2, updated_at = $3, version = $4 WHERE id = $1")
                .bind(id)
                .bind(password_hash)
                .bind(stamp.at)
                .bind(stamp.version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Replaces the hash of a password by another hash of the same password. False when the participant has another hash by
    /// now. Nothing that is in memory changes, so there is no version.
    pub async fn renew_participant_hash(
        &mut self,
        id: ParticipantId,
        before: &str,
        after: &str,
    ) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query("UPDATE participants SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
                .bind(id)
                .bind(before)
                .bind(after)
                .execute(conn)
                .await?
                .rows_affected() == 1
        ))
    }
}
