//! How the endpoints read parameters: strictly, and alike.

use axum::http::Method;
use claviger::domain::client::NewClient;
use claviger::service::CreatedClient;
use serde_json::Value;

use super::{ENDPOINTS, assert_refused, authorization, in_body, send};
use crate::support::{App, House, new_client, secret, shell};

const GRANT: &str = "grant_type=client_credentials";

/// Asks for a token with a JSON body, as it is.
async fn ask(app: &App, body: &str) -> crate::support::Answer {
    send(
        app,
        Method::POST,
        "/oauth/token",
        &[("content-type", "application/json")],
        body,
    )
    .await
}

/// A JSON object with a client's credentials and more members.
fn json_with(client: &CreatedClient, more: &str) -> String {
    let (id, secret) = (&client.client.id, client.secret.expose());
    format!(
        r#"{{"grant_type":"client_credentials","client_id":"{id}","client_secret":"{secret}"{more}}}"#
    )
}

#[tokio::test]
async fn form_and_json_mean_the_same() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let form = app
        .post(
            "/oauth/token",
            &[],
            &format!("{GRANT}&{}&scope=public", in_body(&client)),
        )
        .await;
    let json = ask(&app, &json_with(&client, r#","scope":"public""#)).await;
    let without_token = |body: &Value| {
        let mut body = body.clone();
        body["access_token"] = Value::Null;
        body
    };
    assert_eq!((form.status.as_u16(), json.status.as_u16()), (200, 200));
    assert_eq!(without_token(&form.json()), without_token(&json.json()));
}

#[tokio::test]
async fn numbers_and_booleans_are_read_as_their_text() {
    let house = House::new().await;
    for (id, chosen, body) in [
        (
            "7200",
            "123456789012",
            r#"{"grant_type":"client_credentials","client_id":7200,"client_secret":123456789012}"#,
        ),
        (
            "true",
            "-12345678901",
            r#"{"grant_type":"client_credentials","client_id":true,"client_secret":-12345678901}"#,
        ),
    ] {
        let new = NewClient {
            id: Some(id.to_owned()),
            ..new_client(None, &["system"], &[])
        };
        house
            .service
            .create_client(&shell(), &new, Some(secret(chosen)))
            .await
            .unwrap();
        let answer = ask(&house.app(), body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn empty_and_null_are_absent() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for more in [
        r#","scope":null"#,
        r#","scope":"""#,
        r#","resource":[],"audience":null,"meta":null,"extra":{}"#,
    ] {
        let answer = ask(&app, &json_with(&client, more)).await;
        assert_eq!(answer.json()["scope"], "public proposals blogs", "{more}");
    }
    assert_refused(
        &ask(&app, r#"{"grant_type":null}"#).await,
        400,
        "invalid_request",
    );
    let beside = [("authorization", &*authorization(&client))];
    let answer = app
        .post(
            "/oauth/token",
            &beside,
            &format!("{GRANT}&client_id=&client_secret=&scope"),
        )
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
}

#[tokio::test]
async fn only_meta_and_extra_nest() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for more in [
        r#","meta":{"name":"Ada","accept_tos_on_register":true},"extra":{"age":36,"note":null}"#,
        r#","resource":["https://a.example","https://b.example"]"#,
    ] {
        assert_eq!(
            ask(&app, &json_with(&client, more)).await.status.as_u16(),
            200,
            "{more}"
        );
    }
    for more in [
        r#","other":{}"#,
        r#","other":[]"#,
        r#","scope":["public"]"#,
        r#","meta":["name"]"#,
        r#","meta":{"name":{"first":"Ada"}}"#,
        r#","extra":{"list":[1]}"#,
        r#","resource":{"a":"b"}"#,
        r#","resource":[["a"]]"#,
    ] {
        assert_refused(
            &ask(&app, &json_with(&client, more)).await,
            400,
            "invalid_request",
        );
    }
    let form = format!(
        "{GRANT}&{}&meta%5Bname%5D=Ada&meta[email]=a@example.org&extra%5Bage%5D=36",
        in_body(&client)
    );
    assert_eq!(
        app.post("/oauth/token", &[], &form).await.status.as_u16(),
        200
    );
}

#[tokio::test]
async fn a_name_that_stands_twice_is_refused() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for repeated in [
        "scope=public&scope=public",
        "grant_type=client_credentials",
        "client_id=a",
        "unknown=1&unknown=2",
        "sc%6Fpe=public&scope=blogs",
        "x&x",
        "scope=&scope=",
    ] {
        let form = format!("{GRANT}&{}&{repeated}", in_body(&client));
        assert_refused(
            &app.post("/oauth/token", &[], &form).await,
            400,
            "invalid_request",
        );
    }
    for more in [
        r#","scope":"public","scope":"public""#,
        r#","\u0073cope":"public","scope":"blogs""#,
        r#","meta":{"name":"a","name":"b"}"#,
        r#","meta":{"name":"a"},"meta":{"email":"b"}"#,
        r#","meta":{"name":"a"},"meta[name]":"b""#,
        r#","extra":null,"extra":{"a":1}"#,
    ] {
        assert_refused(
            &ask(&app, &json_with(&client, more)).await,
            400,
            "invalid_request",
        );
    }
}

#[tokio::test]
async fn resource_and_audience_may_stand_twice_and_unknown_names_once() {
    let house = House::new().await;
    let client = house.client().await;
    let form = format!(
        "{GRANT}&{}&resource=a&resource=b&audience=c&audience=d&unknown=e",
        in_body(&client)
    );
    assert_eq!(
        house
            .app()
            .post("/oauth/token", &[], &form)
            .await
            .status
            .as_u16(),
        200
    );
    let more = r#","resource":"a","resource":["b","c"],"audience":["d"],"unknown":"e""#;
    assert_eq!(
        ask(&house.app(), &json_with(&client, more))
            .await
            .status
            .as_u16(),
        200
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_not_guessed() {
    let house = House::new().await;
    let app = house.app();
    for endpoint in ENDPOINTS {
        for form in [
            "grant_type=%",
            "grant_type=%4",
            "grant_type=%zz",
            "grant_type=%ff",
            "%ff=1",
        ] {
            assert_refused(&app.post(endpoint, &[], form).await, 400, "invalid_request");
        }
        for body in [
            "",
            "{",
            "[]",
            "\"text\"",
            "null",
            "7",
            r#"{"a":"b"}{"c":"d"}"#,
            r#"{"a":"b",}"#,
            "grant_type=client_credentials",
            "\u{FEFF}{}",
            r#"{"a":"\ud800"}"#,
        ] {
            let answer = send(
                &app,
                Method::POST,
                endpoint,
                &[("content-type", "application/json")],
                body,
            )
            .await;
            assert_refused(&answer, 400, "invalid_request");
        }
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
        let answer = send(
            &app,
            Method::POST,
            endpoint,
            &[("content-type", "application/json")],
            &deep,
        )
        .await;
        assert_refused(&answer, 400, "invalid_request");
    }
}
