//! What a list of clients says of its own length.

use claviger::domain::client::{ClientFilter, StatusFilter};
use claviger::domain::count::{COUNT_BOUND, Count, SEARCH_BOUND};
use claviger::domain::page::{Cursor, PAGE_SIZE};

use crate::support::{Fixture, shell};

#[tokio::test]
async fn the_length_of_a_list_that_is_at_hand_is_known() {
    let fixture = Fixture::new().await;
    let first = fixture.client().await.client;
    fixture
        .console
        .suspend_client(&shell(), first.id.as_str())
        .await
        .unwrap();
    // As many again with the same name as are counted, so that the first is not among the newest.
    fixture
        .database
        .execute(&format!(
            "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n <= {COUNT_BOUND} + 1)
             INSERT INTO api_clients (number, id, name, name_key, scopes, generation, created_at, created_by, version)
             SELECT n, 'id_' || n, name, name_key, scopes, 0, created_at, created_by, version
             FROM n CROSS JOIN api_clients WHERE number = 1"
        ))
        .await;
    let asked = async |status, cursor| {
        let filter = ClientFilter {
            search: "dashboard".to_owned(),
            status,
            ..ClientFilter::default()
        };
        fixture
            .console
            .list_clients(&shell(), &filter, cursor)
            .await
            .unwrap()
    };
    let everyone = asked(StatusFilter::All, Cursor::First).await;
    assert_eq!(everyone.counts.all, Count::at_least(SEARCH_BOUND));
    assert_eq!(everyone.counts.suspended, Count::at_least(0));
    let suspended = asked(StatusFilter::Suspended, Cursor::First).await;
    assert_eq!(suspended.page.items.len(), 1);
    assert_eq!(suspended.counts.suspended, Count::exactly(1));
    assert_eq!(suspended.counts.all, Count::at_least(SEARCH_BOUND));
    let none = asked(StatusFilter::Revoked, Cursor::First).await;
    assert_eq!(none.counts.revoked, Count::exactly(0));
    // A last page is not the whole list.
    let first = asked(StatusFilter::Active, Cursor::First).await;
    assert_eq!(first.counts.active, Count::at_least(SEARCH_BOUND));
    let last = asked(StatusFilter::All, Cursor::After(PAGE_SIZE)).await;
    assert_eq!(last.page.after, None);
    assert_eq!(last.counts.all, Count::at_least(SEARCH_BOUND));
}
