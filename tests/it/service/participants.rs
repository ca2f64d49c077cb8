//! Participants: made, changed, listed, blocked, given passwords.

use claviger::domain::complaint::{Complaint, ParticipantComplaint};
use claviger::domain::error::Error;
use claviger::domain::ids::{OrganizationId, ParticipantId};
use claviger::domain::page::Cursor;
use claviger::domain::participant::{Participant, ParticipantRequest, TypedParticipant};
use serde_json::json;

use crate::support::{Fixture, noon, secret, shell};

use super::{PASSWORD, audit_log, field, footprint, kinds};

pub(super) fn typed(nickname: &str, email: &str) -> TypedParticipant {
    TypedParticipant {
        nickname: nickname.to_owned(),
        email: email.to_owned(),
        name: String::new(),
    }
}

pub(super) fn request(organization: OrganizationId, nickname: &str) -> ParticipantRequest {
    ParticipantRequest {
        organization_id: organization,
        typed: typed(nickname, &format!("{nickname}@example.org")),
        password: secret(""),
    }
}

pub(super) async fn add(
    fixture: &Fixture,
    organization: OrganizationId,
    name: &str,
) -> Participant {
    let request = request(organization, name);
    let (console, shell) = (&fixture.console, shell());
    console.create_participant(&shell, &request).await.unwrap()
}

#[tokio::test]
async fn a_participant_comes_back_as_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let request = ParticipantRequest {
        organization_id: porto,
        typed: typed(" Ada_Lovelace ", " ADA@Example.org "),
        password: secret(PASSWORD),
    };
    let made = fixture
        .console
        .create_participant(&shell(), &request)
        .await
        .unwrap();
    assert_eq!(made.id, ParticipantId(1));
    assert_eq!(
        (
            made.nickname.as_str(),
            made.email.as_str(),
            made.name.as_str()
        ),
        ("Ada_Lovelace", "ada@example.org", "Ada Lovelace")
    );
    assert_eq!(
        (made.confirmed_at, made.accepted_terms_at),
        (Some(noon()), None)
    );
    assert!(made.has_password && made.blocked_at.is_none());
    let found = fixture.console.get_participant(&shell(), made.id).await;
    assert_eq!(found.unwrap(), made);
    let record = &audit_log(&fixture, "participant:1").await[0];
    assert_eq!(record.organization_id, Some(porto));
    assert_eq!(
        record.event.data(),
        r#"{"nickname":"Ada_Lovelace","email":"ada@example.org","name":"Ada Lovelace","has_password":true}"#
    );
    let mut tx = fixture.database.store.read().await.unwrap();
    let hash = tx.find_participant_password(made.id).await.unwrap();
    assert!(hash.unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case_and_form() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let bern = fixture.organization("Bern", "").await;
    add(&fixture, porto, "Zo\u{EB}").await;
    let before = footprint(&fixture.database).await;
    for (wrong, nickname, email) in [
        ("nickname", "zo\u{EB}", "b@example.org"),
        ("nickname", "ZOE\u{308}", "b@example.org"),
        ("nickname", "\u{FF3A}o\u{EB}", "b@example.org"),
        ("email", "bea", "ZO\u{CB}@example.org"),
        ("email", "bea", "zoe\u{308}@EXAMPLE.org"),
        ("email", "bea", "\u{FF5A}o\u{EB}@example.org"),
    ] {
        let again = ParticipantRequest {
            typed: typed(nickname, email),
            ..request(porto, "bea")
        };
        let refused = fixture.console.create_participant(&shell(), &again).await;
        assert_eq!(field(refused), wrong, "{nickname} {email}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
    let other = add(&fixture, bern, "ZO\u{CB}").await;
    let renamed = fixture
        .console
        .update_participant(
            &shell(),
            other.id,
            &typed("zo\u{EB}", "zo\u{EB}@example.org"),
        )
        .await
        .unwrap();
    assert_eq!(
        renamed.nickname.as_str(),
        "zo\u{EB}",
        "its own name is free for it"
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field_and_leaves_nothing() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let before = footprint(&fixture.database).await;
    for (wrong, nickname, email, password) in [
        ("nickname", "", "ada@example.org", ""),
        ("nickname", "a b", "ada@example.org", ""),
        ("email", "ada", "ada", ""),
        ("password", "ada", "ada@example.org", "elevenchars"),
        ("password", "ada", "ada@example.org", "passwordpassword"),
        (
            "password",
            "ada",
            "ada-lovelace@example.org",
            "ada-lovelace1815",
        ),
        (
            "password",
            "ada_lovelace",
            "ada@example.org",
            "Ada_Lovelace1815",
        ),
    ] {
        let request = ParticipantRequest {
            organization_id: porto,
            typed: typed(nickname, email),
            password: secret(password),
        };
        let refused = fixture.console.create_participant(&shell(), &request).await;
        assert_eq!(field(refused), wrong, "{request:?}");
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn a_change_is_told_before_and_after() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let ada = add(&fixture, porto, "ada").await;
    add(&fixture, porto, "bea").await;
    let new = TypedParticipant {
        name: "Countess".to_owned(),
        ..typed("ADA", "lovelace@example.org")
    };
    for _ in 0..2 {
        let after = fixture
            .console
            .update_participant(&shell(), ada.id, &new)
            .await;
        let after = after.unwrap();
        assert_eq!(
            (after.nickname.as_str(), after.name.as_str()),
            ("ADA", "Countess")
        );
    }
    let log = audit_log(&fixture, "participant:1").await;
    assert_eq!(log.len(), 2, "what changes nothing is not told");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&log[0].event.data()).unwrap(),
        json!({
            "before": {"nickname": "ada", "email": "ada@example.org", "name": "Ada"},
            "after": {"nickname": "ADA", "email": "lovelace@example.org", "name": "Countess"},
        })
    );
    let taken = fixture
        .console
        .update_participant(&shell(), ada.id, &typed("Bea", "ada@example.org"))
        .await;
    assert_eq!(field(taken), "nickname");
}

#[tokio::test]
async fn a_block_raises_the_generation_and_unblocking_leaves_it() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let ada = add(&fixture, porto, "ada").await;
    let (console, shell) = (&fixture.console, shell());
    let not_blocked = console.unblock_participant(&shell, ada.id).await;
    let id = ada.id;
    assert_eq!(
        not_blocked,
        Err(Error::Conflict(Complaint::Participant(
            ParticipantComplaint::NotBlocked { id }
        )))
    );
    let blocked = console.block_participant(&shell, id).await.unwrap();
    assert_eq!((blocked.blocked_at, blocked.generation), (Some(noon()), 1));
    let again = console.block_participant(&shell, id).await;
    assert_eq!(
        again,
        Err(Error::Conflict(Complaint::Participant(
            ParticipantComplaint::BlockedAlready { id }
        )))
    );
    let free = console.unblock_participant(&shell, id).await.unwrap();
    assert_eq!((free.blocked_at, free.generation), (None, 1));
    assert_eq!(
        kinds(&fixture, "participant:1").await,
        [
            "participant.unblocked",
            "participant.blocked",
            "participant.created"
        ]
    );
}

#[tokio::test]
async fn a_password_is_set_and_replaced() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let ada = add(&fixture, porto, "ada").await;
    assert!(!ada.has_password);
    let mut hashes = Vec::new();
    for password in [PASSWORD, "another sentence"] {
        let changed = fixture
            .console
            .set_participant_password(&shell(), ada.id, &secret(password))
            .await
            .unwrap();
        assert!(changed.has_password);
        assert_eq!(changed.generation, 0, "tokens live on");
        let mut tx = fixture.database.store.read().await.unwrap();
        hashes.push(tx.find_participant_password(ada.id).await.unwrap().unwrap());
    }
    assert_ne!(hashes[0], hashes[1]);
    for password in ["", "short"] {
        let refused = fixture
            .console
            .set_participant_password(&shell(), ada.id, &secret(password))
            .await;
        assert_eq!(field(refused), "password");
    }
    assert_eq!(
        kinds(&fixture, "participant:1").await[0],
        "participant.password_set"
    );
}

