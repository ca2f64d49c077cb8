//! Pages of organizations by name, and their search.

use claviger::domain::host::Host;
use claviger::domain::ids::OrganizationId;
use claviger::domain::page::Cursor;
use claviger::store::{OrganizationListing, Store};

use super::{add_organization, change, moment, stamp};

/// The most rows of the lists here.
const LIMIT: i64 = 7;

/// Those that are not archived.
pub(super) fn by_name(search: &str, cursor: Cursor) -> OrganizationListing<'_> {
    OrganizationListing {
        search,
        archived: false,
        cursor,
        limit: LIMIT,
        now: moment(),
    }
}

async fn ids(store: &Store, listing: &OrganizationListing<'_>) -> Vec<i64> {
    let mut tx = store.read().await.unwrap();
    let found = tx.list_organizations_by_name(listing).await.unwrap();
    let ids: Vec<i64> = found.into_iter().map(|found| found.id.0).collect();
    let summaries = tx.list_organization_summaries(listing).await.unwrap();
    let same: Vec<i64> = summaries
        .into_iter()
        .map(|row| row.organization.id.0)
        .collect();
    assert_eq!(ids, same);
    let choices = tx.list_organization_choices(listing).await.unwrap();
    let same: Vec<i64> = choices.into_iter().map(|choice| choice.id.0).collect();
    assert_eq!(ids, same);
    ids
}

async fn found(store: &Store, search: &str) -> Vec<i64> {
    ids(store, &by_name(search, Cursor::First)).await
}

on_both!(
    pages_by_name_are_complete_in_both_directions,
    async |database| {
        let store = &database.store;
        // Most have a name that others have as well, in another case.
        for position in 0..40 {
            let name = ["Town", "town", "Village", "Élan"][position % 4];
            add_organization(store, &format!("{name} {}", position % 5), None).await;
        }
        let (mut tx, version) = change(store).await;
        for id in [7, 20] {
            let stamp = stamp("shell:tester", moment(), version);
            let archived = tx.archive_organization(OrganizationId(id), &stamp).await;
            assert!(archived.unwrap());
        }
        tx.commit().await.unwrap();
        for archived in [false, true] {
            let listing = |limit, cursor| OrganizationListing {
                archived,
                limit,
                ..by_name("", cursor)
            };
            let all = ids(store, &listing(i64::MAX, Cursor::First)).await;
            assert_eq!(all.len(), if archived { 2 } else { 38 });
            let mut forward = Vec::new();
            let mut cursor = Cursor::First;
            loop {
                let page = ids(store, &listing(LIMIT, cursor)).await;
                let Some(last) = page.last() else { break };
                cursor = Cursor::After(*last);
                forward.extend(page);
            }
            assert_eq!(forward, all);
            let mut backward = vec![*all.last().unwrap()];
            while let page = ids(
                store,
                &listing(LIMIT, Cursor::Before(*backward.last().unwrap())),
            )
            .await
                && !page.is_empty()
            {
                backward.extend(page);
            }
            backward.reverse();
            assert_eq!(backward, all);
            let nowhere = ids(store, &listing(LIMIT, Cursor::After(99))).await;
            assert_eq!(nowhere, [0; 0], "no organization has this id");
        }
    }
);

on_both!(
    an_organization_is_found_by_its_name_its_host_and_its_id,
    async |database| {
        let store = &database.store;
        add_organization(store, "City of Porto", Some("participa.porto.example")).await;
        add_organization(store, "Neucha\u{302}tel (Canton)", None).await;
        add_organization(store, "Administration 100% Porto_Alegre", None).await;
        for (search, expected) in [
            ("", &[3, 1, 2][..]),
            ("port", &[3, 1]),
            ("PORTO city", &[1]),
            ("orto", &[]),
            ("participa.porto", &[1]),
            ("example", &[1]),
            ("neuch\u{e2}tel can", &[2]),
            ("administration", &[3]),
            ("administrator", &[]),
            ("porto_alegre", &[3]),
            ("portoxalegre", &[]),
            ("3", &[3]),
            ("c i t y o f", &[]),
            ("c o p e p 1", &[1]),
            ("\0", &[]),
        ] {
            assert_eq!(found(store, search).await, expected, "{search}");
        }
        assert_eq!(found(store, &"x".repeat(300)).await, [0; 0]);

        let porto = OrganizationId(1);
        let host = Host::stored("stadt.example".to_owned());
        let (mut tx, version) = change(store).await;
        let update = tx.update_organization_host(porto, Some(&host), version);
        assert!(update.await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(found(store, "stadt").await, [1]);
        assert_eq!(found(store, "participa").await, [0; 0]);

        let (mut tx, version) = change(store).await;
        let stamp = stamp("shell:tester", moment(), version);
        assert!(tx.archive_organization(porto, &stamp).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(found(store, "city").await, [0; 0], "it is archived");
        let (mut tx, version) = change(store).await;
        assert!(tx.restore_organization(porto, version).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(found(store, "city").await, [1]);
        assert_eq!(found(store, "stadt").await, [0; 0], "the host is free");
    }
);

on_both!(a_name_is_found_in_any_spelling, async |database| {
    let store = &database.store;
    let first = add_organization(store, "Neuch\u{e2}tel  Canton", None).await;
    let second = add_organization(store, "neucha\u{302}tel canton", None).await;
    let gone = add_organization(store, "Neuch\u{e2}tel Canton", None).await;
    add_organization(store, "Neuch\u{e2}tel", None).await;
    let (mut tx, version) = change(store).await;
    let stamp = stamp("shell:tester", moment(), version);
    tx.archive_organization(gone, &stamp).await.unwrap();
    for (name, limit, expected) in [
        (" NEUCH\u{c2}TEL canton ", 9, &[first, second][..]),
        ("Neucha\u{302}tel\u{a0}Canton", 1, &[first]),
        ("Canton", 9, &[]),
        ("\0", 9, &[]),
    ] {
        let found = tx.find_organizations_by_name(name, limit).await.unwrap();
        let found: Vec<OrganizationId> = found.into_iter().map(|found| found.id).collect();
        assert_eq!(found, expected, "{name}");
    }
});
