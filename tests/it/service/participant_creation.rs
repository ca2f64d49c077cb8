//! Participants that are asked for twice, or by several at once.

use claviger::domain::role::Role;
use claviger::service::SentForm;
use tokio::task::JoinSet;

use crate::support::{Engine, Fixture, settings, shell};

use super::admin;
use super::participants::request;

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_participant() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    let manager = admin(Role::Manager);
    let request = request(porto, "ada");
    let form = SentForm::new("key", "participants/create", &request.typed);
    for _ in 0..2 {
        let answer = fixture
            .console
            .create_participant_by_form(&manager, &form, &request)
            .await
            .unwrap();
        assert_eq!(answer.made, "1");
    }
    assert_eq!(fixture.database.count("participants").await, 1);
}

#[tokio::test]
async fn of_many_at_once_one_gets_the_name() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let porto = fixture.organization("Porto", "").await;
        let mut making = JoinSet::new();
        for nickname in ["ada", "ADA", "Ada", "aDa"] {
            let console = fixture.console.clone();
            let request = request(porto, nickname);
            making.spawn(async move { console.create_participant(&shell(), &request).await });
        }
        let outcomes = making.join_all().await;
        let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(made, 1, "{engine:?}: {outcomes:?}");
        let refused = outcomes.into_iter().filter_map(Result::err);
        assert!(
            refused
                .into_iter()
                .all(|error| error.field("nickname").is_some())
        );
    }
}
