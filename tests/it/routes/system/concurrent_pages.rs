//! Pages that load at the same time, on several threads.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use claviger::domain::client::NewClient;
use tokio::task::JoinSet;

use super::Browser;
use crate::support::{Fixture, new_client, shell};

const NEW: &str = "/system/api-clients/new";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_page_is_put_together_from_its_own_request() {
    let fixture = Fixture::new().await;
    let browser = Browser::signed_in(&fixture).await;
    let mut pages = vec![
        (NEW.to_owned(), "New client".to_owned()),
        (
            "/system/organizations".to_owned(),
            "Organizations".to_owned(),
        ),
    ];
    for name in ["Dashboard", "Mobile app", "Archive"] {
        let new = NewClient {
            name: Some(name.to_owned()),
            ..new_client(None, &["system"], &[])
        };
        let client = fixture
            .console
            .create_client(&shell(), &new, None)
            .await
            .unwrap()
            .client;
        pages.push((
            format!("/system/api-clients/{}", client.id),
            name.to_owned(),
        ));
    }
    let mut tasks = JoinSet::new();
    for turn in 0..48 {
        let mut browser = browser.clone();
        let (address, title) = pages[turn % pages.len()].clone();
        tasks.spawn(async move {
            let (page, title) = if turn % 7 == 0 {
                let fields = [("form[name]", "")];
                let page = browser.submit("clients/create", NEW, &fields).await;
                assert_eq!(page.status.as_u16(), 422);
                (page, "Error: New client".to_owned())
            } else {
                let page = browser.open(&address).await;
                assert_eq!(page.status.as_u16(), 200, "{address}");
                (page, title)
            };
            assert!(
                page.body
                    .contains(&format!("<title>{title} · Claviger</title>")),
                "{address}: {}",
                page.body
            );
        });
    }
    tasks.join_all().await;
}

/// What panics while a page is put together may do so in a task of its own, of which its answer tells nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_page_panics_behind_its_answer() {
    let panics = Arc::new(AtomicUsize::new(0));
    let told = panic::take_hook();
    let counted = Arc::clone(&panics);
    panic::set_hook(Box::new(move |panic| {
        if panic
            .payload_as_str()
            .is_some_and(|text| text.contains("reactive value"))
        {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        told(panic);
    }));

    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let pages = [
        "/system/api-clients".to_owned(),
        "/system/api-clients?q=data&status=revoked".to_owned(),
        format!("/system/api-clients/{}", client.id),
        format!("/system/api-clients/{}/permissions", client.id),
        "/system/organizations".to_owned(),
    ];
    let browser = Browser::signed_in(&fixture).await;
    let mut tasks = JoinSet::new();
    for first in 0..4 {
        let (pages, mut browser) = (pages.clone(), browser.clone());
        tasks.spawn(async move {
            for page in pages.iter().cycle().skip(first).take(250) {
                let answer = browser.open(page).await;
                assert_eq!(answer.status.as_u16(), 200, "{page}");
                assert!(answer.body.contains("</html>"), "{page}");
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(panics.load(Ordering::Relaxed), 0);
}
