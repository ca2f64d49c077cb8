//! The stored form of events, actors and targets.

use chrono::DateTime;
use claviger::domain::Time;
use claviger::domain::client::StatusFilter;
use claviger::domain::event::{
    ActorRef, ClientSnapshot, Event, ExportFormat, ExportedFilter, ImpersonationGrant, SHORT_LIVED,
    Target, WITHOUT_CHANGE,
};
use claviger::domain::host::Host;
use claviger::domain::ids::{OrganizationId, SecretNumber, Sequence};
use claviger::domain::participant::{Nickname, ParticipantDetails, ParticipantEmail};
use claviger::domain::permission::PermissionName;
use claviger::domain::role::Role;
use claviger::domain::scope::ScopeName;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn moment() -> impl Strategy<Value = Time> {
    // The years that RFC 3339 can write, to the microsecond.
    (0..253_402_300_800_000_000_i64)
        .prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

fn host() -> impl Strategy<Value = Option<Host<'static>>> {
    option::of(".*".prop_map(Host::stored))
}

fn permissions() -> impl Strategy<Value = Vec<PermissionName>> {
    vec(
        "[a-z]{1,9}\\.[a-z]{1,9}".prop_map(|name| PermissionName::parse(&name).unwrap()),
        0..4,
    )
}

fn details() -> impl Strategy<Value = ClientSnapshot> {
    let ttl = option::of(any::<i64>());
    (".*", option::of(moment()), ttl, permissions()).prop_map(
        |(name, expires_at, token_ttl, permissions)| ClientSnapshot {
            name,
            expires_at,
            token_ttl,
            permissions,
        },
    )
}

fn role() -> impl Strategy<Value = Role> {
    proptest::sample::select(Role::EVERY.as_slice())
}

fn about_admins() -> impl Strategy<Value = Event> {
    prop_oneof![
        role().prop_map(|role| Event::AdminCreated { role }),
        Just(Event::AdminPasswordReset {}),
        (role(), moment()).prop_map(|(role, ends_at)| Event::AdminInvited { role, ends_at }),
        role().prop_map(|role| Event::AdminInvitationWithdrawn { role }),
        (role(), ".*").prop_map(|(role, invited_by)| Event::AdminJoined { role, invited_by }),
        (role(), role()).prop_map(|(before, after)| Event::AdminRoleChanged { before, after }),
        Just(Event::AdminDisabled {}),
        Just(Event::AdminEnabled {}),
        any::<u64>().prop_map(|sessions| Event::AdminSessionsEnded { sessions }),
        moment().prop_map(|ends_at| Event::AdminPasswordLinkMade { ends_at }),
        Just(Event::AdminPasswordLinkWithdrawn {}),
        Just(Event::AdminPasswordChanged {}),
        Just(Event::SignedIn {}),
        Just(Event::SignedOut {}),
        (any::<u64>(), ".*", ".*").prop_map(|(count, network, reason)| Event::SignInFailed {
            count,
            network,
            reason
        }),
    ]
}

fn about_organizations() -> impl Strategy<Value = Event> {
    prop_oneof![
        (".*", host()).prop_map(|(name, host)| Event::OrganizationCreated { name, host }),
        (".*", host()).prop_map(|(name, host)| Event::OrganizationArchived { name, host }),
        (".*", option::of(moment()))
            .prop_map(|(name, archived_at)| Event::OrganizationRestored { name, archived_at }),
        (".*", host(), host()).prop_map(|(name, before, after)| {
            Event::OrganizationHostChanged {
                name,
                before,
                after,
            }
        }),
        (".*", ".*").prop_map(|(before, after)| Event::OrganizationRenamed { before, after }),
        any::<(i64, i64)>().prop_map(|(clients, organizations)| Event::DemoFilled {
            clients,
            organizations
        }),
    ]
}

