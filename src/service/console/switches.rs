//! Permissions as switches: what is wanted of a client, whatever its version.

use crate::domain::client::Client;
use crate::domain::error::Error;
use crate::service::console::Console;
use crate::service::console::actor::Actor;

impl Console {
    /// Grants and removes permissions of a client. What is so already stays as it is.
    ///
    /// # Errors
    /// As [`Console::grant_permissions`].
    pub async fn switch_permissions(
        &self,
        actor: &Actor,
        id: &str,
        grant: &[String],
        remove: &[String],
    ) -> Result<Client, Error> {
        let client = self.get_client(actor, id).await?;
        // A permission that the catalogue no longer has is unknown once it was removed.
        let is_held = |name: &&String| client.holds(name);
        let remove: Vec<String> = remove.iter().filter(is_held).cloned().collect();
        self.change_permissions_at(actor, id, client.version, grant, &remove)
            .await
    }
}
