//! How the endpoints read JSON: numbers by their text, and objects where the contract has them.

use claviger::domain::client::NewClient;

use super::{assert_not_authenticated, assert_refused, in_body};
use crate::support::{Fixture, new_client, secret, shell};

use super::parsing::{GRANT, ask, json_with};

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