fn about_clients() -> impl Strategy<Value = Event> {
    let scopes = vec(
        "[a-z]{1,9}".prop_map(|name| ScopeName::parse(&name).unwrap()),
        0..4,
    );
    prop_oneof![
        (scopes, details()).prop_map(|(scopes, details)| Event::ClientCreated {
            name: details.name,
            scopes: scopes.into_iter().collect(),
            permissions: details.permissions,
            expires_at: details.expires_at,
        }),
        (details(), details()).prop_map(|(before, after)| Event::ClientUpdated { before, after }),
        Just(Event::ClientSuspended {}),
        Just(Event::ClientResumed {}),
        (".*", option::of(any::<i64>()), option::of(".*")).prop_map(
            |(search, organization, name)| {
                Event::ClientsExported {
                    search,
                    status: StatusFilter::Expiring,
                    organization_id: organization.map(OrganizationId),
                    scope: name.clone(),
                    permission: name,
                }
            }
        ),
        details().prop_map(|before| Event::ClientRevoked { before }),
        (vec(".*", 0..4), vec(".*", 0..4))
            .prop_map(|(granted, removed)| Event::PermissionsChanged { granted, removed }),
        ".*".prop_map(|token| Event::TokenRevoked { token }),
        (moment(), any::<i64>()).prop_map(|(hour, tokens)| Event::TokensRevoked { hour, tokens }),
        Just(Event::TokensRevokedAll {}),
    ]
}

fn about_secrets() -> impl Strategy<Value = Event> {
    let text = || option::of(".*");
    let number = || any::<i64>().prop_map(SecretNumber);
    prop_oneof![
        (text(), text(), any::<(Option<u64>, bool)>(), number()).prop_map(
            |(hint, label, (keep_old_seconds, pending), secret)| Event::SecretRotated {
                hint,
                keep_old_seconds,
                secret,
                label,
                pending,
            }
        ),
        (text(), number(), any::<i64>()).prop_map(|(hint, secret, grace_seconds)| {
            Event::SecretActivated {
                hint,
                secret,
                grace_seconds,
            }
        }),
        (text(), number()).prop_map(|(hint, secret)| Event::SecretCancelled { hint, secret }),
        (text(), number()).prop_map(|(hint, secret)| Event::SecretEnded { hint, secret }),
        (text(), number()).prop_map(|(hint, secret)| Event::SecretRevealed { hint, secret }),
        (number(), text(), text()).prop_map(|(secret, before, after)| Event::SecretLabelled {
            secret,
            before,
            after
        }),
    ]
}

fn participant() -> impl Strategy<Value = ParticipantDetails> {
    (".*", ".*", ".*").prop_map(|(nickname, email, name)| ParticipantDetails {
        nickname: Nickname::stored(nickname),
        email: ParticipantEmail::stored(email),
        name,
    })
}

fn about_participants() -> impl Strategy<Value = Event> {
    prop_oneof![
        (participant(), any::<bool>()).prop_map(|(made, has_password)| {
            Event::ParticipantCreated {
                nickname: made.nickname,
                email: made.email,
                name: made.name,
                has_password,
            }
        }),
        (participant(), participant())
            .prop_map(|(before, after)| Event::ParticipantChanged { before, after }),
        Just(Event::ParticipantBlocked {}),
        Just(Event::ParticipantUnblocked {}),
        Just(Event::ParticipantPasswordSet {}),
        (participant(), any::<(bool, bool)>()).prop_map(
            |(details, (accepted_terms, confirmed))| {
                Event::ParticipantRegistered {
                    details,
                    accepted_terms,
                    confirmed,
                }
            }
        ),
        vec(".*", 0..4).prop_map(|names| Event::ParticipantExtraChanged { names }),
        (any::<bool>(), option::of(".*")).prop_map(|(is_exchange, reason)| {
            Event::ParticipantImpersonated {
                grant: if is_exchange {
                    ImpersonationGrant::TokenExchange
                } else {
                    ImpersonationGrant::Password
                },
                reason,
            }
        }),
    ]
}

