//! What owners do with administrators: roles, disabling, the end of sessions. There is always an owner.

use claviger::domain::error::Error;
use claviger::domain::ids::AdminId;
use claviger::domain::page::Cursor;
use claviger::domain::role::Role;
use claviger::domain::secret::Secret;
use claviger::service::Actor;

use crate::support::{Engine, Fixture, noon, secret, settings, shell};

use super::{PASSWORD, audit_log, footprint, kinds, visitor};

/// Makes an administrator, and begins a session of theirs.
pub(super) async fn signed_in(fixture: &Fixture, email: &str, role: Role) -> (Actor, Secret) {
    fixture
        .console
        .create_admin(&shell(), email, role, &secret(PASSWORD))
        .await
        .unwrap();
    another_session(fixture, email).await
}

/// Begins another session of an administrator.
pub(super) async fn another_session(fixture: &Fixture, email: &str) -> (Actor, Secret) {
    let console = &fixture.console;
    let started = console
        .sign_in(&visitor("192.0.2.1"), email, &secret(PASSWORD))
        .await
        .unwrap();
    let actor = resumed(fixture, &started.id).await.unwrap();
    (actor, started.id)
}

pub(super) async fn resumed(fixture: &Fixture, session: &Secret) -> Option<Actor> {
    let console = &fixture.console;
    console
        .resume_session(session, &visitor("192.0.2.1"))
        .await
        .unwrap()
}

pub(super) fn id_of(actor: &Actor) -> AdminId {
    match actor {
        Actor::Admin { admin, .. } => admin.id,
        _ => panic!("{actor:?}"),
    }
}

/// The code of a refusal.
#[track_caller]
pub(super) fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.unwrap_err().code()
}

#[tokio::test]
async fn a_role_holds_with_the_next_request() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, session) = signed_in(&fixture, "bea@example.org", Role::Owner).await;
    let console = &fixture.console;
    for (role, kinds_of_events) in [(Role::Auditor, 1), (Role::Auditor, 1), (Role::Manager, 2)] {
        console
            .set_admin_role(&ada, id_of(&bea), role)
            .await
            .unwrap();
        let now = resumed(&fixture, &session).await.unwrap();
        assert_eq!(now.role(), Some(role));
        let kinds = kinds(&fixture, "admin:bea@example.org").await;
        let changes = kinds.iter().filter(|kind| *kind == "admin.role_changed");
        assert_eq!(changes.count(), kinds_of_events);
    }
    let last = audit_log(&fixture, "admin:bea@example.org").await.remove(0);
    assert_eq!(
        last.event.data(),
        r#"{"before":"auditor","after":"manager"}"#
    );
    assert_eq!(last.actor.name(), "ada@example.org");
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, session) = signed_in(&fixture, "bea@example.org", Role::Manager).await;
    let console = &fixture.console;
    let disabled = console.disable_admin(&ada, id_of(&bea)).await.unwrap();
    assert_eq!(disabled.disabled_at, Some(noon()));
    assert!(resumed(&fixture, &session).await.is_none());
    let signs_in = async || {
        let tried = console
            .sign_in(&visitor("192.0.2.1"), "bea@example.org", &secret(PASSWORD))
            .await;
        tried.is_ok()
    };
    assert!(!signs_in().await);
    let again = console.disable_admin(&ada, id_of(&bea)).await;
    assert_eq!(code(again), "disabled_already");
    let link = console.make_password_link(&ada, id_of(&bea)).await;
    assert_eq!(code(link), "admin_disabled");

    console.enable_admin(&ada, id_of(&bea)).await.unwrap();
    assert!(signs_in().await);
    assert!(
        resumed(&fixture, &session).await.is_none(),
        "the session from before stays ended"
    );
    let again = console.enable_admin(&ada, id_of(&bea)).await;
    assert_eq!(code(again), "not_disabled");
    let mut kinds = kinds(&fixture, "admin:bea@example.org").await;
    // The failed sign-in is written on the side.
    kinds.retain(|kind| kind != "admin.sign_in_failed");
    assert_eq!(
        kinds[..3],
        ["admin.signed_in", "admin.enabled", "admin.disabled"]
    );
}

#[tokio::test]
async fn an_owner_ends_the_sessions_of_others() {
    let fixture = Fixture::new().await;
    let (ada, own) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, one) = signed_in(&fixture, "bea@example.org", Role::Auditor).await;
    let (_, two) = another_session(&fixture, "bea@example.org").await;
    let console = &fixture.console;
    let shown = console.show_admin(&ada, id_of(&bea)).await.unwrap();
    assert_eq!(shown.sessions, 2);
    console.end_admin_sessions(&ada, id_of(&bea)).await.unwrap();
    assert!(resumed(&fixture, &one).await.is_none());
    assert!(resumed(&fixture, &two).await.is_none());
    assert!(resumed(&fixture, &own).await.is_some());
    let last = audit_log(&fixture, "admin:bea@example.org").await.remove(0);
    assert_eq!(last.event.data(), r#"{"sessions":2}"#);
    let before = footprint(&fixture.database).await;
    console.end_admin_sessions(&ada, id_of(&bea)).await.unwrap();
    assert_eq!(footprint(&fixture.database).await, before, "none is left");
}

