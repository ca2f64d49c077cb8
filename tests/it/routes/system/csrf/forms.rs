//! A form for every endpoint, which works when it comes from a page of ours.

use super::super::{Browser, EMAIL, PASSWORD, form};
use crate::support::{Fixture, secret, shell};
use claviger::domain::admin::NewInvitation;
use claviger::domain::role::Role;
use claviger::service::{CreatedClient, Visitor};

/// The forms about participants, in this order.
pub(super) fn participant_forms() -> Vec<(&'static str, String)> {
    vec![
        (
            "participants/create",
            form(&[
                ("form[organization_id]", "1"),
                ("form[nickname]", "bea"),
                ("form[email]", "bea@example.org"),
            ]),
        ),
        (
            "participants/update",
            form(&[
                ("form[id]", "1"),
                ("form[nickname]", "ada"),
                ("form[email]", "ada@example.org"),
            ]),
        ),
        (
            "participants/set-password",
            form(&[("id", "1"), ("password", PASSWORD)]),
        ),
        ("participants/block", form(&[("id", "1")])),
        ("participants/unblock", form(&[("id", "1")])),
    ]
}

/// The forms about administrators and the own account, in this order; the last one signs in as somebody else.
pub(super) async fn admin_forms(
    fixture: &Fixture,
    browser: &Browser,
) -> Vec<(&'static str, String)> {
    let console = &fixture.console;
    Browser::of(fixture, "mia@example.org", Role::Auditor).await;
    for _ in 0..2 {
        let password = secret(PASSWORD);
        let another = console.sign_in(&Visitor::default(), EMAIL, &password).await;
        another.unwrap();
    }
    let session = secret(&browser.cookies["claviger"]);
    let resumed = console.resume_session(&session, &Visitor::default()).await;
    let sessions = console.list_own_sessions(&resumed.unwrap().unwrap()).await;
    let sessions = sessions.unwrap();
    let other = sessions.iter().find(|session| !session.is_this).unwrap();
    let new = NewInvitation {
        email: "cid@example.org".to_owned(),
        role: Some(Role::Owner),
    };
    let made = console.invite_admin(&shell(), &new).await.unwrap();
    let (_, code) = made.address.expose().split_once("code=").unwrap();
    let (mia, zoe) = ([("id", "2")], [("email", "zoe@example.org")]);
    vec![
        ("account/end-session", form(&[("session", &other.handle)])),
        ("account/end-other-sessions", String::new()),
        (
            "account/password",
            form(&[("current", PASSWORD), ("password", PASSWORD)]),
        ),
        (
            "confirm",
            form(&[("form[next]", "/system/account"), ("password", PASSWORD)]),
        ),
        (
            "administrators/invite",
            form(&[("form[email]", "zoe@example.org"), ("form[role]", "owner")]),
        ),
        ("administrators/renew-link", form(&zoe)),
        ("administrators/withdraw-link", form(&zoe)),
        (
            "administrators/set-role",
            form(&[("form[id]", "2"), ("form[role]", "manager")]),
        ),
        ("administrators/password-link", form(&mia)),
        ("administrators/end-sessions", form(&mia)),
        ("administrators/disable", form(&mia)),
        ("administrators/enable", form(&mia)),
        (
            "invitation",
            form(&[("form[code]", code), ("password", PASSWORD)]),
        ),
    ]
}

/// The forms that revoke tokens of a client.
pub(super) async fn token_forms(
    fixture: &Fixture,
    client: &CreatedClient,
) -> Vec<(&'static str, String)> {
    let token = fixture.app().issued(client, "").await;
    let examined = fixture
        .console
        .examine_token(&shell(), &secret(&token))
        .await;
    let (id, handle) = (client.client.id.as_str(), examined.unwrap().handle);
    vec![
        ("tokens/revoke", form(&[("id", id), ("token", &handle)])),
        ("tokens/revoke-all", form(&[("id", id)])),
    ]
}

