//! How the endpoints read a request: strictly, and alike.

use axum::http::Method;
use claviger::domain::client::NewClient;
use claviger::service::CreatedClient;
use serde_json::{Value, json};

use super::{ENDPOINTS, FORM, assert_refused, authorization, in_body, send};
use crate::support::{App, House, new_client, secret, shell};

const GRANT: &str = "grant_type=client_credentials";

/// Asks for a token with a JSON body, as it is.
async fn ask(app: &App, body: &str) -> crate::support::Answer {
    send(app, Method::POST, "/oauth/token", &[("content-type", "application/json")], body).await
}

/// A JSON object with a client's credentials and more members.
fn json_with(client: &CreatedClient, more: &str) -> String {
    let (id, secret) = (&client.client.id, client.secret.expose());
    format!(r#"{{"grant_type":"client_credentials","client_id":"{id}","client_secret":"{secret}"{more}}}"#)
}

#[tokio::test]
async fn form_and_json_mean_the_same() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let form = app.post("/oauth/token", &[], &format!("{GRANT}&{}&scope=public", in_body(&client))).await;
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
        ("7200", "123456789012", r#"{"grant_type":"client_credentials","client_id":7200,"client_secret":123456789012}"#),
        ("true", "-12345678901", r#"{"grant_type":"client_credentials","client_id":true,"client_secret":-12345678901}"#),
    ] {
        let new = NewClient { id: Some(id.to_owned()), ..new_client(None, &["system"], &[]) };
        house.service.create_client(&shell(), &new, Some(secret(chosen))).await.unwrap();
        let answer = ask(&house.app(), body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn empty_and_null_are_absent() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for more in [r#","scope":null"#, r#","scope":"""#, r#","resource":[],"audience":null,"meta":null,"extra":{}"#] {
        let answer = ask(&app, &json_with(&client, more)).await;
        assert_eq!(answer.json()["scope"], "public proposals blogs", "{more}");
    }
    assert_refused(&ask(&app, r#"{"grant_type":null}"#).await, 400, "invalid_request");
    let beside = [("authorization", &*authorization(&client))];
    let answer = app.post("/oauth/token", &beside, &format!("{GRANT}&client_id=&client_secret=&scope")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
}

#[tokio::test]
async fn only_meta_and_extra_nest() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for more in [r#","meta":{"name":"Ada","accept_tos_on_register":true},"extra":{"age":36,"note":null}"#, r#","resource":["https://a.example","https://b.example"]"#] {
        assert_eq!(ask(&app, &json_with(&client, more)).await.status.as_u16(), 200, "{more}");
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
        assert_refused(&ask(&app, &json_with(&client, more)).await, 400, "invalid_request");
    }
    let form = format!("{GRANT}&{}&meta%5Bname%5D=Ada&meta[email]=a@example.org&extra%5Bage%5D=36", in_body(&client));
    assert_eq!(app.post("/oauth/token", &[], &form).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_name_that_stands_twice_is_refused() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    for repeated in ["scope=public&scope=public", "grant_type=client_credentials", "client_id=a", "unknown=1&unknown=2", "sc%6Fpe=public&scope=blogs", "x&x", "scope=&scope="] {
        let form = format!("{GRANT}&{}&{repeated}", in_body(&client));
        assert_refused(&app.post("/oauth/token", &[], &form).await, 400, "invalid_request");
    }
    for more in [
        r#","scope":"public","scope":"public""#,
        r#","\u0073cope":"public","scope":"blogs""#,
        r#","meta":{"name":"a","name":"b"}"#,
        r#","meta":{"name":"a"},"meta":{"email":"b"}"#,
        r#","meta":{"name":"a"},"meta[name]":"b""#,
        r#","extra":null,"extra":{"a":1}"#,
    ] {
        assert_refused(&ask(&app, &json_with(&client, more)).await, 400, "invalid_request");
    }
}

#[tokio::test]
async fn resource_and_audience_may_stand_twice_and_unknown_names_once() {
    let house = House::new().await;
    let client = house.client().await;
    let form = format!("{GRANT}&{}&resource=a&resource=b&audience=c&audience=d&unknown=e", in_body(&client));
    assert_eq!(house.app().post("/oauth/token", &[], &form).await.status.as_u16(), 200);
    let more = r#","resource":"a","resource":["b","c"],"audience":["d"],"unknown":"e""#;
    assert_eq!(ask(&house.app(), &json_with(&client, more)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn nothing_is_taken_from_the_address() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let form = format!("{GRANT}&{}&token=x", in_body(&client));
    for endpoint in ENDPOINTS {
        for query in ["scope=public", "x", "access_token=abc", &form] {
            let answer = app.post(&format!("{endpoint}?{query}"), &[], &form).await;
            assert_refused(&answer, 400, "invalid_request");
        }
    }
    assert_eq!(app.post("/oauth/token?", &[], &form).await.status.as_u16(), 200);
}

#[tokio::test]
async fn other_content_types_are_refused() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let form = format!("{GRANT}&{}&token=x", in_body(&client));
    for endpoint in ENDPOINTS {
        assert_refused(&send(&app, Method::POST, endpoint, &[], &form).await, 415, "invalid_request");
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/xml", "application/x-www-form-urlencodedx", "application/jsonp", ""] {
            assert_refused(&send(&app, Method::POST, endpoint, &[("content-type", kind)], &form).await, 415, "invalid_request");
        }
    }
    for kind in ["application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-URLencoded", "application/x-www-form-urlencoded ;charset=UTF-8"] {
        assert_eq!(send(&app, Method::POST, "/oauth/token", &[("content-type", kind)], &form).await.status.as_u16(), 200, "{kind}");
    }
    let json = json_with(&client, "");
    let answer = send(&app, Method::POST, "/oauth/token", &[("content-type", "application/json; charset=utf-8")], &json).await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn sixteen_kibibytes_are_enough() {
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let filled = |length: usize| {
        let form = format!("{GRANT}&{}&token=x&fill=", in_body(&client));
        format!("{form}{}", "x".repeat(length - form.len()))
    };
    let answer = send(&app, Method::POST, "/oauth/token", &[("content-type", FORM)], &filled(16 * 1024)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    for endpoint in ENDPOINTS {
        let answer = send(&app, Method::POST, endpoint, &[("content-type", FORM)], &filled(16 * 1024 + 1)).await;
        assert_refused(&answer, 413, "invalid_request");
    }
}

#[tokio::test]
async fn the_endpoints_take_posts_only() {
    let app = House::new().await.app();
    for endpoint in ENDPOINTS {
        for method in ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"] {
            let answer = send(&app, method.parse().unwrap(), endpoint, &[], "").await;
            assert_eq!(answer.status.as_u16(), 405, "{method}");
            assert_eq!(answer.header("allow"), "POST", "{method}");
            assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{method}");
            super::assert_kept_from_caches(&answer);
            if method != "HEAD" {
                assert_refused(&answer, 405, "invalid_request");
            }
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_guessed() {
    let house = House::new().await;
    let app = house.app();
    for endpoint in ENDPOINTS {
        for form in ["grant_type=%", "grant_type=%4", "grant_type=%zz", "grant_type=%ff", "%ff=1"] {
            assert_refused(&app.post(endpoint, &[], form).await, 400, "invalid_request");
        }
        for body in ["", "{", "[]", "\"text\"", "null", "7", r#"{"a":"b"}{"c":"d"}"#, r#"{"a":"b",}"#, "grant_type=client_credentials", "\u{FEFF}{}", r#"{"a":"\ud800"}"#] {
            let answer = send(&app, Method::POST, endpoint, &[("content-type", "application/json")], body).await;
            assert_refused(&answer, 400, "invalid_request");
        }
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
        let answer = send(&app, Method::POST, endpoint, &[("content-type", "application/json")], &deep).await;
        assert_refused(&answer, 400, "invalid_request");
    }
}

#[tokio::test]
async fn a_refusal_echoes_nothing() {
    const CANARY: &str = "canary-4711";
    let house = House::new().await;
    let client = house.client().await;
    let app = house.app();
    let names = ["grant_type", "client_id", "client_secret", "scope", "token", "token_type_hint", "username", "password", "auth_type", "meta[name]", CANARY];
    for endpoint in ENDPOINTS {
        for name in names {
            let mut fields = json!({
                "grant_type": "client_credentials", "client_id": client.client.id.as_str(),
                "client_secret": client.secret.expose(), "scope": "system",
            });
            fields[name] = json!(CANARY);
            let form: Vec<String> = fields.as_object().unwrap().iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
            let form = form.join("&");
            let answers = [
                app.post_json(endpoint, &[], &fields).await,
                app.post(endpoint, &[], &form).await,
                app.post(endpoint, &[], &format!("{form}&{name}={CANARY}")).await,
                app.post(&format!("{endpoint}?{name}={CANARY}"), &[("authorization", CANARY)], &form).await,
                app.post(endpoint, &[("authorization", &format!("Bearer {CANARY}"))], &form).await,
            ];
            for answer in answers {
                assert!(!answer.body.contains("canary"), "{endpoint} {name}: {}", answer.body);
                assert!(!format!("{:?}", answer.headers).contains("canary"), "{endpoint} {name}: {:?}", answer.headers);
            }
        }
    }
}
