//! What administrators do while a password of theirs is hashed: what was proven counts only as far as it still holds when
//! the result is written.

use std::time::Duration;

use claviger::domain::admin::Admin;
use claviger::domain::error::Error;
use claviger::domain::role::Role;
use claviger::service::Actor;
use claviger::store::Tx;
use tokio::time::timeout;

use crate::support::{Engine, Fixture, noon, secret, settings};

use super::administrators::{code, id_of, resumed, signed_in};
use super::{PASSWORD, field, visitor};

const EMAIL: &str = "ada@example.org";

const CHOSEN: &str = "another sentence altogether";

/// What others do meanwhile.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    ReplacePassword,
    Disable,
    EndSessions,
    Demote,
}

impl Meanwhile {
    async fn happen(self, tx: &mut Tx, ada: &Actor) {
        let id = id_of(ada);
        match self {
            Self::ReplacePassword => tx.update_admin_password(id, "replaced").await.unwrap(),
            Self::Disable => tx.update_admin_disabled(id, Some(noon())).await.unwrap(),
            Self::EndSessions => assert_eq!(tx.delete_sessions_of(id).await.unwrap(), 1),
            Self::Demote => tx.update_admin_role(id, Role::Auditor).await.unwrap(),
        }
    }
}

/// What an act of an owner says when others commit after it has read and before it writes.
async fn outcome<T>(
    fixture: &Fixture,
    ada: &Actor,
    meanwhile: Meanwhile,
    act: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut tx = fixture.database.store.write().await.unwrap();
    tx.raise_directory_version().await.unwrap();
    meanwhile.happen(&mut tx, ada).await;
    tokio::pin!(act);
    let waiting = timeout(Duration::from_secs(1), &mut act).await;
    assert!(waiting.is_err(), "it waits for the other writer");
    tx.commit().await.unwrap();
    act.await
}

async fn admin_of(fixture: &Fixture) -> (Admin, String) {
    let mut tx = fixture.database.store.read().await.unwrap();
    let found = tx.find_admin(EMAIL).await.unwrap().unwrap();
    (found.admin, found.password_hash)
}

#[tokio::test]
async fn the_password_from_before_begins_no_session() {
    for engine in Engine::BOTH {
        for meanwhile in [Meanwhile::ReplacePassword, Meanwhile::Disable] {
            let fixture = Fixture::on(engine, settings()).await;
            let (ada, _) = signed_in(&fixture, EMAIL, Role::Owner).await;
            let (here, password) = (visitor("192.0.2.1"), secret(PASSWORD));
            let signing_in = fixture.console.sign_in(&here, EMAIL, &password);
            let refused = outcome(&fixture, &ada, meanwhile, Box::pin(signing_in)).await;
            assert_eq!(
                refused.unwrap_err(),
                Error::WrongCredentials,
                "{engine:?} {meanwhile:?}"
            );
            assert_eq!(fixture.database.count("admin_sessions").await, 1);
        }
    }
}

#[tokio::test]
async fn the_password_from_before_proves_nothing() {
    for engine in Engine::BOTH {
        for (meanwhile, said) in [
            (Meanwhile::ReplacePassword, "invalid"),
            (Meanwhile::Disable, "invalid"),
            (Meanwhile::EndSessions, "sign_in_required"),
        ] {
            let fixture = Fixture::on(engine, settings()).await;
            let (ada, session) = signed_in(&fixture, EMAIL, Role::Owner).await;
            fixture.advance(chrono::TimeDelta::minutes(10));
            let password = secret(PASSWORD);
            let confirming = fixture.console.confirm_password(&ada, &password);
            let refused = outcome(&fixture, &ada, meanwhile, Box::pin(confirming)).await;
            assert_eq!(code(refused), said, "{engine:?} {meanwhile:?}");
            if let Some(ada) = resumed(&fixture, &session).await {
                assert_eq!(code(ada.require_fresh_proof()), "password_needed");
            }
        }
    }
}

#[tokio::test]
async fn the_password_from_before_replaces_no_other() {
    for engine in Engine::BOTH {
        for (meanwhile, said) in [
            (Meanwhile::ReplacePassword, "invalid"),
            (Meanwhile::Disable, "invalid"),
            (Meanwhile::EndSessions, "sign_in_required"),
        ] {
            let fixture = Fixture::on(engine, settings()).await;
            let (ada, _) = signed_in(&fixture, EMAIL, Role::Owner).await;
            let (_, before) = admin_of(&fixture).await;
            let (current, chosen) = (secret(PASSWORD), secret(CHOSEN));
            let console = &fixture.console;
            let changing = console.change_own_password(&ada, &current, &chosen);
            let refused = outcome(&fixture, &ada, meanwhile, Box::pin(changing)).await;
            let refused = refused.unwrap_err();
            assert_eq!(refused.code(), said, "{engine:?} {meanwhile:?}");
            if said == "invalid" {
                assert_eq!(field(Err::<(), _>(refused)), "current");
            }
            let expected = match meanwhile {
                Meanwhile::ReplacePassword => "replaced",
                _ => &before,
            };
            assert_eq!(admin_of(&fixture).await.1, expected, "{meanwhile:?}");
        }
    }
}

#[tokio::test]
async fn who_is_no_owner_any_more_makes_no_administrator_and_resets_no_password() {
    for engine in Engine::BOTH {
        for meanwhile in [Meanwhile::Demote, Meanwhile::Disable] {
            let fixture = Fixture::on(engine, settings()).await;
            let (ada, _) = signed_in(&fixture, EMAIL, Role::Owner).await;
            let (console, chosen) = (&fixture.console, secret(CHOSEN));
            let making = console.create_admin(&ada, "bea@example.org", Role::Owner, &chosen);
            let refused = outcome(&fixture, &ada, meanwhile, Box::pin(making)).await;
            assert_eq!(code(refused), "right_missing", "{engine:?} {meanwhile:?}");
            assert_eq!(fixture.database.count("admins").await, 1);
            let (_, before) = admin_of(&fixture).await;
            let reset = console.reset_admin_password(&ada, EMAIL, &chosen).await;
            assert_eq!(code(reset), "right_missing", "{engine:?} {meanwhile:?}");
            assert_eq!(admin_of(&fixture).await.1, before);
        }
    }
}
