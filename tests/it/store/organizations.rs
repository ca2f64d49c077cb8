//! Organizations: found, listed, counted, archived.

use chrono::TimeDelta;
use claviger::domain::client::CheckedClient;
use claviger::domain::count::Count;
use claviger::domain::host::Host;
use claviger::domain::ids::{ClientNumber, OrganizationId, Version};
use claviger::domain::organization::{CheckedOrganization, Organization, OrganizationSummary};
use claviger::domain::page::Cursor;
use claviger::store::{Error, OrganizationListing, Tx};

use super::organization_lists::by_name;
use super::{add_client, add_organization, change, checked, moment, stamp, tick};

fn new(name: &str, host: Option<&str>) -> CheckedOrganization {
    CheckedOrganization {
        name: name.to_owned(),
        host: host.map(|host| Host::stored(host.to_owned())),
    }
}

on_both!(an_organization_comes_back_whole, async |database| {
    for (place, host) in (1..).zip([Some("participa.porto.example"), None]) {
        let (mut tx, version) = change(&database.store).await;
        let made = tx
            .insert_organization(
                &new("Câmara do Porto", host),
                &stamp("shell:tester", moment(), version),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let expected = Organization {
            id: OrganizationId(place),
            name: "Câmara do Porto".to_owned(),
            host: host.map(|host| Host::stored(host.to_owned())),
            created_at: moment(),
            archived_at: None,
            tokens_since: Version(0),
            version,
        };
        assert_eq!(made, expected);
        let mut tx = database.store.read().await.unwrap();
        assert_eq!(
            tx.find_organization(OrganizationId(place)).await.unwrap(),
            Some(expected)
        );
        assert_eq!(
            tx.find_organization(OrganizationId(99)).await.unwrap(),
            None
        );
    }
});

on_both!(a_host_belongs_to_one_organization, async |database| {
    add_organization(&database.store, "Porto", Some("city.example")).await;
    let (mut tx, version) = change(&database.store).await;
    let again = tx
        .insert_organization(
            &new("Bern", Some("city.example")),
            &stamp("shell:tester", moment(), version),
        )
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(an_organization_is_archived_once, async |database| {
    let store = &database.store;
    let id = add_organization(store, "Porto", None).await;
    let at = moment() + tick();
    let (mut tx, version) = change(store).await;
    assert!(
        tx.archive_organization(id, &stamp("shell:tester", at, version))
            .await
            .unwrap()
    );
    assert!(
        !tx.archive_organization(OrganizationId(99), &stamp("shell:tester", at, version))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();

    let (mut tx, later) = change(store).await;
    assert!(
        !tx.archive_organization(id, &stamp("shell:tester", at + TimeDelta::days(1), later))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let found = store
        .read()
        .await
        .unwrap()
        .find_organization(id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.archived_at, found.version), (Some(at), version));
    assert_eq!(
        database.count("organizations WHERE generation = 1").await,
        1
    );
});

on_both!(archiving_frees_the_host, async |database| {
    let store = &database.store;
    let porto = add_organization(store, "Porto", Some("city.example")).await;
    let (mut tx, version) = change(store).await;
    tx.archive_organization(porto, &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let bern = add_organization(store, "Bern", Some("city.example")).await;
    let mut tx = store.read().await.unwrap();
    let host = async |tx: &mut Tx, id| {
        let found = tx.find_organization(id).await.unwrap().unwrap();
        found.host.map(|host| host.to_string())
    };
    assert_eq!(host(&mut tx, porto).await, None);
    assert_eq!(host(&mut tx, bern).await.as_deref(), Some("city.example"));
});

on_both!(a_host_is_changed_and_taken_away, async |database| {
    let store = &database.store;
    let id = add_organization(store, "Porto", Some("porto.example")).await;
    add_organization(store, "Bern", Some("bern.example")).await;
    let gone = add_organization(store, "Zug", None).await;
    let (mut tx, version) = change(store).await;
    tx.archive_organization(gone, &stamp("shell:tester", moment(), version))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let host = |text: &str| Host::stored(text.to_owned());
    for new in [Some("city.example"), None, Some("porto.example")] {
        let new = new.map(host);
        let (mut tx, version) = change(store).await;
        let update = tx.update_organization_host(id, new.as_ref(), version);
        assert!(update.await.unwrap());
        let found = tx.find_organization(id).await.unwrap().unwrap();
        assert_eq!((found.host, found.version), (new, version));
        tx.commit().await.unwrap();
    }
    for nobody in [gone, OrganizationId(99)] {
        let (mut tx, version) = change(store).await;
        let zug = host("zug.example");
        let update = tx.update_organization_host(nobody, Some(&zug), version);
        assert!(!update.await.unwrap());
    }
    let (mut tx, version) = change(store).await;
    let again = tx
        .update_organization_host(id, Some(&host("bern.example")), version)
        .await;
    assert!(matches!(again, Err(Error::Taken)), "{again:?}");
});

on_both!(an_archive_is_taken_back_once, async |database| {
    let store = &database.store;
    let id = add_organization(store, "Porto", Some("porto.example")).await;
    let other = add_organization(store, "Bern", None).await;
    let archived = |organizations: Vec<Organization>| {
        let ids = organizations.into_iter().map(|found| found.id);
        ids.collect::<Vec<_>>()
    };
    let (mut tx, version) = change(store).await;
    assert!(!tx.restore_organization(id, version).await.unwrap());
    assert!(
        !tx.restore_organization(OrganizationId(99), version)
            .await
            .unwrap()
    );
    for id in [id, other] {
        tx.archive_organization(id, &stamp("shell:tester", moment(), version))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();

    let archived_list = OrganizationListing {
        archived: true,
        ..by_name("", Cursor::First)
    };
    let (mut tx, version) = change(store).await;
    let list = tx.list_organizations_by_name(&archived_list).await.unwrap();
    assert_eq!(archived(list), [other, id], "by name");
    assert_eq!(tx.count_archived_organizations().await.unwrap(), 2);
    assert!(tx.restore_organization(id, version).await.unwrap());
    let found = tx.find_organization(id).await.unwrap().unwrap();
    assert_eq!(
        (
            found.archived_at,
            found.host,
            found.tokens_since,
            found.version
        ),
        (None, None, version, version)
    );
    let list = tx.list_organizations_by_name(&archived_list).await.unwrap();
    assert_eq!(archived(list), [other]);
    assert_eq!(tx.count_archived_organizations().await.unwrap(), 1);
    assert_eq!(tx.count_organizations().await.unwrap(), 1);
});

on_both!(
    changed_organizations_come_by_id_archived_ones_included,
    async |database| {
        let store = &database.store;
        let (first, second) = (
            add_organization(store, "Zug", None).await,
            add_organization(store, "Aarau", None).await,
        );
        let before = store
            .read()
            .await
            .unwrap()
            .find_directory_version()
            .await
            .unwrap();
        let third = add_organization(store, "Bern", None).await;
        let (mut tx, version) = change(store).await;
        tx.archive_organization(first, &stamp("shell:tester", moment(), version))
            .await
            .unwrap();
        let mut ids = async |since| {
            let rows = tx.list_organizations(since).await.unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(Version::BEFORE_ALL).await, [first, second, third]);
        assert_eq!(ids(before).await, [first, third]);
        assert!(ids(version).await.is_empty());
    }
);

on_both!(
    summaries_come_by_name_with_their_clients,
    async |database| {
        let store = &database.store;
        let zug = add_organization(store, "zug", None).await;
        let bern = add_organization(store, "Bern", Some("bern.example")).await;
        let gone = add_organization(store, "Aarau", None).await;
        let ended = Some(moment());
        for (client, organization_id, expires_at) in [
            ("id_1", zug, None),
            ("id_2", zug, None),
            ("id_3", zug, Some(moment() + tick())),
            ("id_4", gone, None),
            ("id_5", zug, ended),
            ("id_6", zug, None),
        ] {
            let new = CheckedClient {
                organization_id: Some(organization_id),
                expires_at,
                ..checked("Name")
            };
            add_client(store, client, &new).await;
        }
        let (mut tx, version) = change(store).await;
        tx.revoke_client(ClientNumber(1), &stamp("shell:tester", moment(), version))
            .await
            .unwrap();
        tx.update_client_suspension(ClientNumber(6), ended, version)
            .await
            .unwrap();
        tx.archive_organization(gone, &stamp("shell:tester", moment(), version))
            .await
            .unwrap();
        let listing = by_name("", Cursor::First);
        let summaries = tx.list_organization_summaries(&listing).await.unwrap();
        let shown: Vec<_> = summaries
            .iter()
            .map(|row| (row.organization.id, row.active_clients, row.revoked_clients))
            .collect();
        let none = Count::exactly(0);
        assert_eq!(
            shown,
            [
                (bern, none, none),
                (zug, Count::exactly(2), Count::exactly(1))
            ],
            "who is suspended or has expired is not active"
        );
        let organization = tx.find_organization(bern).await.unwrap().unwrap();
        assert_eq!(
            summaries[0],
            OrganizationSummary {
                organization,
                active_clients: none,
                revoked_clients: none
            }
        );
        assert_eq!(tx.count_organizations().await.unwrap(), 2);
        let found = tx.find_organization_summary(zug, moment()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&summaries[1]));
        let found = tx.find_organization_summary(gone, moment()).await.unwrap();
        assert!(found.unwrap().organization.archived_at.is_some());
    }
);

on_both!(
    a_new_name_is_found_and_the_old_one_is_not,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "City of Porto", Some("porto.example")).await;
        let (mut tx, version) = change(store).await;
        assert!(
            tx.rename_organization(porto, "Município", version)
                .await
                .unwrap()
        );
        let nobody = tx.rename_organization(OrganizationId(9), "x", version);
        assert!(!nobody.await.unwrap());
        tx.commit().await.unwrap();
        for (search, found) in [("city", 0), ("municí", 1), ("porto.ex", 1)] {
            let listing = OrganizationListing {
                search,
                archived: false,
                cursor: Cursor::First,
                limit: 9,
                now: moment(),
            };
            let mut tx = store.read().await.unwrap();
            let rows = tx.list_organizations_by_name(&listing).await.unwrap();
            assert_eq!(rows.len(), found, "{search}");
            assert!(rows.iter().all(|row| row.version == version));
        }
    }
);

on_both!(
    the_clients_of_an_organization_are_those_that_are_not_revoked,
    async |database| {
        let store = &database.store;
        let porto = add_organization(store, "Porto", None).await;
        let of_porto = |name| CheckedClient {
            organization_id: Some(porto),
            ..checked(name)
        };
        let kept = add_client(store, "id_one", &of_porto("One")).await;
        let gone = add_client(store, "id_two", &of_porto("Two")).await;
        add_client(store, "id_six", &checked("Elsewhere")).await;
        let (mut tx, version) = change(store).await;
        tx.revoke_client(gone, &stamp("shell:tester", moment(), version))
            .await
            .unwrap();
        let found = tx.list_clients_of_organization(porto, 9).await.unwrap();
        assert_eq!(found, [kept]);
        let none = tx.list_clients_of_organization(porto, 0).await.unwrap();
        assert!(none.is_empty());
    }
);
