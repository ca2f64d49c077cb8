//! Acts that need a password that was typed a few minutes ago at most.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::admin::NewInvitation;
use claviger::domain::client::{Client, ClientDetails};
use claviger::domain::error::Error;
use claviger::domain::ids::AdminId;
use claviger::domain::participant::ImportFile;
use claviger::domain::permission::{IMPERSONATE, LOGIN, PermissionSwitch};
use claviger::domain::role::Role;
use claviger::domain::view::PostedForm;
use claviger::service::{Actor, Console, SentForm};

use crate::support::{Fixture, new_client, secret, shell};

use super::administrators::{code, resumed, signed_in};
use super::{PASSWORD, field, footprint, names};

/// What a method said, by its name.
type Said = (&'static str, Option<Error>);

/// What every act on clients that needs a fresh proof says to an actor; `system` has the scope `system`.
async fn acts_on_clients(
    console: &Console,
    actor: &Actor,
    client: &Client,
    system: &Client,
) -> Vec<Said> {
    let (id, system_id) = (client.id.as_str(), system.id.as_str());
    let mut said: Vec<Said> = vec![
        (
            "reveal",
            console
                .reveal_secret(actor, id, claviger::domain::ids::SecretNumber(1))
                .await
                .err(),
        ),
        (
            "reveal_newest_secrets",
            console
                .reveal_newest_secrets(actor, std::slice::from_ref(client))
                .await
                .err(),
        ),
        (
            "rotate a system client's",
            console
                .rotate_secret(actor, system_id, Duration::ZERO)
                .await
                .err(),
        ),
        (
            "make a system client",
            console
                .create_client(actor, &new_client(None, &["system"], &[]), None)
                .await
                .err(),
        ),
        (
            "revoke a system client",
            console.revoke_client(actor, system_id).await.err(),
        ),
        (
            "resume a system client",
            console.resume_client(actor, system_id).await.err(),
        ),
    ];
    for permission in [IMPERSONATE, LOGIN] {
        let new = new_client(client.organization_id, &["oauth"], &[permission]);
        let made = console.create_client(actor, &new, None).await;
        said.push(("make a client that acts for people", made.err()));
        let on = PermissionSwitch::each(&names(&[permission]), true);
        let granted = console.set_permissions(actor, id, &on).await;
        said.push(("grant it", granted.err()));
        let details = ClientDetails {
            name: client.name.clone(),
            expires_at: None,
            token_ttl: None,
            allow_impersonate: permission == IMPERSONATE,
            allow_login: permission == LOGIN,
        };
        let updated = console.update_client(actor, id, client.version, details);
        said.push(("switch it on", updated.await.err()));
    }
    said
}

/// The same of acts on administrators.
async fn acts_on_admins(console: &Console, actor: &Actor) -> Vec<Said> {
    let (id, email) = (AdminId(1), "bea@example.org");
    let new = NewInvitation {
        email: email.to_owned(),
        role: Some(Role::Owner),
    };
    let password = secret(PASSWORD);
    let made = console.create_admin(actor, email, Role::Owner, &password);
    let reset = console.reset_admin_password(actor, "ada@example.org", &password);
    vec![
        ("create_admin", made.await.err()),
        ("reset_admin_password", reset.await.err()),
        ("invite", console.invite_admin(actor, &new).await.err()),
        ("renew", console.renew_admin_link(actor, email).await.err()),
        (
            "withdraw",
            console.withdraw_admin_link(actor, email).await.err(),
        ),
        (
            "password link",
            console.make_password_link(actor, id).await.err(),
        ),
        (
            "role",
            console.set_admin_role(actor, id, Role::Auditor).await.err(),
        ),
        ("disable", console.disable_admin(actor, id).await.err()),
        ("enable", console.enable_admin(actor, id).await.err()),
        (
            "end sessions",
            console.end_admin_sessions(actor, id).await.err(),
        ),
    ]
}

#[tokio::test]
async fn ten_minutes_after_the_password_these_acts_need_it_again() {
    let fixture = Fixture::new().await;
    let (fresh, session) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let client = fixture.organization("City of Porto", "").await;
    let client = fixture
        .client_of(Some(client), &["oauth", "blogs"], &[])
        .await;
    let system = fixture.client_of(None, &["system"], &[]).await;
    fixture.advance(TimeDelta::minutes(10) - TimeDelta::microseconds(1));
    let still = resumed(&fixture, &session).await.unwrap();
    assert!(fresh.require_fresh_proof().is_ok() && still.require_fresh_proof().is_ok());
    fixture.advance(TimeDelta::microseconds(1));
    let stale = resumed(&fixture, &session).await.unwrap();

    let before = footprint(&fixture.database).await;
    let console = &fixture.console;
    let mut said = acts_on_clients(console, &stale, &client.client, &system.client).await;
    said.extend(acts_on_admins(console, &stale).await);
    for (act, outcome) in said {
        let code = outcome.as_ref().map(Error::code);
        assert_eq!(code, Some("password_needed"), "{act}: {outcome:?}");
    }
    assert_eq!(footprint(&fixture.database).await, before);

    // Ordinary work goes on.
    let on = PermissionSwitch::each(&names(&["blogs.read"]), true);
    let id = client.client.id.as_str();
    console.set_permissions(&stale, id, &on).await.unwrap();
    console
        .rotate_secret(&stale, id, Duration::ZERO)
        .await
        .unwrap();
    console
        .suspend_client(&stale, system.client.id.as_str())
        .await
        .unwrap();

    console
        .confirm_password(&stale, &secret(PASSWORD))
        .await
        .unwrap();
    let again = resumed(&fixture, &session).await.unwrap();
    again.require_fresh_proof().unwrap();
    console
        .resume_client(&again, system.client.id.as_str())
        .await
        .unwrap();
    fixture.advance(TimeDelta::minutes(10));
    let later = resumed(&fixture, &session).await.unwrap();
    assert_eq!(code(later.require_fresh_proof()), "password_needed");
}

#[tokio::test]
async fn what_is_taken_away_needs_no_password() {
    let fixture = Fixture::new().await;
    let (_, session) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let porto = fixture.organization("City of Porto", "").await;
    let made = fixture
        .client_of(Some(porto), &["oauth"], &[IMPERSONATE, LOGIN])
        .await;
    fixture.advance(TimeDelta::minutes(10));
    let stale = resumed(&fixture, &session).await.unwrap();
    let off = PermissionSwitch::each(&names(&[IMPERSONATE, LOGIN]), false);
    let id = made.client.id.as_str();
    let left = fixture.console.set_permissions(&stale, id, &off).await;
    assert!(left.unwrap().permissions.is_empty());
    fixture.console.revoke_client(&stale, id).await.unwrap();
}

#[tokio::test]
async fn a_list_is_checked_without_the_password_and_imported_with_it() {
    let fixture = Fixture::new().await;
    let (fresh, session) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let organization_id = fixture.organization("City of Porto", "").await;
    fixture.advance(TimeDelta::minutes(10));
    let stale = resumed(&fixture, &session).await.unwrap();
    let content = b"nickname,email\nada,ada@example.org\n";
    let form = SentForm::new("key", "participants/import", &"list");
    let file = |is_dry_run| ImportFile {
        organization_id,
        content,
        is_dry_run,
    };
    let console = &fixture.console;
    let before = footprint(&fixture.database).await;
    let checked = console
        .import_participants_by_form(&stale, &form, &file(true))
        .await;
    assert_eq!(checked.unwrap().participants, 1);
    let refused = console
        .import_participants_by_form(&stale, &form, &file(false))
        .await;
    assert_eq!(code(refused), "password_needed");
    assert_eq!(footprint(&fixture.database).await, before);
    let done = console
        .import_participants_by_form(&fresh, &form, &file(false))
        .await;
    assert!(done.unwrap().is_written);
}

#[tokio::test]
async fn a_wrong_password_confirms_nothing() {
    let fixture = Fixture::new().await;
    let (_, session) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    fixture.advance(TimeDelta::minutes(10));
    let stale = resumed(&fixture, &session).await.unwrap();
    for wrong in ["", "correct horse staple gu", "correct horse staple gun "] {
        let refused = fixture
            .console
            .confirm_password(&stale, &secret(wrong))
            .await;
        assert_eq!(field(refused), "password");
    }
    let still = resumed(&fixture, &session).await.unwrap();
    assert_eq!(code(still.require_fresh_proof()), "password_needed");
}

#[tokio::test]
async fn a_shell_has_no_password_to_type() {
    shell().require_fresh_proof().unwrap();
}

#[tokio::test]
async fn a_held_form_opens_for_its_session_and_an_hour() {
    let fixture = Fixture::new().await;
    let (ada, session) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Owner).await;
    let form = PostedForm {
        address: "/system/do/clients/create?back=/system/api-clients/new".to_owned(),
        body: "form[name]=Dashboard".to_owned(),
    };
    let console = &fixture.console;
    let sealed = console.seal_held_form(&session, &form);
    assert!(!sealed.contains("Dashboard"));
    assert_eq!(console.open_held_form(&ada, &sealed), Some(form));
    assert_eq!(console.open_held_form(&bea, &sealed), None, "somebody else");
    assert_eq!(console.open_held_form(&shell(), &sealed), None);
    assert_eq!(console.open_held_form(&ada, &sealed[1..]), None);
    assert_eq!(console.open_held_form(&ada, ""), None);
    let other = super::administrators::another_session(&fixture, "ada@example.org").await;
    assert_eq!(
        console.open_held_form(&other.0, &sealed),
        None,
        "another session"
    );
    fixture.advance(TimeDelta::hours(1));
    assert_eq!(console.open_held_form(&ada, &sealed), None, "too late");
}
