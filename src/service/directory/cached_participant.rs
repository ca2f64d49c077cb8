//! Participants in memory, each loaded when a token for it is first judged.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::domain::ids::ParticipantId;
use crate::domain::participant::Participant;

/// How many participants stay in memory.
const CAPACITY: usize = 20_000;

/// The participants that were asked for. What changed in the database is evicted before memory reaches its version.
#[derive(Debug)]
pub(in crate::service) struct CachedParticipants(Cache<ParticipantId, Arc<Participant>>);

/// What has to be evicted.
#[derive(Debug)]
pub(in crate::service) enum Stale {
    /// These.
    Some(Vec<ParticipantId>),
    /// All that came since the database was asked, because nothing was in memory then.
    Every,
}

impl CachedParticipants {
    pub(in crate::service) fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }

    pub(in crate::service) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::service) fn get(&self, id: ParticipantId) -> Option<Arc<Participant>> {
        self.0.get(&id)
    }

    pub(in crate::service) fn insert(&self, participant: Arc<Participant>) {
        self.0.insert(participant.id, participant);
    }

    pub(in crate::service) fn evict(&self, stale: Stale) {
        match stale {
            Stale::Some(ids) => {
                for id in ids {
                    self.0.remove(&id);
                }
            }
            Stale::Every => self.0.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::OrganizationId;
    use crate::domain::organization::CheckedOrganization;
    use crate::domain::participant::{Extra, NewParticipant, Nickname, ParticipantEmail};
    use crate::service::directory::Directory;
    use crate::service::directory::tests::{change, node};
    use crate::store::Store;

    const ADA: ParticipantId = ParticipantId(1);

    /// Adds an organization and a participant.
    async fn furnish(store: &Store) {
        change(store, async |tx, stamp| {
            let name = "Porto".to_owned();
            let porto = CheckedOrganization { name, host: None };
            tx.insert_organization(&porto, stamp).await.unwrap();
            let ada = NewParticipant {
                organization_id: OrganizationId(1),
                nickname: Nickname::parse("ada").unwrap(),
                email: ParticipantEmail::parse("ada@example.org").unwrap(),
                name: "Ada".to_owned(),
                password_hash: None,
                extra: Extra::default(),
                accepted_terms: false,
                confirmed: true,
            };
            tx.insert_participant(&ada, stamp).await.unwrap();
        })
        .await;
    }

    async fn generation(node: &Directory) -> i64 {
        node.refresh().await.unwrap();
        node.participant(ADA).await.unwrap().unwrap().generation
    }

    #[tokio::test]
    async fn a_block_by_one_node_is_seen_by_another_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let (here, store) = node(&url).await;
        let (there, _) = node(&url).await;
        furnish(&store).await;
        for node in [&here, &there] {
            assert_eq!(generation(node).await, 0);
            assert_eq!(node.participant(ParticipantId(9)).await.unwrap(), None);
        }
        for blocks in 1..=3 {
            // It is asked for from memory in between.
            assert_eq!(generation(&there).await, blocks - 1);
            change(&store, async |tx, stamp| {
                assert!(tx.block_participant(ADA, stamp).await.unwrap());
            })
            .await;
            assert_eq!(generation(&there).await, blocks);
            let blocked = there.participant(ADA).await.unwrap().unwrap();
            assert!(blocked.blocked_at.is_some());
            change(&store, async |tx, stamp| {
                assert!(tx.unblock_participant(ADA, stamp.version).await.unwrap());
            })
            .await;
            there.refresh().await.unwrap();
            let free = there.participant(ADA).await.unwrap().unwrap();
            assert_eq!((free.blocked_at, free.generation), (None, blocks));
        }
        assert_eq!(generation(&here).await, 3);
    }

    #[tokio::test]
    async fn a_participant_stays_in_memory_while_others_change() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let (node, store) = node(&url).await;
        furnish(&store).await;
        node.refresh().await.unwrap();
        let before = node.participant(ADA).await.unwrap().unwrap();
        change(&store, async |tx, stamp| {
            let name = "Bern".to_owned();
            let bern = CheckedOrganization { name, host: None };
            tx.insert_organization(&bern, stamp).await.unwrap();
        })
        .await;
        node.refresh().await.unwrap();
        let after = node.participant(ADA).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&before, &after));
    }

    #[test]
    fn nothing_stays_that_came_while_the_database_was_not_asked() {
        let cache = CachedParticipants::new();
        assert!(cache.is_empty());
        cache.insert(Arc::new(
            serde_json::from_value(serde_json::json!({
                "id": 1, "organization_id": 1, "nickname": "ada", "email": "ada@example.org", "name": "Ada", "extra": {},
                "created_at": "2026-11-23T12:00:00Z", "updated_at": "2026-11-23T12:00:00Z", "accepted_terms_at": null,
                "confirmed_at": null, "blocked_at": null, "generation": 0, "has_password": false, "version": 2,
            }))
            .unwrap(),
        ));
        assert!(cache.get(ADA).is_some());
        cache.evict(Stale::Every);
        assert!(cache.get(ADA).is_none() && cache.is_empty());
    }
}
