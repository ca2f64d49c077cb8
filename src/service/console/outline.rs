//! What many pages show of the whole directory. It is read once for each version of the directory.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::Time;
use crate::domain::error::Error;
use crate::domain::ids::Version;
use crate::domain::organization::OrganizationChoice;
use crate::domain::page::Cursor;
use crate::domain::view::DirectoryCounts;
use crate::service::directory::Directory;
use crate::store::{OrganizationListing, Store};

/// How many organizations the list of clients offers as a filter; more would be most of the page.
pub(super) const FILTER_CHOICES: usize = 200;

/// Counts, and the organizations that are offered before anything is typed.
#[derive(Debug)]
pub(super) struct Outline {
    version: Version,
    read_at: Time,
    /// The next moment at which time alone changes a count.
    changes_at: Option<Time>,
    pub(super) counts: DirectoryCounts,
    /// The first by name, at most one more than [`FILTER_CHOICES`].
    pub(super) organizations: Vec<OrganizationChoice>,
}

/// The outline of the newest version that was asked for.
#[derive(Debug, Default)]
pub(super) struct NewestOutline(Mutex<Option<Arc<Outline>>>);

impl Outline {
    /// Whether neither a change nor time has altered it. A clock may have been set back.
    fn is_current(&self, version: Version, now: Time) -> bool {
        let is_over = self.changes_at.is_some_and(|moment| moment <= now);
        self.version == version && self.read_at <= now && !is_over
    }
}

impl NewestOutline {
    /// The outline of the directory, as new as every change that was committed before this call.
    pub(super) async fn refreshed(
        &self,
        directory: &Directory,
        store: &Store,
        now: Time,
    ) -> Result<Arc<Outline>, Error> {
        directory.refresh().await?;
        let version = directory.version();
        let cached = self.get();
        if let Some(outline) = cached.filter(|outline| outline.is_current(version, now)) {
            return Ok(outline);
        }
        let mut tx = store.read().await?;
        let outline = Arc::new(Outline {
            version: tx.find_directory_version().await?,
            read_at: now,
            changes_at: tx.find_next_status_change(now).await?,
            counts: DirectoryCounts {
                clients: tx.count_live_clients().await?,
                unbound_clients: tx.count_unbound_clients().await?,
                organizations: tx.count_organizations().await?,
                archived: tx.count_archived_organizations().await?,
                statuses: tx.count_clients(now).await?,
            },
            organizations: tx
                .list_organization_choices(&OrganizationListing {
                    search: "",
                    archived: false,
                    cursor: Cursor::First,
                    limit: i64::try_from(FILTER_CHOICES + 1).expect("the limit is small"),
                    now,
                })
                .await?,
        });
        self.set(Arc::clone(&outline));
        Ok(outline)
    }

    fn get(&self) -> Option<Arc<Outline>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, outline: Arc<Outline>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outline);
    }
}
