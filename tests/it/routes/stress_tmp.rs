//! Temporary.

use std::time::Duration;

use super::system::Browser;
use crate::support::House;

#[tokio::test]
#[ignore = "temporary"]
async fn stress() {
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let house = House::new().await;
    let client = house.client().await;
    let mut browser = Browser::signed_in(&house).await;
    let mut stranger = Browser::new(&house);
    let id = client.client.id.to_string();
    for round in 0..rounds {
        for page in ["/system/setup".to_owned(), "/system/sign-in".to_owned(), "/nothing".to_owned()] {
            if tokio::time::timeout(Duration::from_secs(8), stranger.open(&page)).await.is_err() {
                eprintln!("HUNG {round} {page}");
            }
        }
        for page in ["/system/api-clients".to_owned(), "/system/api-clients/new".to_owned(), format!("/system/api-clients/{id}"), format!("/system/api-clients/{id}/permissions"), "/system/organizations".to_owned()] {
            if tokio::time::timeout(Duration::from_secs(8), browser.open(&page)).await.is_err() {
                eprintln!("HUNG {round} {page}");
            }
        }
        if tokio::time::timeout(Duration::from_secs(8), browser.call("viewer", &[])).await.is_err() {
            eprintln!("HUNG {round} viewer");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "temporary"]
async fn stress_multi() {
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let house = House::new().await;
    let client = house.client().await;
    let browser = Browser::signed_in(&house).await;
    let id = client.client.id.to_string();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8 {
        let mut browser = Browser { app: browser.app.clone(), cookies: browser.cookies.clone() };
        let mut stranger = Browser { app: browser.app.clone(), cookies: Default::default() };
        let id = id.clone();
        tasks.spawn(async move {
            for round in 0..rounds {
                for page in ["/system/setup".to_owned(), "/system/sign-in".to_owned(), "/nothing".to_owned()] {
                    if tokio::time::timeout(Duration::from_secs(8), stranger.open(&page)).await.is_err() {
                        eprintln!("HUNG {task} {round} {page}");
                    }
                }
                for page in ["/system/api-clients".to_owned(), "/system/api-clients/new".to_owned(), format!("/system/api-clients/{id}"), "/system/organizations".to_owned()] {
                    if tokio::time::timeout(Duration::from_secs(8), browser.open(&page)).await.is_err() {
                        eprintln!("HUNG {task} {round} {page}");
                    }
                }
            }
        });
    }
    tasks.join_all().await;
}