/// Forms for secrets and suspension.
pub(super) fn secret_forms(client: &CreatedClient) -> Vec<(&'static str, String)> {
    let (id, number) = (client.client.id.as_str(), client.secret_number.to_string());
    // The client has two, and the form makes a third.
    let pending = (client.secret_number.0 + 2).to_string();
    vec![
        (
            "clients/rotate",
            form(&[
                ("form[id]", id),
                ("form[old]", "first-use"),
                ("form[grace]", "3600"),
            ]),
        ),
        (
            "clients/cancel-rotation",
            form(&[("id", id), ("number", &pending)]),
        ),
        (
            "clients/label-secret",
            form(&[
                ("form[id]", id),
                ("form[number]", &number),
                ("form[label]", "Website"),
            ]),
        ),
        (
            "clients/end-secret",
            form(&[("id", id), ("number", &number)]),
        ),
        ("clients/suspend", form(&[("id", id)])),
        ("clients/resume", form(&[("id", id)])),
    ]
}

/// A form for every other endpoint, which works when it comes from a page of ours.
pub(super) fn forms(client: &CreatedClient) -> Vec<(&'static str, String)> {
    let (id, number) = (client.client.id.as_str(), client.secret_number.to_string());
    let version_after_save = (client.client.version.0 + 2).to_string();
    // Its organization was made before the client, which was then given another secret.
    let organization_version = (client.client.version.0 - 2).to_string();
    vec![
        ("theme", form(&[("theme", "dark")])),
        (
            "permissions/set",
            form(&[
                ("id", id),
                ("switches[0][permission]", "blogs.read"),
                ("switches[0][on]", "true"),
            ]),
        ),
        (
            "permissions/save",
            form(&[("form[id]", id), ("form[granted][]", "blogs.write")]),
        ),
        (
            "clients/update",
            form(&[
                ("form[id]", id),
                ("form[version]", &version_after_save),
                ("form[name]", "Renamed"),
            ]),
        ),
        (
            "clients/reveal-secret",
            form(&[("id", id), ("number", &number)]),
        ),
        (
            "clients/revoke",
            form(&[("id", id), ("confirm", "Renamed")]),
        ),
        (
            "clients/create",
            form(&[("form[name]", "New"), ("form[scopes][]", "system")]),
        ),
        (
            "organizations/create",
            form(&[("form[name]", "Porto"), ("form[host]", "")]),
        ),
        (
            "organizations/rename",
            form(&[
                ("form[id]", "2"),
                ("form[version]", &organization_version),
                ("form[name]", "Porto 2"),
            ]),
        ),
        (
            "organizations/set-host",
            form(&[("form[id]", "2"), ("form[host]", "porto.example")]),
        ),
        (
            "organizations/archive",
            form(&[("id", "2"), ("confirm", "Porto 2")]),
        ),
        ("organizations/restore", form(&[("id", "1")])),
        ("audit/verify", String::new()),
        (
            "sign-in",
            form(&[("form[email]", EMAIL), ("password", PASSWORD)]),
        ),
        ("sign-out", String::new()),
    ]
}

/// Copies a permission from one client to another.
pub(super) async fn copy_form(fixture: &Fixture) -> (&'static str, String) {
    let from = fixture.client_of(None, &["system"], &["oauth.login"]).await;
    let to = fixture.client_of(None, &["system"], &[]).await;
    let body = form(&[
        ("form[id]", to.client.id.as_str()),
        ("form[version]", &to.client.version.to_string()),
        ("form[from]", from.client.id.as_str()),
        ("form[from_version]", &from.client.version.to_string()),
    ]);
    ("permissions/copy", body)
}

/// The form that suspends several clients, about one of its own.
pub(super) async fn bulk_form(fixture: &Fixture) -> (&'static str, String) {
    let client = fixture.client_of(None, &["system"], &[]).await.client;
    let seen = format!("{}:{}", client.id, client.version);
    let fields = [("form[act]", "suspend"), ("form[clients][]", &seen)];
    ("clients/change-several", form(&fields))
}
