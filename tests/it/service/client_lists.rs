//! When a list of clients says how many there are.

use chrono::TimeDelta;
use claviger::domain::client::{ClientFilter, NewClient, StatusFilter};
use claviger::domain::count::Count;
use claviger::domain::ids::OrganizationId;
use claviger::domain::page::Cursor;

use crate::support::{Fixture, new_client, noon, shell};

#[tokio::test]
async fn clients_are_counted_under_no_filter_but_the_status() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await.client;
    fixture
        .console
        .suspend_client(&shell(), first.id.as_str())
        .await
        .unwrap();
    let asked = async |filter: ClientFilter| {
        fixture
            .console
            .list_clients(&shell(), &filter, Cursor::First)
            .await
            .unwrap()
    };
    let one = Count::exactly(1);
    for status in StatusFilter::EVERY {
        let list = asked(ClientFilter {
            status,
            ..ClientFilter::default()
        })
        .await;
        let counts = list.counts.unwrap();
        assert_eq!((counts.all, counts.suspended), (one, one));
        assert_eq!(counts.active, Count::exactly(0));
    }
    for filter in [
        ClientFilter {
            search: "dashboard".to_owned(),
            ..ClientFilter::default()
        },
        ClientFilter {
            organization: Some(OrganizationId(1)),
            ..ClientFilter::default()
        },
        ClientFilter {
            scope: Some("system".to_owned()),
            ..ClientFilter::default()
        },
    ] {
        assert_eq!(asked(filter.clone()).await.counts, None, "{filter:?}");
    }
}

#[tokio::test]
async fn counts_follow_changes_of_another_node_and_the_passing_of_time() {
    let fixture = Fixture::new().await;
    let counts = async || {
        let filter = ClientFilter::default();
        let list = fixture
            .console
            .list_clients(&shell(), &filter, Cursor::First)
            .await
            .unwrap();
        let counts = list.counts.unwrap();
        (counts.active, counts.expiring, counts.expired)
    };
    let [none, one, two] = [0, 1, 2].map(Count::exactly);
    let end = noon() + TimeDelta::days(40);
    let client = NewClient {
        name: Some("Ending".to_owned()),
        expires_at: Some(end),
        ..new_client(None, &["system"], &[])
    };
    fixture
        .console
        .create_client(&shell(), &client, None)
        .await
        .unwrap();
    assert_eq!(counts().await, (one, none, none));
    let other = fixture.other_node().await;
    other
        .console
        .create_client(&shell(), &new_client(None, &["system"], &[]), None)
        .await
        .unwrap();
    assert_eq!(counts().await, (two, none, none));

    let tick = TimeDelta::microseconds(1);
    fixture.advance(TimeDelta::days(10));
    assert_eq!(counts().await, (two, none, none));
    fixture.advance(tick);
    assert_eq!(counts().await, (two, one, none));
    fixture.advance(TimeDelta::days(30) - tick - tick);
    assert_eq!(counts().await, (two, one, none));
    fixture.advance(tick);
    assert_eq!(counts().await, (one, none, one));
}
