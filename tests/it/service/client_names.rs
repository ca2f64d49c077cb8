//! Two clients of one organization do not have one name.

use claviger::domain::client::{ClientDetails, NewClient};
use claviger::domain::complaint::Complaint;
use claviger::domain::error::{Error, FieldComplaint};

use super::clients::{details, update};
use super::footprint;
use crate::support::{Engine, Fixture, NAME, new_client, settings, shell};

fn taken(organization: Option<&str>, name: &str) -> Error {
    let complaint = Complaint::ClientNameTaken {
        organization: organization.map(ToOwned::to_owned),
        name: name.to_owned(),
    };
    Error::Invalid(vec![FieldComplaint::new("name", complaint)])
}

fn named(
    name: &str,
    fixture_organization: Option<claviger::domain::ids::OrganizationId>,
) -> NewClient {
    NewClient {
        name: Some(name.to_owned()),
        ..new_client(fixture_organization, &["system"], &[])
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_with_its_organization() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await.client;
    let porto = first.organization_id;
    let before = footprint(&fixture.database).await;
    let new = named(" participation DASHBOARD ", porto);
    let refused = fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap_err();
    assert_eq!(
        refused,
        taken(Some("City of Porto"), "participation DASHBOARD")
    );
    assert_eq!(
        refused.to_string(),
        "Another client of City of Porto is called “participation DASHBOARD”. Add what makes this one different."
    );
    assert_eq!(footprint(&fixture.database).await, before);

    let new = named(NAME, None);
    fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap();
    let refused = fixture
        .console
        .create_client(&shell(), &new, None)
        .await
        .unwrap_err();
    assert_eq!(refused, taken(None, NAME));
}

#[tokio::test]
async fn a_client_is_not_renamed_to_another_ones_name() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await.client;
    let second = fixture
        .client_of(first.organization_id, &["public"], &[])
        .await
        .client;
    let before = footprint(&fixture.database).await;
    let refused = update(&fixture, &second, details(NAME)).await;
    assert_eq!(refused, Err(taken(Some("City of Porto"), NAME)));
    assert_eq!(footprint(&fixture.database).await, before);
    // What keeps its name is changed as before.
    let kept = ClientDetails {
        allow_login: true,
        ..details(&second.name)
    };
    update(&fixture, &second, kept).await.unwrap();

    fixture
        .console
        .revoke_client(&shell(), first.id.as_str())
        .await
        .unwrap();
    let second = fixture.reload(&second).await;
    update(&fixture, &second, details(NAME)).await.unwrap();
}

/// Makes clients of one name at the same time, from two processes.
async fn one_of_many_wins(engine: Engine) {
    let fixture = Fixture::on(engine, settings()).await;
    let other = fixture.other_node().await.console;
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..8 {
        let console = if turn % 2 == 0 {
            fixture.console.clone()
        } else {
            other.clone()
        };
        tasks.spawn(async move {
            console
                .create_client(&shell(), &named("Archive", None), None)
                .await
        });
    }
    let outcomes = tasks.join_all().await;
    let refused: Vec<Error> = outcomes.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused, vec![taken(None, "Archive"); 7]);
    assert_eq!(fixture.database.count("api_clients").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_gets_the_name_on_sqlite() {
    one_of_many_wins(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_gets_the_name_on_postgresql() {
    one_of_many_wins(Engine::Postgres).await;
}
