//! Importing participants: all of them or none.

use std::sync::Mutex;

use claviger::domain::complaint::{Complaint, ParticipantComplaint};
use claviger::domain::error::Error;
use claviger::domain::ids::OrganizationId;
use claviger::domain::participant::{
    Extra, ImportFile, ImportReport, NewParticipant, Nickname, ParticipantEmail,
};
use claviger::domain::role::Role;
use claviger::service::{Actor, HashProgress};
use claviger::store::{Missing, Stamp, Store};

use crate::cli::shell::block_on;
use crate::support::{Engine, Fixture, noon, settings, shell};

use super::participants::add;
use super::{PASSWORD, admin, audit_log, footprint};

const HASH: &str = "$argon2id$v=19$m=65536,t=1,p=4$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

async fn import_by(
    fixture: &Fixture,
    actor: &Actor,
    file: &ImportFile<'_>,
) -> Result<ImportReport, Error> {
    let console = &fixture.console;
    console.import_participants(actor, file, &|_| {}).await
}

async fn import(fixture: &Fixture, text: &str, is_dry_run: bool) -> Result<ImportReport, Error> {
    let file = ImportFile {
        organization_id: OrganizationId(1),
        content: text.as_bytes(),
        is_dry_run,
    };
    import_by(fixture, &shell(), &file).await
}

/// `line column code` of everything that is wrong.
fn wrong(report: &ImportReport) -> Vec<String> {
    let wrong = report.wrong.iter();
    wrong
        .map(|it| {
            format!(
                "{} {} {}",
                it.line,
                it.wrong.field,
                it.wrong.complaint.code()
            )
        })
        .collect()
}

#[tokio::test]
async fn every_line_becomes_a_participant_with_its_entry() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        fixture.organization("Porto", "").await;
        let text = format!(
            "nickname,email,name,password,password_hash\nada,ada@example.org,\"Lovelace, Ada\",{PASSWORD},\n\
             bea,BEA@example.org,,,\ncid,cid@example.org,Cid,,\"{HASH}\"\n"
        );
        let told = Mutex::new(Vec::new());
        let file = ImportFile {
            organization_id: OrganizationId(1),
            content: text.as_bytes(),
            is_dry_run: false,
        };
        let progress = |progress: HashProgress| told.lock().unwrap().push(progress);
        let report = fixture
            .console
            .import_participants(&shell(), &file, &progress)
            .await
            .unwrap();
        assert_eq!((report.participants, report.is_written), (3, true));
        assert_eq!(wrong(&report), [""; 0]);
        let (done, total) = (1, 1);
        assert_eq!(*told.lock().unwrap(), [HashProgress { done, total }]);
        let porto = OrganizationId(1);
        let (console, shell) = (&fixture.console, shell());
        let all = console.list_every_participant(&shell, porto, "");
        let all = all.await.unwrap();
        let shown: Vec<_> = all
            .iter()
            .map(|row| {
                (
                    row.id.0,
                    row.email.as_str(),
                    row.name.as_str(),
                    row.has_password,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (1, "ada@example.org", "Lovelace, Ada", true),
                (2, "bea@example.org", "Bea", false),
                (3, "cid@example.org", "Cid", true),
            ]
        );
        let mut tx = fixture.database.store.read().await.unwrap();
        let kept = tx.find_participant_password(all[2].id).await.unwrap();
        assert_eq!(kept.as_deref(), Some(HASH));
        drop(tx);
        for (id, nickname) in [(1, "ada"), (2, "bea"), (3, "cid")] {
            let log = audit_log(&fixture, &format!("participant:{id}")).await;
            assert_eq!(log.len(), 1);
            assert_eq!(log[0].organization_id, Some(porto));
            assert!(log[0].event.data().contains(nickname), "{:?}", log[0]);
        }
        let clean = format!("audit_events WHERE data LIKE '%{PASSWORD}%' OR data LIKE '%argon2%'");
        assert_eq!(fixture.database.count(&clean).await, 0);
    }
}

