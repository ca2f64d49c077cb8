//! `/health/live` and `/health/ready`.

use crate::support::House;

#[tokio::test]
async fn a_server_with_its_database_is_live_and_ready() {
    let house = House::new().await;
    for (path, body) in [
        ("/health/live", r#"{"status":"live"}"#),
        ("/health/ready", r#"{"status":"ready"}"#),
    ] {
        let answer = house.app().get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, body));
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn without_its_database_a_server_is_live_but_not_ready() {
    let house = House::new().await;
    house.service.close().await;
    assert_eq!(
        house.app().get("/health/live", &[]).await.status.as_u16(),
        200
    );
    let ready = house.app().get("/health/ready", &[]).await;
    assert_eq!(
        (ready.status.as_u16(), ready.body.as_str()),
        (503, r#"{"status":"unavailable"}"#)
    );
    assert_eq!(ready.header("cache-control"), "no-store");
}

#[tokio::test]
async fn health_tells_strangers_nothing_else() {
    let house = House::new().await;
    house.client().await;
    let ready = house.app().get("/health/ready?verbose=1", &[]).await;
    assert_eq!(ready.body, r#"{"status":"ready"}"#);
}
