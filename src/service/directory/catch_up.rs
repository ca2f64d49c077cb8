//! Takes over into memory what was committed.

use std::sync::{Arc, PoisonError};

use crate::domain::error::Error;
use crate::domain::ids::Version;
use crate::domain::token::{Lifetime, SweepWatermark, TokenId};
use crate::service::directory::cached_participant::Stale;
use crate::service::directory::resident::Resident;
use crate::service::directory::{Directory, require_new};

impl Directory {
    /// Brings memory up to a version that was read, or past it.
    pub(super) async fn catch_up(&self, seen: Version) -> Result<(), Error> {
        let mut tx = self.store.read().await?;
        let version = tx.find_directory_version().await?;
        require_new(version, seen)?;
        let before = self.resident.load_full();
        let known = before.version;
        let since = known.unwrap_or(Version::BEFORE_ALL);
        let organizations = tx.list_organizations(since).await?;
        let denylist = tx.list_denylist(since).await?;
        let swept = tx.list_sweep_watermarks().await?;
        let keys = tx.list_keys(since).await?;
        // Before the first read nothing is in memory, so nothing has to be evicted.
        let changed = if known.is_some() {
            tx.list_changed_clients(since).await?
        } else {
            Vec::new()
        };
        let stale = if self.participants.is_empty() {
            Stale::Every
        } else {
            Stale::Some(tx.list_changed_participants(since).await?)
        };
        drop(tx);

        self.keys.add(&keys);
        let organizations = if organizations.is_empty() {
            Arc::clone(&before.organizations)
        } else {
            Arc::new(before.organizations.with(organizations, &self.main_host))
        };
        let _evicting = self
            .evicting
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        self.update_denylist(
            denylist,
            swept.iter().filter(|watermark| watermark.version > since),
        );
        for (id, number) in changed {
            self.by_id.remove(id.as_bytes());
            self.by_number.remove(&number);
        }
        self.participants.evict(stale);
        // Last, because whoever sees this version takes the rest for as new.
        self.resident.store(Arc::new(Resident {
            version: Some(version),
            organizations,
            swept: swept.into(),
        }));
        Ok(())
    }

    /// Takes over what this process itself committed as a version: these tokens, and nothing else. Since every change of the
    /// directory has a version of its own, the numbers tell whether another one came between; then nothing is taken over,
    /// which is answered with false, and memory catches up as usual.
    pub(in crate::service) async fn add_denylisted(
        &self,
        version: Version,
        tokens: &[(TokenId, Lifetime)],
    ) -> bool {
        let _catching_up = self.catching_up.lock().await;
        let before = self.resident.load_full();
        if before.version.is_none_or(|known| known.0 + 1 != version.0) {
            return false;
        }
        let _evicting = self
            .evicting
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        self.update_denylist(tokens.to_vec(), std::iter::empty());
        self.resident.store(Arc::new(Resident {
            version: Some(version),
            ..Resident::clone(&before)
        }));
        true
    }

    /// Adds what was denylisted. Entries that a sweep removed from the database are removed here, and only those: a token
    /// whose entry a clock alone removed might become live again. An entry that memory has is older than any watermark
    /// that is new here.
    fn update_denylist<'a>(
        &self,
        added: Vec<(TokenId, Lifetime)>,
        swept: impl Iterator<Item = &'a SweepWatermark>,
    ) {
        let mut denylist = self
            .denylist
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for watermark in swept {
            denylist.retain(|_, lifetime| !watermark.lifetime.covers(lifetime));
        }
        denylist.extend(added);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber};
    use crate::domain::organization::CheckedOrganization;
    use crate::domain::scope::ScopeSet;
    use crate::domain::token::Claims;
    use crate::service::directory::tests::{change, node};
    use crate::store::Store;

    const TOKEN: TokenId = TokenId([7; 24]);

    fn is_denylisted(node: &Directory) -> bool {
        let claims = Claims {
            client: ClientNumber(1),
            generation: 0,
            secret: SecretNumber(1),
            organization: None,
            participant: None,
            at_host: false,
            issued_at: 1_795_435_200,
            expires_at: 1_795_442_400,
            version: Version(1),
            scopes: ScopeSet::of(&[0]),
        };
        node.is_denylisted(TOKEN, &claims)
    }

    /// Commits a denylisted token, and returns the version and what was written.
    async fn deny(store: &Store) -> (Version, Vec<(TokenId, Lifetime)>) {
        let mut denied = None;
        change(store, async |tx, stamp| {
            let (issued_at, expires_at) = (stamp.at, stamp.at + TimeDelta::hours(2));
            let tokens = vec![(
                TOKEN,
                Lifetime {
                    issued_at,
                    expires_at,
                },
            )];
            tx.insert_denylist(&tokens, stamp.version).await.unwrap();
            denied = Some((stamp.version, tokens));
        })
        .await;
        denied.unwrap()
    }

    #[tokio::test]
    async fn what_this_process_committed_next_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let (node, store) = node(&url).await;
        node.refresh().await.unwrap();
        let (version, tokens) = deny(&store).await;
        assert!(node.version() < version && !is_denylisted(&node));
        assert!(node.add_denylisted(version, &tokens).await);
        assert!(node.version() == version && is_denylisted(&node));
    }

    #[tokio::test]
    async fn what_another_process_committed_before_it_is_not_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let (node, store) = node(&url).await;
        node.refresh().await.unwrap();
        let before = node.version();
        change(&store, async |tx, stamp| {
            let name = "Porto".to_owned();
            let porto = CheckedOrganization { name, host: None };
            tx.insert_organization(&porto, stamp).await.unwrap();
        })
        .await;
        let (version, tokens) = deny(&store).await;
        assert!(!node.add_denylisted(version, &tokens).await);
        assert!(node.version() == before && !is_denylisted(&node));
        node.refresh().await.unwrap();
        assert!(node.version() == version && is_denylisted(&node));
        assert!(node.organization(OrganizationId(1)).is_some());
        // What comes late changes nothing.
        assert!(!node.add_denylisted(version, &tokens).await);
        assert_eq!(node.version(), version);
    }
}
