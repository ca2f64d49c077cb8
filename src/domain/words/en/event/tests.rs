//! Sentences of entries.

use super::*;
use crate::domain::Time;
use crate::domain::audit::EntryNames;
use crate::domain::client::StatusFilter;
use crate::domain::event::{ClientSnapshot, Entry};
use crate::domain::ids::{OrganizationId, Sequence};
use crate::domain::permission::PermissionName;

fn row(actor: ActorRef, target: Target, event: Event) -> AuditRow {
    let at = Time::UNIX_EPOCH;
    AuditRow {
        names: EntryNames::default(),
        entry: Entry {
            sequence: Sequence(1),
            at,
            kind: event.kind().to_owned(),
            hash: [0; 32],
            record: Some(Record {
                at,
                actor,
                address: None,
                target,
                organization_id: None,
                event,
                version: None,
            }),
        },
    }
}

fn ada() -> ActorRef {
    ActorRef::Admin {
        email: "ada@example.org".to_owned(),
    }
}

#[test]
fn every_kind_has_a_title_of_its_own() {
    let mut titles: Vec<&str> = Event::KINDS.iter().map(|kind| title(kind)).collect();
    for (kind, title) in Event::KINDS.iter().zip(&titles) {
        assert_ne!(kind, title, "{kind} has no title");
    }
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), Event::KINDS.len());
    assert_eq!(title("client.knighted"), "client.knighted");
}

#[test]
fn a_sentence_names_actor_and_target() {
    let porto = Target::Organization {
        id: OrganizationId(2),
    };
    let archived = Event::OrganizationArchived {
        name: "City of Porto".to_owned(),
        host: None,
    };
    let mut one = row(ada(), porto, archived);
    assert_eq!(sentence(&one), "ada@example.org archived organization 2");
    one.names.target = Some("City of Porto".to_owned());
    assert_eq!(
        sentence(&one),
        "ada@example.org archived organization City of Porto"
    );
    let failed = Event::SignInFailed {
        count: 1,
        network: "192.0.2.0/24".to_owned(),
        reason: "wrong password".to_owned(),
    };
    assert_eq!(
        sentence(&row(
            ActorRef::Visitor,
            Target::admin("unknown address"),
            failed
        )),
        "Somebody who is not signed in failed to sign in as unknown address (1 time)"
    );
    assert_eq!(
        sentence(&row(
            ada(),
            Target::admin("ada@example.org"),
            Event::SignedIn {}
        )),
        "ada@example.org signed in"
    );
    one.entry.record = None;
    assert_eq!(
        sentence(&one),
        "The content of this entry was removed after 90 days"
    );
}

#[test]
fn only_what_differs_is_expected_a_change() {
    let permission = |name| PermissionName::parse(name).unwrap();
    let before = ClientSnapshot {
        name: "Old".to_owned(),
        expires_at: None,
        token_ttl: None,
        permissions: vec![permission("blogs.read"), permission("blogs.write")],
    };
    let after = ClientSnapshot {
        name: "New".to_owned(),
        expires_at: None,
        token_ttl: None,
        permissions: vec![permission("blogs.read"), permission("oauth.login")],
    };
    let sentence = sentence_of(&Event::ClientUpdated { before, after });
    assert_eq!(
        sentence.details,
        [
            Detail::Changed {
                name: "Name",
                before: Some("Old".to_owned()),
                after: Some("New".to_owned()),
            },
            Detail::Added("oauth.login".to_owned()),
            Detail::Removed("blogs.write".to_owned()),
        ]
    );
}

#[test]
fn of_an_exported_list_every_filter_is_shown() {
    let exported = |permission: Option<&str>| Event::ClientsExported {
        search: "dash".to_owned(),
        status: StatusFilter::Active,
        organization_id: Some(OrganizationId(7)),
        scope: Some("blogs".to_owned()),
        permission: permission.map(ToOwned::to_owned),
    };
    let mut facts = vec![
        Detail::fact("Search", "dash"),
        Detail::fact("Status", "active"),
        Detail::fact("Organization", "7"),
        Detail::fact("Scope", "blogs"),
    ];
    assert_eq!(sentence_of(&exported(None)).details, facts);
    facts.push(Detail::fact("Permission", "blogs.read"));
    assert_eq!(sentence_of(&exported(Some("blogs.read"))).details, facts);
}

#[test]
fn of_a_token_its_end_is_shown() {
    for (token, expected) in [
        ("abcdefghxB81rWd", "revoked token …xB81rWd of"),
        ("short", "revoked token short of"),
        ("", "revoked token  of"),
    ] {
        let event = Event::TokenRevoked {
            token: token.to_owned(),
        };
        assert_eq!(sentence_of(&event).before, expected);
    }
}

#[test]
fn what_a_newer_version_wrote_is_shown_with_its_kind_and_data() {
    let event = Event::from_stored("client.knighted", r#"{"by":"the queen"}"#);
    let sentence = sentence_of(&event);
    assert!(sentence.after.contains("client.knighted"));
    assert_eq!(
        sentence.details,
        [Detail::fact("Data", r#"{"by":"the queen"}"#)]
    );
}