#[tokio::test]
async fn one_wrong_line_and_nothing_is_written() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    add(&fixture, porto, "Zoe").await;
    let before = footprint(&fixture.database).await;
    let text = format!(
        "nickname,email,name,password,password_hash\n\
         ada,ada@example.org,,,\n\
         \u{FF21}da,other@example.org,,,\n\
         bea,ADA@example.org,,short,\n\
         ,nobody,a\u{202E}b,,\n\
         zoe,zoe2@example.org,,,\n\
         zoe2,ZOE@example.org,,,\n\
         cid,cid@example.org\n\
         dan,dan@example.org,,{PASSWORD},\"{HASH}\"\n\
         eve,eve@example.org,,,$argon2i$x\n\
         fay,fay@example.org,,passwordpassword,\n\
         gil,gil@example.org,\"Gil,,\nhal,hal@example.org,,,\n"
    );
    for is_dry_run in [true, false] {
        let report = import(&fixture, &text, is_dry_run).await.unwrap();
        assert_eq!((report.participants, report.is_written), (11, false));
        assert_eq!(
            wrong(&report),
            [
                "3 nickname nickname_twice",
                "4 password password_too_short",
                "4 email email_twice",
                "5 nickname nickname_length",
                "5 email email_invalid",
                "5 name name_unreadable",
                "6 nickname nickname_taken",
                "7 email email_taken",
                "8 line import_fields",
                "9 password_hash password_twice",
                "10 password_hash password_hash_invalid",
                "11 password password_common",
                "12 line import_line_break",
            ]
        );
        assert_eq!(
            report.wrong[0].wrong.complaint,
            Complaint::Participant(ParticipantComplaint::NicknameTwice { line: 2 })
        );
        assert_eq!(footprint(&fixture.database).await, before);
    }
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "").await;
    let before = fixture.database.everything().await;
    let text = format!("nickname,email,password\nada,ada@example.org,{PASSWORD}\n");
    let report = import(&fixture, &text, true).await.unwrap();
    assert_eq!((report.participants, report.is_written), (1, false));
    assert_eq!(report.wrong, []);
    assert_eq!(fixture.database.everything().await, before);
    assert!(import(&fixture, &text, false).await.unwrap().is_written);
    let again = import(&fixture, &text, false).await.unwrap();
    assert_eq!(
        wrong(&again),
        ["2 nickname nickname_taken", "2 email email_taken"]
    );
}

#[tokio::test]
async fn a_file_needs_an_organization_that_works_and_a_right() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let file = ImportFile {
        organization_id: porto,
        content: b"nickname,email\nada,ada@example.org\n",
        is_dry_run: true,
    };
    let refused = import_by(&fixture, &admin(Role::Auditor), &file).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let nowhere = ImportFile {
        organization_id: OrganizationId(9),
        ..file
    };
    let refused = import_by(&fixture, &shell(), &nowhere).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    let refused = import(&fixture, "nickname;email\nada;ada@example.org\n", true).await;
    assert_eq!(super::field(refused), "file");
    let console = &fixture.console;
    console.archive_organization(&shell(), porto).await.unwrap();
    let refused = import_by(&fixture, &shell(), &file).await;
    let archived = Complaint::Participant(ParticipantComplaint::ParticipantsArchived { id: porto });
    assert_eq!(refused, Err(Error::Conflict(archived)));
}

#[tokio::test]
async fn many_are_imported_in_one_change() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "").await;
    let rows = (0..1_500).map(|n| format!("p{n},p{n}@example.org\n"));
    let text = format!("nickname,email\n{}", rows.collect::<String>());
    let report = import(&fixture, &text, false).await.unwrap();
    assert!(report.is_written, "{:?}", report.wrong);
    assert_eq!(fixture.database.count("participants").await, 1_500);
    assert_eq!(fixture.database.count("audit_events").await, 1_501);
    let versions = "(SELECT DISTINCT version FROM participants) AS versions";
    assert_eq!(fixture.database.count(versions).await, 1);
    let verified = fixture.console.verify_audit_log(&shell()).await.unwrap();
    assert_eq!(verified.0, 1_501);
}

/// Adds participant `ada`, as another process would.
async fn add_ada_elsewhere(url: &str) {
    let store = Store::open(&url.parse().unwrap(), Missing::Refuse)
        .await
        .unwrap();
    let mut tx = store.write().await.unwrap();
    let stamp = Stamp {
        by: "shell:tester".to_owned(),
        at: noon(),
        version: tx.raise_directory_version().await.unwrap(),
    };
    let ada = NewParticipant {
        organization_id: OrganizationId(1),
        nickname: Nickname::parse("ada").unwrap(),
        email: ParticipantEmail::parse("a@example.org").unwrap(),
        name: "Ada".to_owned(),
        password_hash: None,
        extra: Extra::default(),
        accepted_terms: false,
        confirmed: false,
    };
    tx.insert_participant(&ada, &stamp).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_name_that_is_taken_while_passwords_are_hashed_is_told() {
    let fixture = Fixture::new().await;
    fixture.organization("Porto", "").await;
    let text = format!("nickname,email,password\nbea,b@x,\nADA,ada@x,{PASSWORD}\n");
    let file = ImportFile {
        organization_id: OrganizationId(1),
        content: text.as_bytes(),
        is_dry_run: false,
    };
    let url = &fixture.database.url;
    let meanwhile = |_| {
        let thread = || block_on(add_ada_elsewhere(url));
        std::thread::scope(|scope| scope.spawn(thread).join().unwrap());
    };
    let report = fixture
        .console
        .import_participants(&shell(), &file, &meanwhile)
        .await
        .unwrap();
    assert_eq!(wrong(&report), ["3 nickname nickname_taken"]);
    assert!(!report.is_written);
    assert_eq!(fixture.database.count("participants").await, 1);
}