#[tokio::test]
async fn in_an_archived_organization_nobody_is_made_or_changed() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let ada = add(&fixture, porto, "ada").await;
    let (console, shell, id) = (&fixture.console, shell(), ada.id);
    console.archive_organization(&shell, porto).await.unwrap();
    let before = footprint(&fixture.database).await;
    let password = secret(PASSWORD);
    let changed = typed("bea", "bea@example.org");
    let request = request(porto, "bea");
    for refused in [
        console.create_participant(&shell, &request).await,
        console.update_participant(&shell, id, &changed).await,
        console.block_participant(&shell, id).await,
        console.unblock_participant(&shell, id).await,
        console
            .set_participant_password(&shell, id, &password)
            .await,
    ] {
        let refusal =
            Complaint::Participant(ParticipantComplaint::ParticipantsArchived { id: porto });
        assert_eq!(refused, Err(Error::Conflict(refusal)));
    }
    assert_eq!(footprint(&fixture.database).await, before);
    let listed = console.list_every_participant(&shell, porto, "").await;
    assert_eq!(listed.unwrap(), [ada], "they can still be seen");
}

#[tokio::test]
async fn nobody_is_there_where_there_is_nobody() {
    let fixture = Fixture::new().await;
    let (console, shell) = (&fixture.console, shell());
    let (id, nowhere) = (ParticipantId(9), OrganizationId(9));
    let typed = typed("ada", "ada@example.org");
    for missing in [
        console.get_participant(&shell, id).await,
        console.update_participant(&shell, id, &typed).await,
        console.block_participant(&shell, id).await,
        console.unblock_participant(&shell, id).await,
        console
            .set_participant_password(&shell, id, &secret(PASSWORD))
            .await,
    ] {
        let unknown = Complaint::Participant(ParticipantComplaint::ParticipantUnknown { id });
        assert_eq!(missing, Err(Error::NotFound(unknown)));
    }
    let unknown = Error::NotFound(Complaint::OrganizationUnknown { id: nowhere });
    let refused = console
        .create_participant(&shell, &request(nowhere, "ada"))
        .await;
    assert_eq!(refused, Err(unknown.clone()));
    let refused = console.list_every_participant(&shell, nowhere, "").await;
    assert_eq!(refused, Err(unknown.clone()));
    let refused = console
        .list_participants(&shell, nowhere, "", Cursor::First)
        .await;
    assert_eq!(refused, Err(unknown));
}
