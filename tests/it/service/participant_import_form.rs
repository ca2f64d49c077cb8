//! Importing participants by a form: once for each key, and within its bounds.

use std::time::Duration;

use claviger::domain::complaint::{Complaint, ParticipantComplaint};
use claviger::domain::error::Error;
use claviger::domain::ids::OrganizationId;
use claviger::domain::participant::{FORM_IMPORT_BYTES, FORM_IMPORT_PASSWORDS, ImportFile};
use claviger::domain::role::Role;
use claviger::service::SentForm;
use tokio::time::timeout;

use crate::support::{Engine, Fixture, settings, shell};

use super::{admin, footprint};

const LIST: &str =
    "nickname,email,password\nada,ada@example.org,a sentence of hers\nbea,bea@example.org,\n";

fn file(list: &str, is_dry_run: bool) -> ImportFile<'_> {
    ImportFile {
        organization_id: OrganizationId(1),
        content: list.as_bytes(),
        is_dry_run,
    }
}

fn sent(key: &str, list: &str) -> SentForm {
    SentForm::new(key, "participants/import", &list)
}

#[tokio::test]
async fn a_list_is_imported_once() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        fixture.organization("Porto", "").await;
        let (console, shell) = (&fixture.console, shell());
        let form = sent("key", LIST);
        let checked = console
            .import_participants_by_form(&shell, &form, &file(LIST, true))
            .await
            .unwrap();
        let lines: Vec<(usize, &str, bool)> = checked
            .read
            .iter()
            .map(|read| (read.line, read.nickname.as_str(), read.has_password))
            .collect();
        assert_eq!(lines, [(2, "ada", true), (3, "bea", false)]);
        assert_eq!((checked.passwords, checked.is_written), (1, false));
        for _ in 0..2 {
            let report = console
                .import_participants_by_form(&shell, &form, &file(LIST, false))
                .await
                .unwrap();
            assert_eq!((report.participants, report.is_written), (2, true));
        }
        assert_eq!(fixture.database.count("participants").await, 2);
        let other = sent("key", "nickname,email\ncid,cid@example.org");
        let refused = console
            .import_participants_by_form(&shell, &other, &file(LIST, false))
            .await;
        assert_eq!(refused, Err(Error::Conflict(Complaint::FormSentBefore)));
        let without = sent("", LIST);
        let report = console
            .import_participants_by_form(&shell, &without, &file(LIST, false))
            .await
            .unwrap();
        assert_eq!((report.wrong.len(), report.is_written), (4, false));
    }
}

#[tokio::test]
async fn a_form_that_is_sent_again_waits_for_no_writer() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        fixture.organization("Porto", "").await;
        let (shell, form, list) = (shell(), sent("key", LIST), file(LIST, false));
        let import = || {
            let console = &fixture.console;
            console.import_participants_by_form(&shell, &form, &list)
        };
        let first = import().await.unwrap();
        let mut writing = fixture.database.store.write().await.unwrap();
        writing.raise_directory_version().await.unwrap();
        let again = timeout(Duration::from_secs(2), import()).await;
        let again = again.expect("it only reads").unwrap();
        assert_eq!(again.participants, first.participants, "{engine:?}");
    }
}

#[tokio::test]
async fn a_form_has_bounds_and_is_not_for_viewers() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "").await;
    let auditor = admin(Role::Auditor);
    let before = footprint(&fixture.database).await;
    let lines = (0..=FORM_IMPORT_PASSWORDS)
        .map(|number| format!("p{number},p{number}@b,a sentence of theirs\n"));
    let many = format!("nickname,email,password\n{}", lines.collect::<String>());
    let long = "x".repeat(FORM_IMPORT_BYTES + 1);
    let console = &fixture.console;
    for list in [&many, &long] {
        for is_dry_run in [true, false] {
            let refused = console
                .import_participants_by_form(&shell(), &sent("key", list), &file(list, is_dry_run))
                .await;
            assert_eq!(
                refused,
                Err(Error::invalid(
                    "file",
                    Complaint::Participant(ParticipantComplaint::ImportTooLongForForm)
                ))
            );
        }
    }
    let refused = console
        .import_participants_by_form(&auditor, &sent("key", LIST), &file(LIST, true))
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    assert_eq!(footprint(&fixture.database).await, before);
}
