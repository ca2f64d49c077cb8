//! Finds what a few words name, whatever it is.

use crate::domain::client::ClientFilter;
use crate::domain::error::Error;
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::view::Found;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::store::{ClientListing, OrganizationListing};

/// The most clients and the most organizations that are shown.
const MOST: usize = 8;

impl Console {
    /// The newest clients, and the first organizations by name, that the words name; none without words. The lists have
    /// all of them.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn find_named(&self, actor: &Actor, words: &str) -> Result<Found, Error> {
        actor.require(Right::ReadDirectory)?;
        if words.trim().is_empty() {
            return Ok(Found::default());
        }
        let now = self.now();
        let filter = ClientFilter {
            search: words.to_owned(),
            ..ClientFilter::default()
        };
        let clients = ClientListing {
            filter: &filter,
            cursor: Cursor::First,
            limit: i64::try_from(MOST + 1).unwrap_or(i64::MAX),
            now,
        };
        let organizations = OrganizationListing {
            search: words,
            archived: false,
            cursor: Cursor::First,
            limit: i64::try_from(MOST + 1).unwrap_or(i64::MAX),
            now,
        };
        let mut tx = self.read().await?;
        let mut found = Found {
            clients: tx.list_clients(&clients).await?,
            organizations: tx.list_organization_choices(&organizations).await?,
            has_more_clients: false,
            has_more_organizations: false,
        };
        found.has_more_clients = found.clients.len() > MOST;
        found.has_more_organizations = found.organizations.len() > MOST;
        found.clients.truncate(MOST);
        found.organizations.truncate(MOST);
        Ok(found)
    }
}