#[tokio::test]
async fn the_last_owner_stays_whoever_asks() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Manager).await;
    let (id, console) = (id_of(&ada), &fixture.console);
    for actor in [&ada, &shell()] {
        let before = footprint(&fixture.database).await;
        for role in [Role::Manager, Role::Auditor] {
            let demoted = console.set_admin_role(actor, id, role).await;
            assert_eq!(code(demoted), "last_owner");
        }
        assert_eq!(code(console.disable_admin(actor, id).await), "last_owner");
        assert_eq!(footprint(&fixture.database).await, before);
    }
    assert!(console.show_admin(&ada, id).await.unwrap().is_last_owner);
    // A disabled owner is none who can sign in.
    let other = id_of(&bea);
    console
        .set_admin_role(&ada, other, Role::Owner)
        .await
        .unwrap();
    assert!(!console.show_admin(&ada, id).await.unwrap().is_last_owner);
    console.disable_admin(&ada, other).await.unwrap();
    assert_eq!(code(console.disable_admin(&ada, id).await), "last_owner");
    // With another one, an owner may step down.
    console.enable_admin(&ada, other).await.unwrap();
    console
        .set_admin_role(&ada, id, Role::Auditor)
        .await
        .unwrap();
}

/// Two owners who take the other's place away at the same moment.
async fn one_owner_is_left(engine: Engine) {
    for round in 0..6 {
        let fixture = Fixture::on(engine, settings()).await;
        let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
        let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Owner).await;
        let node = fixture.other_node().await;
        let act = async |console: &claviger::service::Console, actor: &Actor, at: &Actor| {
            if round % 2 == 0 {
                console
                    .set_admin_role(actor, id_of(at), Role::Auditor)
                    .await
            } else {
                console.disable_admin(actor, id_of(at)).await
            }
        };
        let (one, two) = tokio::join!(
            act(&fixture.console, &ada, &bea),
            act(&node.console, &bea, &ada)
        );
        let won = [&one, &two].into_iter().filter(|done| done.is_ok());
        assert_eq!(won.count(), 1, "{one:?} {two:?}");
        let refused = if one.is_ok() { two } else { one };
        assert_eq!(code(refused), "right_missing", "it is read again");
        let owners = "admins WHERE role = 'owner' AND disabled_at IS NULL";
        assert_eq!(fixture.database.count(owners).await, 1);
        node.close().await;
    }
}

#[tokio::test]
async fn two_owners_at_once_leave_one_on_sqlite() {
    one_owner_is_left(Engine::Sqlite).await;
}

#[tokio::test]
async fn two_owners_at_once_leave_one_on_postgres() {
    one_owner_is_left(Engine::Postgres).await;
}

#[tokio::test]
async fn two_shells_at_once_leave_one_owner() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Owner).await;
    let (console, shell) = (&fixture.console, shell());
    let (one, two) = tokio::join!(
        console.disable_admin(&shell, id_of(&ada)),
        console.disable_admin(&shell, id_of(&bea))
    );
    assert_ne!(one.is_ok(), two.is_ok());
    assert_eq!(code(one.and(two)), "last_owner");
}

#[tokio::test]
async fn who_lost_the_right_meanwhile_changes_nothing() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Owner).await;
    let (cid, _) = signed_in(&fixture, "cid@example.org", Role::Auditor).await;
    let console = &fixture.console;
    console
        .set_admin_role(&ada, id_of(&bea), Role::Manager)
        .await
        .unwrap();
    // The request of this actor was read before.
    let late = console.set_admin_role(&bea, id_of(&cid), Role::Owner).await;
    assert_eq!(code(late), "right_missing");
}

#[tokio::test]
async fn everybody_who_signs_in_may_read_who_the_others_are() {
    let fixture = Fixture::new().await;
    let (ada, _) = signed_in(&fixture, "ada@example.org", Role::Owner).await;
    let (bea, _) = signed_in(&fixture, "bea@example.org", Role::Auditor).await;
    let list = fixture.console.list_admins(&bea, Cursor::First).await;
    let rows = list.unwrap().page.items;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.admin.email.as_str(), row.made_by.as_str(), row.seen_at))
        .collect();
    assert_eq!(
        rows,
        [
            ("ada@example.org", "shell:tester", Some(noon())),
            ("bea@example.org", "shell:tester", Some(noon()))
        ]
    );
    let shown = fixture.console.show_admin(&bea, id_of(&ada)).await;
    assert_eq!(shown.unwrap().summary.admin.role, Role::Owner);
    let nobody = fixture.console.show_admin(&bea, AdminId(9)).await;
    assert_eq!(code(nobody), "admin_id_unknown");
}
