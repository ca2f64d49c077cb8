//! How the endpoints read parameters: strictly, and alike.

use axum::http::Method;
use claviger::domain::client::NewClient;
use claviger::service::CreatedClient;
use serde_json::Value;

use super::{ENDPOINTS, assert_not_authenticated, assert_refused, authorization, in_body, send};
use crate::support::{App, Fixture, new_client, secret, shell};

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
async fn numbers_and_booleans_are_read_as_their_text() {
    let fixture = Fixture::new().await;
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
        (
            "0.10",
            "123456789012345678901234567890",
            r#"{"grant_type":"client_credentials","client_id":0.10,"client_secret":123456789012345678901234567890}"#,
        ),
        (
            "1e400",
            "-0.3333333333333333333333",
            r#"{"grant_type":"client_credentials","client_id":1e400,"client_secret":-0.3333333333333333333333,"scope":null}"#,
        ),
    ] {
        let new = NewClient {
            id: Some(id.to_owned()),
            ..new_client(None, &["system"], &[])
        };
        fixture
            .console
            .create_client(&shell(), &new, Some(secret(chosen)))
            .await
            .unwrap();
        let answer = ask(&fixture.app(), body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    }
}

/// Another number, though it is the same to whoever counts with doubles.
#[tokio::test]
async fn two_numbers_that_differ_in_one_digit_are_two_texts() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        id: Some("1.0".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    let chosen = secret("123456789012345678901234567890");
    fixture
        .console
        .create_client(&shell(), &new, Some(chosen))
        .await
        .unwrap();
    for (id, secret) in [
        ("1.0", "123456789012345678901234567891"),
        ("1", "123456789012345678901234567890"),
        ("1.0", "1.2345678901234567e+29"),
        ("1.0", "\"123456789012345678901234567890 \""),
    ] {
        let body = format!(
            r#"{{"grant_type":"client_credentials","client_id":{id},"client_secret":{secret}}}"#
        );
        assert_not_authenticated(&ask(&fixture.app(), &body).await);
    }
    let body = r#"{"grant_type":"client_credentials","client_id":1.0,"client_secret":123456789012345678901234567890"#;
    assert_refused(
        &ask(&fixture.app(), &format!("{body},\"scope\":1e5}}")).await,
        400,
        "invalid_scope",
    );
    assert_eq!(
        ask(&fixture.app(), &format!("{body}}}"))
            .await
            .status
            .as_u16(),
        200
    );
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
async fn only_meta_and_extra_nest() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
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
