//! The list of clients as CSV: complete, in parts, and recorded.

use claviger::domain::client::{ClientFilter, NewClient, StatusFilter};
use claviger::domain::error::Error;
use claviger::domain::event::Event;
use claviger::domain::ids::OrganizationId;
use claviger::domain::role::Role;
use claviger::service::{Actor, ClientExport};

use crate::support::{Engine, Fixture, new_client, settings, shell};

use super::{admin, audit_log};

async fn parts(mut export: ClientExport) -> Vec<String> {
    let mut parts = Vec::new();
    while let Some(part) = export.next_part().await.unwrap() {
        parts.push(part);
    }
    parts
}

/// The rows of a file, without the head, as a reader of CSV takes them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.records().map(|record| {
        let record = record.unwrap();
        record.iter().map(ToOwned::to_owned).collect()
    });
    records.collect()
}

#[tokio::test]
async fn a_file_has_every_client_once_in_bounded_parts() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let console = &fixture.console;
        console.fill_demo(&shell(), 600, 7, |_| {}).await.unwrap();
        let shell = shell();
        let export = console.export_clients(&shell, ClientFilter::default());
        let parts = parts(export.await.unwrap()).await;
        assert_eq!(parts.len(), 4, "the head and 250, 250 and 94 rows");
        let rows = rows(&parts.concat());
        let mut ids: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((rows.len(), ids.len()), (594, 594), "{engine:?}");
    }
}

#[tokio::test]
async fn a_row_says_what_the_list_says() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let porto = fixture.organization("Porto, \"Câmara\"", "").await;
        let new = NewClient {
            id: Some("-dash".to_owned()),
            name: Some("=HYPERLINK(\"x\")".to_owned()),
            expires_at: Some("2026-12-01T10:30:00Z".parse().unwrap()),
            ..new_client(Some(porto), &["public", "blogs"], &["blogs.read"])
        };
        let console = &fixture.console;
        console.create_client(&shell(), &new, None).await.unwrap();
        let shell = shell();
        let export = console.export_clients(&shell, ClientFilter::default());
        let text = parts(export.await.unwrap()).await.concat();
        assert_eq!(
            text,
            "client_id,name,organization,scopes,permissions,state,created_at,created_by,expires_at,last_used_at,requests_in_14_days\r\n\
             \"'-dash\",\"'=HYPERLINK(\"\"x\"\")\",\"Porto, \"\"Câmara\"\"\",public blogs,1,expiring,2026-11-23T12:00:00Z,shell:tester,2026-12-01T10:30:00Z,,0\r\n",
            "{engine:?}"
        );
    }
}

#[tokio::test]
async fn the_filters_hold_and_are_recorded() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let first = fixture.client().await.client;
        let second = fixture
            .client_of(
                Some(OrganizationId(1)),
                &["public", "blogs"],
                &["blogs.read"],
            )
            .await
            .client;
        // Like the second, without the permission.
        fixture
            .client_of(Some(OrganizationId(1)), &["public", "blogs"], &[])
            .await;
        let console = &fixture.console;
        console
            .suspend_client(&shell(), first.id.as_str())
            .await
            .unwrap();
        let filter = ClientFilter {
            search: "dash".to_owned(),
            status: StatusFilter::Active,
            organization: Some(OrganizationId(1)),
            scope: Some("public".to_owned()),
            permission: Some("blogs.read".to_owned()),
        };
        let auditor = admin(Role::Auditor);
        let export = console.export_clients(&auditor, filter).await.unwrap();
        let rows = rows(&parts(export).await.concat());
        let ids: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(ids, [second.id.as_str()]);
        let newest = audit_log(&fixture, "directory").await.remove(0);
        let expected = Event::ClientsExported {
            search: "dash".to_owned(),
            status: StatusFilter::Active,
            organization_id: Some(OrganizationId(1)),
            scope: Some("public".to_owned()),
            permission: Some("blogs.read".to_owned()),
        };
        assert_eq!((newest.event, newest.version), (expected, None));
        assert_eq!(newest.actor, auditor.reference());
    }
}

#[tokio::test]
async fn a_client_exports_nothing() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id;
    let program = Actor::Client { id, address: None };
    let before = fixture.database.everything().await;
    let export = fixture
        .console
        .export_clients(&program, ClientFilter::default());
    assert!(matches!(export.await, Err(Error::Forbidden(_))));
    assert_eq!(fixture.database.everything().await, before);
}
