//! Pages of participants by nickname, and their search.

use claviger::domain::count::Count;
use claviger::domain::ids::{OrganizationId, ParticipantId};
use claviger::domain::page::Cursor;
use claviger::domain::participant::{
    NewParticipant, Nickname, ParticipantDetails, ParticipantEmail,
};
use claviger::store::{ParticipantListing, Store};

use super::participants::{add, new};
use super::{add_organization, change, moment, stamp};

/// The most rows of the lists here.
const LIMIT: i64 = 7;

async fn nicknames(store: &Store, listing: &ParticipantListing<'_>) -> Vec<(i64, String)> {
    let mut tx = store.read().await.unwrap();
    let found = tx.list_participants(listing).await.unwrap();
    let rows = found.into_iter();
    rows.map(|row| (row.id.0, row.nickname.to_string()))
        .collect()
}

fn listing(organization_id: OrganizationId, cursor: Cursor) -> ParticipantListing<'static> {
    ParticipantListing {
        organization_id,
        search: "",
        cursor,
        limit: LIMIT,
    }
}

async fn found(store: &Store, organization_id: OrganizationId, search: &str) -> Vec<i64> {
    let listing = ParticipantListing {
        search,
        ..listing(organization_id, Cursor::First)
    };
    let rows = nicknames(store, &listing).await;
    rows.into_iter().map(|(id, _)| id).collect()
}

on_both!(
    pages_by_nickname_are_complete_in_both_directions,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "Porto", None).await;
        let bern = add_organization(store, "Bern", None).await;
        let many: Vec<NewParticipant> = (0..40)
            .map(|n| {
                new(
                    if n % 3 == 0 { bern } else { porto },
                    &format!("P{}", (n * 7) % 40),
                )
            })
            .collect();
        add(store, &many).await;
        for (organization, count) in [(porto, 26), (bern, 14), (OrganizationId(9), 0)] {
            let every = ParticipantListing {
                limit: i64::MAX,
                ..listing(organization, Cursor::First)
            };
            let every = nicknames(store, &every).await;
            assert_eq!(every.len(), count);
            assert!(every.is_sorted_by_key(|(_, nickname)| nickname.to_lowercase()));
            let (mut forward, mut cursor) = (Vec::new(), Cursor::First);
            while let page = nicknames(store, &listing(organization, cursor)).await
                && let Some((last, _)) = page.last()
            {
                cursor = Cursor::After(*last);
                forward.extend(page);
            }
            assert_eq!(forward, every);
            let Some((last, _)) = every.last() else {
                continue;
            };
            let (mut backward, mut cursor) = (Vec::new(), Cursor::Before(*last));
            while let page = nicknames(store, &listing(organization, cursor)).await
                && let Some((first, _)) = page.last()
            {
                cursor = Cursor::Before(*first);
                backward.extend(page);
            }
            backward.reverse();
            assert_eq!(backward, every[..every.len() - 1]);
        }
        let elsewhere = nicknames(store, &listing(porto, Cursor::After(1))).await;
        assert_eq!(elsewhere, [], "the first belongs to the other organization");
    }
);

on_both!(
    a_participant_is_found_by_its_words_in_its_organization,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "Porto", None).await;
        let bern = add_organization(store, "Bern", None).await;
        let named = |organization, nickname: &str, name: &str| NewParticipant {
            name: name.to_owned(),
            ..new(organization, nickname)
        };
        add(
            store,
            &[
                named(porto, "ada_l", "Ada Lovelace"),
                named(porto, "stroke", "Hanna Straße-\u{FF2D}eier"),
                named(porto, "zoe", "Zoë"),
                named(bern, "ada_b", "Ada of Bern"),
            ],
        )
        .await;
        for (search, expected) in [
            ("ada", vec![1]),
            ("ADA love", vec![1]),
            ("lovelace ada_l@ex", vec![1]),
            ("ada_l@example.org", vec![1]),
            ("example", vec![1, 2, 3]),
            ("STRASSE meier", vec![2]),
            ("\u{FF33}tra", vec![2]),
            ("zoe\u{308}", vec![3]),
            ("zoe", vec![3]),
            ("ada bern", vec![]),
            ("elace", vec![]),
            ("a\0", vec![]),
        ] {
            assert_eq!(found(store, porto, search).await, expected, "{search:?}");
        }
        assert_eq!(found(store, bern, "ada").await, [4]);
        assert_eq!(found(store, porto, &"ada ".repeat(80)).await, [0; 0]);

        let (mut tx, version) = change(store).await;
        let stamp = stamp("shell:tester", moment(), version);
        let details = ParticipantDetails {
            nickname: Nickname::parse("countess").unwrap(),
            email: ParticipantEmail::parse("noel@example.org").unwrap(),
            name: "Augusta".to_owned(),
        };
        tx.update_participant(ParticipantId(1), &details, &stamp)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (search, expected) in [("ada", vec![]), ("count aug noel", vec![1])] {
            assert_eq!(found(store, porto, search).await, expected, "{search}");
        }
    }
);

on_both!(participants_are_counted_by_organization, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", None).await;
    let bern = add_organization(store, "Bern", None).await;
    add(store, &["a", "b", "c"].map(|name| new(porto, name))).await;
    let mut tx = store.read().await.unwrap();
    for (organization, count) in [(porto, 3), (bern, 0)] {
        let counted = tx.count_participants(organization).await.unwrap();
        assert_eq!(counted, Count::exactly(count));
    }
});
