//! What a request may look like before its parameters are read, and what no answer repeats.

use axum::http::Method;
use serde_json::json;

use super::{ENDPOINTS, FORM, assert_refused, in_body, send};
use crate::support::Fixture;

const GRANT: &str = "grant_type=client_credentials";

#[tokio::test]
async fn nothing_is_taken_from_the_address() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let form = format!("{GRANT}&{}&token=x", in_body(&client));
    for endpoint in ENDPOINTS {
        for query in ["scope=public", "x", "access_token=abc", &form] {
            let answer = app.post(&format!("{endpoint}?{query}"), &[], &form).await;
            assert_refused(&answer, 400, "invalid_request");
        }
    }
    assert_eq!(
        app.post("/oauth/token?", &[], &form).await.status.as_u16(),
        200
    );
}

#[tokio::test]
async fn other_content_types_are_refused() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let form = format!("{GRANT}&{}&token=x", in_body(&client));
    for endpoint in ENDPOINTS {
        assert_refused(
            &send(&app, Method::POST, endpoint, &[], &form).await,
            415,
            "invalid_request",
        );
        for kind in [
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/x-www-form-urlencodedx",
            "application/jsonp",
            "",
        ] {
            assert_refused(
                &send(
                    &app,
                    Method::POST,
                    endpoint,
                    &[("content-type", kind)],
                    &form,
                )
                .await,
                415,
                "invalid_request",
            );
        }
    }
    for kind in [
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-URLencoded",
        "application/x-www-form-urlencoded ;charset=UTF-8",
    ] {
        assert_eq!(
            send(
                &app,
                Method::POST,
                "/oauth/token",
                &[("content-type", kind)],
                &form
            )
            .await
            .status
            .as_u16(),
            200,
            "{kind}"
        );
    }
    let (id, secret) = (client.client.id.as_str(), client.secret.expose());
    let json =
        json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret})
            .to_string();
    let answer = send(
        &app,
        Method::POST,
        "/oauth/token",
        &[("content-type", "application/json; charset=utf-8")],
        &json,
    )
    .await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn a_body_that_is_packed_is_refused_for_that() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let form = format!("{GRANT}&{}&token=x", in_body(&client));
    for endpoint in ENDPOINTS {
        for coding in ["gzip", "GZIP", "br", "deflate, gzip", "identity", "x", ""] {
            let headers = [("content-type", FORM), ("content-encoding", coding)];
            let answer = send(&app, Method::POST, endpoint, &headers, &form).await;
            assert_refused(&answer, 415, "invalid_request");
            assert_eq!(answer.header("accept-encoding"), "identity", "{coding}");
            assert!(answer.body.contains("Content-Encoding"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_type_that_stands_twice_is_not_chosen_from() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let form = format!("{GRANT}&{}&token=x", in_body(&client));
    let json = "application/json";
    for endpoint in ENDPOINTS {
        for kinds in [
            &[FORM, FORM][..],
            &[FORM, json],
            &[json, FORM],
            &["text/plain", FORM],
            &[FORM, ""],
        ] {
            let headers: Vec<_> = kinds.iter().map(|kind| ("content-type", *kind)).collect();
            let answer = send(&app, Method::POST, endpoint, &headers, &form).await;
            assert_refused(&answer, 400, "invalid_request");
        }
        let joined = format!("{FORM}, {FORM}");
        let answer = send(
            &app,
            Method::POST,
            endpoint,
            &[("content-type", &joined)],
            &form,
        )
        .await;
        assert_refused(&answer, 400, "invalid_request");
    }
}

/// No page answers there, whoever asks and however.
#[tokio::test]
async fn below_the_addresses_of_programs_there_are_no_pages() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let browser = [
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", FORM),
    ];
    for path in [
        "/oauth",
        "/oauth/",
        "/oauth/token/",
        "/oauth/token/x",
        "/oauth/xyz",
        "/oauth//token",
        "//oauth/token",
        "/oauth%2Ftoken",
        "/oauth/%74oken/",
        "/OAUTH/TOKEN",
        "/oauth/xyz?access_token=x",
        "/.well-known",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/",
        "/health",
        "/health/",
        "/health/live/",
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            for headers in [&[][..], &browser] {
                let answer = send(&app, method.parse().unwrap(), path, headers, "a=b").await;
                assert_refused(&answer, 404, "invalid_request");
            }
        }
        let answer = send(&app, Method::HEAD, path, &[], "").await;
        // The connection leaves the body out.
        assert_eq!(answer.status.as_u16(), 404);
        super::assert_kept_from_caches(&answer);
        let large = "a".repeat(100_000);
        let long = [("content-length", "100000")];
        let answer = send(&app, Method::POST, path, &long, &large).await;
        assert_refused(&answer, 404, "invalid_request");
    }
}

#[tokio::test]
async fn sixteen_kibibytes_are_enough() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let filled = |length: usize| {
        let form = format!("{GRANT}&{}&token=x&fill=", in_body(&client));
        format!("{form}{}", "x".repeat(length - form.len()))
    };
    let answer = send(
        &app,
        Method::POST,
        "/oauth/token",
        &[("content-type", FORM)],
        &filled(16 * 1024),
    )
    .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    for endpoint in ENDPOINTS {
        let answer = send(
            &app,
            Method::POST,
            endpoint,
            &[("content-type", FORM)],
            &filled(16 * 1024 + 1),
        )
        .await;
        assert_refused(&answer, 413, "invalid_request");
    }
}

#[tokio::test]
async fn the_endpoints_take_posts_only() {
    let app = Fixture::new().await.app();
    for endpoint in ENDPOINTS {
        for method in [
            "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW",
        ] {
            let answer = send(&app, method.parse().unwrap(), endpoint, &[], "").await;
            assert_eq!(answer.status.as_u16(), 405, "{method}");
            assert_eq!(answer.header("allow"), "POST", "{method}");
            assert!(
                answer
                    .headers
                    .keys()
                    .all(|name| !name.as_str().starts_with("access-control")),
                "{method}"
            );
            super::assert_kept_from_caches(&answer);
            if method != "HEAD" {
                assert_refused(&answer, 405, "invalid_request");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_echoes_nothing() {
    const CANARY: &str = "canary-4711";
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let names = [
        "grant_type",
        "client_id",
        "client_secret",
        "scope",
        "token",
        "token_type_hint",
        "username",
        "password",
        "auth_type",
        "meta[name]",
        CANARY,
    ];
    for endpoint in ENDPOINTS {
        for name in names {
            let mut fields = json!({
                "grant_type": "client_credentials", "client_id": client.client.id.as_str(),
                "client_secret": client.secret.expose(), "scope": "system",
            });
            fields[name] = json!(CANARY);
            let form: Vec<String> = fields
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
                .collect();
            let form = form.join("&");
            let answers = [
                app.post_json(endpoint, &[], &fields).await,
                app.post(endpoint, &[], &form).await,
                app.post(endpoint, &[], &format!("{form}&{name}={CANARY}"))
                    .await,
                app.post(
                    &format!("{endpoint}?{name}={CANARY}"),
                    &[("authorization", CANARY)],
                    &form,
                )
                .await,
                app.post(
                    endpoint,
                    &[("authorization", &format!("Bearer {CANARY}"))],
                    &form,
                )
                .await,
            ];
            for answer in answers {
                assert!(
                    !answer.body.contains("canary"),
                    "{endpoint} {name}: {}",
                    answer.body
                );
                assert!(
                    !format!("{:?}", answer.headers).contains("canary"),
                    "{endpoint} {name}: {:?}",
                    answer.headers
                );
            }
        }
    }
}
