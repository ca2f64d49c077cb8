//! Pages that load at the same time, on several threads.

use claviger::domain::client::NewClient;
use tokio::task::JoinSet;

use super::Browser;
use crate::support::{House, new_client, shell};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_page_is_put_together_from_its_own_request() {
    let house = House::new().await;
    let browser = Browser::signed_in(&house).await;
    let mut pages = vec![
        (
            "/system/api-clients/new".to_owned(),
            "New client".to_owned(),
        ),
        (
            "/system/organizations".to_owned(),
            "Organizations".to_owned(),
        ),
    ];
    let mut hand = Browser {
        app: browser.app.clone(),
        cookies: browser.cookies.clone(),
    };
    let refused = hand
        .submit(
            "clients/create",
            "/system/api-clients/new",
            &[("form[name]", "")],
        )
        .await;
    pages.push((
        refused.header("location").to_owned(),
        "Error: New client".to_owned(),
    ));
    for name in ["Dashboard", "Mobile app", "Archive"] {
        let new = NewClient {
            name: Some(name.to_owned()),
            ..new_client(None, &["system"], &[])
        };
        let client = house
            .service
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
        let mut browser = Browser {
            app: browser.app.clone(),
            cookies: browser.cookies.clone(),
        };
        let (address, title) = pages[turn % pages.len()].clone();
        tasks.spawn(async move {
            let page = browser.open(&address).await;
            assert_eq!(page.status.as_u16(), 200, "{address}");
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
