//! How the endpoints read parameters: strictly, and alike.

use axum::http::Method;
use claviger::service::CreatedClient;
use serde_json::Value;

use super::{ENDPOINTS, assert_refused, authorization, in_body, send};
use crate::support::{App, Fixture};

pub(super) const GRANT: &str = "grant_type=client_credentials";

/// Asks for a token with a JSON body, as it is.
pub(super) async fn ask(app: &App, body: &str) -> crate::support::AppResponse {
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
pub(super) fn json_with(client: &CreatedClient, more: &str) -> String {
    let (id, secret) = (&client.client.id, client.secret.expose());
    format!(
        r#"{{"grant_type":"client_credentials","client_id":"{id}","client_secret":"{secret}"{more}}}"#
    )
}

#[tokio::test]
async fn form_and_json_mean_the_same() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
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
async fn a_known_name_with_brackets_is_refused() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let header = authorization(&client);
    let refused = [
        "scope[]=public",
        "scope[]=public&scope[]=blogs",
        "scope=public&scope[]=blogs",
        "scope[0]=public",
        "scope[a][b]=public",
        "scope[=public",
        "scope%5B%5D=public",
        "scope%5b0%5d",
        "client_id[]=x",
        "client_secret[]=x",
        "client_assertion[]=x",
        "grant_type[]=client_credentials",
        "token[x]=y",
        "token_type_hint[]=access_token",
        "resource[]=https://a.example",
        "audience[0]=a",
        "username[]=ada",
        "password[]=x",
        "auth_type[]=login",
        "id[]=1",
    ];
    for endpoint in ENDPOINTS {
        for more in refused {
            let form = format!("{GRANT}&token=x&{more}");
            let answer = app
                .post(endpoint, &[("authorization", &header)], &form)
                .await;
            assert_refused(&answer, 400, "invalid_request");
        }
        let headers = [
            ("authorization", &*header),
            ("content-type", "application/json"),
        ];
        for more in [
            r#""scope[]":"public""#,
            r#""\u0073cope[0]":null"#,
            r#""resource[]":["a"]"#,
        ] {
            let body = format!(r#"{{"grant_type":"client_credentials","token":"x",{more}}}"#);
            let answer = send(&app, Method::POST, endpoint, &headers, &body).await;
            assert_refused(&answer, 400, "invalid_request");
        }
        for more in [
            "meta[name]=a&meta[scope]=b&extra[scope][]=c&meta[]=d&extra=e",
            "unknown[]=a&scopes[]=b&Scope[]=c&x[scope]=d&[scope]=e",
            "scope%255B%255D=public",
        ] {
            let form = format!("{GRANT}&token=x&{more}");
            let answer = app
                .post(endpoint, &[("authorization", &header)], &form)
                .await;
            assert_eq!(answer.status.as_u16(), 200, "{more}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn empty_and_null_are_absent() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
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
async fn a_name_that_stands_twice_is_refused() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
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
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let form = format!(
        "{GRANT}&{}&resource=a&resource=b&audience=c&audience=d&unknown=e",
        in_body(&client)
    );
    assert_eq!(
        fixture
            .app()
            .post("/oauth/token", &[], &form)
            .await
            .status
            .as_u16(),
        200
    );
    let more = r#","resource":"a","resource":["b","c"],"audience":["d"],"unknown":"e""#;
    assert_eq!(
        ask(&fixture.app(), &json_with(&client, more))
            .await
            .status
            .as_u16(),
        200
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_not_guessed() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
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
