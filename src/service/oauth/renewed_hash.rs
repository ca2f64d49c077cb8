//! Hashes of passwords that were made elsewhere. Their costs differ, and the server cannot make its own before somebody
//! signs in with the password.

use crate::domain::error::Error;
use crate::domain::ids::ParticipantId;
use crate::domain::secret::Secret;
use crate::service::auth::hash_queue::is_own_hash;
use crate::service::database::with_timeout;
use crate::service::oauth::TokenServer;

impl TokenServer {
    /// Replaces the hash of a right password by one of the server's own, unless it is one. The password stays the same, so
    /// this is no event. The login does not fail with it: the next one tries again.
    pub(super) async fn renew_hash(&self, id: ParticipantId, before: &str, password: &Secret) {
        if is_own_hash(before) {
            return;
        }
        let Ok(after) = self.0.passwords.hash(&self.0.random, password).await else {
            return;
        };
        let renewed = with_timeout(async {
            let mut tx = self.0.store.write().await?;
            tx.renew_participant_hash(id, before, &after).await?;
            Ok::<_, Error>(tx.commit().await?)
        });
        if renewed.await.is_err() {
            tracing::warn!(participant = %id, "an imported hash of a password could not be replaced");
        }
    }
}
