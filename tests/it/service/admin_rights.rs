//! Who may change administrators, and who may read of them.

use claviger::domain::admin::NewInvitation;
use claviger::domain::error::Error;
use claviger::domain::ids::AdminId;
use claviger::domain::page::Cursor;
use claviger::domain::role::Role;
use claviger::service::{Actor, Console, SentForm};

use crate::support::{Fixture, secret, shell};

use super::authorization::Said;
use super::{PASSWORD, admin, footprint};

/// What every method that changes administrators says to an actor.
pub(super) async fn changes_of_admins(console: &Console, actor: &Actor) -> Vec<Said> {
    let (id, bea) = (AdminId(1), "bea@example.org");
    let new = NewInvitation {
        email: bea.to_owned(),
        role: Some(Role::Owner),
    };
    let form = SentForm::new("key", "administrators/invite", &bea);
    vec![
        (
            "invite_admin",
            console.invite_admin(actor, &new).await.err(),
        ),
        (
            "invite_admin_by_form",
            console.invite_admin_by_form(actor, &form, &new).await.err(),
        ),
        (
            "renew_admin_link",
            console.renew_admin_link(actor, bea).await.err(),
        ),
        (
            "withdraw_admin_link",
            console.withdraw_admin_link(actor, bea).await.err(),
        ),
        (
            "make_password_link",
            console.make_password_link(actor, id).await.err(),
        ),
        (
            "set_admin_role",
            console.set_admin_role(actor, id, Role::Owner).await.err(),
        ),
        (
            "disable_admin",
            console.disable_admin(actor, id).await.err(),
        ),
        ("enable_admin", console.enable_admin(actor, id).await.err()),
        (
            "end_admin_sessions",
            console.end_admin_sessions(actor, id).await.err(),
        ),
    ]
}

#[tokio::test]
async fn a_manager_changes_no_administrator() {
    let fixture = Fixture::new().await;
    let (console, manager) = (&fixture.console, admin(Role::Manager));
    let before = footprint(&fixture.database).await;
    for (method, outcome) in changes_of_admins(console, &manager).await {
        assert!(
            matches!(outcome, Some(Error::Forbidden(_))),
            "{method}: {outcome:?}"
        );
    }
    assert_eq!(footprint(&fixture.database).await, before);
}

#[tokio::test]
async fn an_auditor_reads_of_administrators_what_a_client_does_not() {
    let fixture = Fixture::new().await;
    let id = fixture.client().await.client.id;
    let (email, password) = ("ada@example.org", secret(PASSWORD));
    let console = &fixture.console;
    let made = console
        .create_admin(&shell(), email, Role::Owner, &password)
        .await;
    made.unwrap();
    let program = Actor::Client { id, address: None };
    for (actor, may) in [(admin(Role::Auditor), true), (program, false)] {
        for outcome in [
            console.list_admins(&actor, Cursor::First).await.err(),
            console.list_every_admin(&actor).await.err(),
            console.show_admin(&actor, AdminId(1)).await.err(),
            console.find_admin_id(&actor, email).await.err(),
            console.list_own_sessions(&actor).await.err(),
        ] {
            assert_eq!(outcome.is_none(), may, "{outcome:?}");
        }
        let refused = console.end_own_session(&actor, "").await;
        assert_eq!(matches!(refused, Err(Error::Forbidden(_))), !may);
    }
}
