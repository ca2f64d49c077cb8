//! When a list of clients says how many there are.

use claviger::domain::client::{ClientFilter, StatusFilter};
use claviger::domain::count::Count;
use claviger::domain::ids::OrganizationId;
use claviger::domain::page::Cursor;

use crate::support::{Fixture, shell};

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
