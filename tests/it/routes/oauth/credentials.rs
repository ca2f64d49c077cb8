//! Who calls: one way in a request, and one answer for every way to fail.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use claviger::domain::client::NewClient;
use claviger::service::CreatedClient;
use serde_json::json;

use super::{ENDPOINTS, FORM, assert_not_authenticated, authorization, in_body};
use crate::support::{AppResponse, Fixture, basic, new_client, noon, secret, shell};

const GRANT: &str = "grant_type=client_credentials&token=x";

/// A header of raw base64.
fn encoded(plain: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode(plain))
}

#[tokio::test]
async fn a_client_may_use_the_header_or_the_body() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let header = authorization(&client);
    let same_id = format!("{GRANT}&client_id={}", client.client.id);
    for endpoint in ENDPOINTS {
        let answers = [
            app.post(endpoint, &[("authorization", &header)], GRANT)
                .await,
            app.post(
                endpoint,
                &[("authorization", &header.replacen("Basic", "bASIC", 1))],
                GRANT,
            )
            .await,
            app.post(endpoint, &[("authorization", &header)], &same_id)
                .await,
            app.post(endpoint, &[], &format!("{GRANT}&{}", in_body(&client)))
                .await,
        ];
        for answer in answers {
            assert_eq!(answer.status.as_u16(), 200, "{endpoint}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_malformed_header_is_a_failed_authentication() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let app = fixture.app();
    let (id, secret) = (client.client.id.as_str(), client.secret.expose());
    let headers = [
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic not/base64!".to_owned(),
        format!("Basic {}=", STANDARD.encode(format!("{id}:{secret}"))),
        encoded(id.as_bytes()),
        encoded(format!(":{secret}").as_bytes()),
        encoded(format!("{id}:{secret}\u{e9}").as_bytes()),
        encoded(format!("{id}:{secret}\n").as_bytes()),
        encoded(format!("{id}:%zz").as_bytes()),
        encoded(&[0xFF, b':', 0xFE]),
        "Digest username=\"x\"".to_owned(),
        "x".to_owned(),
        String::new(),
    ];
    for endpoint in ENDPOINTS {
        for header in &headers {
            assert_not_authenticated(
                &app.post(endpoint, &[("authorization", header)], GRANT)
                    .await,
            );
        }
        let latin = HeaderValue::from_bytes(b"Basic \xE9\xE8=").unwrap();
        let request = Request::post(endpoint)
            .header("authorization", latin)
            .header("content-type", FORM);
        assert_not_authenticated(&app.send(request.body(Body::from(GRANT)).unwrap()).await);
        for form in [
            GRANT.to_owned(),
            format!("{GRANT}&client_id={id}"),
            format!("{GRANT}&client_secret={secret}"),
        ] {
            assert_not_authenticated(&app.post(endpoint, &[], &form).await);
        }
    }
}

#[tokio::test]
async fn a_token_does_not_authenticate_where_a_client_must() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    for endpoint in ["/oauth/token", "/oauth/revoke"] {
        assert_not_authenticated(
            &fixture
                .app()
                .post(
                    endpoint,
                    &[("authorization", &format!("Bearer {token}"))],
                    GRANT,
                )
                .await,
        );
    }
}

#[tokio::test]
async fn both_halves_of_the_header_are_form_decoded() {
    let fixture = Fixture::new().await;
    let new = NewClient {
        id: Some("a.b~c-d_e".to_owned()),
        ..new_client(None, &["system"], &[])
    };
    fixture
        .console
        .create_client(&shell(), &new, Some(secret("s.e~c-r_et-12")))
        .await
        .unwrap();
    for plain in [
        "a.b~c-d_e:s.e~c-r_et-12",
        "a%2Eb%7Ec%2Dd%5Fe:s%2ee%7ec%2dr%5fet%2D12",
        "%61.b~c-d_e:s.e~c-r_et-1%32",
    ] {
        let answer = fixture
            .app()
            .post(
                "/oauth/token",
                &[("authorization", &encoded(plain.as_bytes()))],
                GRANT,
            )
            .await;
        assert_eq!(answer.status.as_u16(), 200, "{plain}: {}", answer.body);
    }
    let answer = fixture
        .app()
        .post(
            "/oauth/token",
            &[("authorization", &encoded(b"a.b~c-d_e:s.e~c-r_et-1+2"))],
            GRANT,
        )
        .await;
    assert_not_authenticated(&answer);
}

/// What a client that fails is told at each endpoint: everything that crosses the wire. Each case comes from a
/// network of its own, so that none has failed too often.
async fn told(fixture: &Fixture, case: usize, host: &str, authorization: &str) -> Vec<String> {
    let app = fixture.app().at(host).from(&format!("10.0.{case}.1"));
    let mut told = Vec::new();
    for endpoint in ENDPOINTS {
        let answer: AppResponse = app
            .post(endpoint, &[("authorization", authorization)], GRANT)
            .await;
        assert_not_authenticated(&answer);
        told.push(format!(
            "{} {:?} {}",
            answer.status, answer.headers, answer.body
        ));
    }
    told
}

/// Clients of an organization at `porto.example`, each with another reason to be refused once an hour has passed; and one
/// that is fine.
struct Failing {
    fine: CreatedClient,
    elsewhere: CreatedClient,
    refused: Vec<(&'static str, CreatedClient)>,
}

impl Failing {
    async fn make(fixture: &Fixture) -> Self {
        let porto = fixture.organization("City of Porto", "porto.example").await;
        let gone = fixture.organization("Gone", "").await;
        let other = fixture.organization("Elsewhere", "").await;
        let elsewhere = fixture.client_of(Some(other), &["public"], &[]).await;
        let of_porto = async || fixture.client_of(Some(porto), &["public"], &[]).await;
        let service = &fixture.console;

        let revoked = of_porto().await;
        let id = revoked.client.id.as_str();
        service.revoke_client(&shell(), id).await.unwrap();
        let suspended = of_porto().await;
        let id = suspended.client.id.as_str();
        service.suspend_client(&shell(), id).await.unwrap();
        let ending = NewClient {
            expires_at: Some(noon() + TimeDelta::hours(1)),
            ..new_client(Some(porto), &["public"], &[])
        };
        let expired = service.create_client(&shell(), &ending, None).await;
        let rotate = async |client: &CreatedClient, keep_old| {
            let id = client.client.id.as_str();
            service.rotate_secret(&shell(), id, keep_old).await.unwrap();
        };
        let rotated = of_porto().await;
        rotate(&rotated, Duration::ZERO).await;
        let rotating = of_porto().await;
        rotate(&rotating, Duration::from_hours(1)).await;
        let archived = fixture.client_of(Some(gone), &["public"], &[]).await;
        service.archive_organization(&shell(), gone).await.unwrap();
        Self {
            fine: of_porto().await,
            elsewhere,
            refused: vec![
                ("revoked", revoked),
                ("suspended", suspended),
                ("expired", expired.unwrap()),
                ("secret revoked", rotated),
                ("secret expired", rotating),
                ("organization archived", archived),
            ],
        }
    }
}

#[tokio::test]
async fn every_way_to_fail_looks_alike() {
    let fixture = Fixture::new().await;
    let here = "127.0.0.1:3000";
    let Failing {
        fine,
        elsewhere,
        refused,
    } = Failing::make(&fixture).await;
    let (id, secret) = (fine.client.id.as_str(), fine.secret.expose());
    for (name, client) in &refused {
        let works_still = ["expired", "secret expired"].contains(name);
        let status = fixture.app().token(client, "").await.status;
        assert_eq!(status.as_u16() == 200, works_still, "{name}");
    }
    fixture.advance(TimeDelta::hours(1));

    let unknown = told(&fixture, 0, here, &basic("id_nobody", secret)).await;
    let mut failing = vec![
        ("wrong secret", here, basic(id, "key_wrong")),
        ("empty secret", here, basic(id, "")),
        (
            "another client's secret",
            here,
            basic(id, elsewhere.secret.expose()),
        ),
        ("an id that none can be", here, basic("x", secret)),
        (
            "an id in other case",
            here,
            basic(&id.to_uppercase(), secret),
        ),
        (
            "another organization's host",
            "porto.example",
            authorization(&elsewhere),
        ),
        (
            "a secret with a space",
            here,
            basic(id, &format!("{secret}+")),
        ),
        ("nothing readable", here, "Basic !".to_owned()),
    ];
    failing.extend(
        refused
            .iter()
            .map(|(name, client)| (*name, here, authorization(client))),
    );
    for (case, (name, host, authorization)) in failing.iter().enumerate() {
        assert_eq!(
            told(&fixture, case + 1, host, authorization).await,
            unknown,
            "{name}"
        );
    }
    assert_eq!(
        fixture.app().token(&fine, "").await.status.as_u16(),
        200,
        "the right secret works all the while"
    );
}

#[tokio::test]
async fn the_same_goes_for_credentials_in_the_body() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let body = json!({"grant_type": "client_credentials", "client_id": client.client.id.as_str(), "client_secret": "wrong"});
    let wrong = fixture.app().post_json("/oauth/token", &[], &body).await;
    let unknown = fixture
        .app()
        .post(
            "/oauth/token",
            &[],
            "grant_type=client_credentials&client_id=nobody&client_secret=x",
        )
        .await;
    assert_not_authenticated(&wrong);
    assert_not_authenticated(&unknown);
    assert_eq!(wrong.body, unknown.body);
}