fn about_the_server() -> impl Strategy<Value = Event> {
    let filter = (
        option::of(".*"),
        option::of(".*"),
        option::of(any::<i64>()),
        option::of(moment()),
    )
        .prop_map(|(actor, client, organization, since)| ExportedFilter {
            action: actor.clone(),
            actor,
            client,
            organization: organization.map(OrganizationId),
            until: since,
            since,
        });
    (filter, any::<i64>(), any::<bool>()).prop_map(|(filter, newest, is_table)| {
        Event::AuditExported {
            format: if is_table {
                ExportFormat::Csv
            } else {
                ExportFormat::Ndjson
            },
            filter,
            newest: Sequence(newest),
        }
    })
}

fn unknown() -> impl Strategy<Value = Event> {
    (".*", ".*", any::<i64>()).prop_map(|(kind, key, number)| Event::Unknown {
        kind: format!("new.{kind}"),
        data: serde_json::json!({key: [number, null]}),
    })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        about_admins(),
        about_organizations(),
        about_clients(),
        about_secrets(),
        about_participants(),
        about_the_server(),
        unknown()
    ]
}

proptest! {
    #[test]
    fn every_event_is_read_back_and_written_the_same(event in event()) {
        let read = Event::from_stored(event.kind(), &event.data());
        prop_assert_eq!(&read, &event);
        prop_assert_eq!(read.data(), event.data());
    }

    #[test]
    fn every_actor_and_target_is_read_back(text in "(|admin:|client:|shell:|organization:|participant:|visitor|directory|audit-log|set-up).*") {
        prop_assert_eq!(ActorRef::from(text.clone()).to_string(), text.as_str());
        prop_assert_eq!(Target::from(text.clone()).to_string(), text);
    }
}

#[test]
fn the_strategy_makes_every_kind() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let made: std::collections::BTreeSet<String> = (0..2_000)
        .map(|_| {
            event()
                .new_tree(&mut runner)
                .unwrap()
                .current()
                .kind()
                .to_owned()
        })
        .collect();
    for kind in Event::KINDS {
        assert!(made.contains(*kind), "{kind}");
    }
}

#[test]
fn the_canonical_form_is_the_fields_in_their_order() {
    let event = Event::SecretRotated {
        hint: None,
        keep_old_seconds: Some(90),
        secret: SecretNumber(2),
        label: None,
        pending: true,
    };
    let data = r#"{"hint":null,"keep_old_seconds":90,"secret":2,"label":null,"pending":true}"#;
    assert_eq!(
        (event.kind(), event.data().as_str()),
        ("secret.rotated", data)
    );
    assert_eq!(Event::SignedIn {}.data(), "{}");
}

#[test]
fn an_export_from_before_permissions_were_recorded_is_read() {
    let stored = r#"{"search":"dash","status":"all","organization_id":null,"scope":"public"}"#;
    let expected = Event::ClientsExported {
        search: "dash".to_owned(),
        status: StatusFilter::All,
        organization_id: None,
        scope: Some("public".to_owned()),
        permission: None,
    };
    assert_eq!(Event::from_stored("clients.exported", stored), expected);
}

#[test]
fn what_a_newer_version_wrote_is_kept_whole() {
    for (kind, data) in [
        ("client.knighted", r#"{"by":"the queen"}"#),
        ("client.knighted", "null"),
        ("client.suspended", r#"{"reason":"too loud"}"#),
        ("secret.revealed", r#"{"hint":null}"#),
        ("admin.created", r#"{"role":"emperor"}"#),
    ] {
        let event = Event::from_stored(kind, data);
        assert!(matches!(event, Event::Unknown { .. }), "{event:?}");
        assert_eq!((event.kind(), event.data().as_str()), (kind, data));
    }
    let damaged = Event::from_stored("client.suspended", "{");
    assert_eq!(damaged.data(), r#""{""#);
    let injected = Event::from_stored("client.suspended", r#"{}},{"kind":"x","data":{}"#);
    assert!(matches!(injected, Event::Unknown { .. }), "{injected:?}");
}

#[test]
fn the_lists_name_kinds_that_there_are() {
    for kind in SHORT_LIVED.iter().chain(&WITHOUT_CHANGE) {
        assert!(Event::KINDS.contains(kind), "{kind}");
    }
}
