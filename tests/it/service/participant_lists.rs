//! Pages of participants.

use claviger::domain::count::Count;
use claviger::domain::page::Cursor;

use crate::support::{Fixture, shell};

use super::participants::add;

#[tokio::test]
async fn lists_come_in_pages_with_their_total() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "").await;
    for n in 0..53 {
        add(&fixture, porto, &format!("p{n:02}")).await;
    }
    let page = async |search: &str, cursor| {
        let (console, shell) = (&fixture.console, shell());
        let list = console.list_participants(&shell, porto, search, cursor);
        list.await.unwrap()
    };
    let first = page("", Cursor::First).await;
    assert_eq!(
        (first.page.items.len(), first.total),
        (50, Some(Count::exactly(53)))
    );
    let second = page("", Cursor::After(first.page.after.unwrap())).await;
    assert_eq!((second.page.items.len(), second.page.after), (3, None));
    let back = page("", Cursor::Before(second.page.before.unwrap())).await;
    assert_eq!(back.page.items, first.page.items);
    let found = page("P07", Cursor::First).await;
    assert_eq!((found.page.items.len(), found.total), (1, None));
}
