//! What an organization's own host knows, and whose name stands in tokens.

use claviger::service::Settings;
use claviger::service::settings::Issuer;
use serde_json::json;

use super::{assert_not_authenticated, assert_refused, authorization};
use crate::support::{Engine, Fixture, settings, shell};

const PORTO: &str = "porto.example";
const BASEL: &str = "basel.example";

/// A server that its users reach over TLS.
async fn secure_fixture() -> Fixture {
    let issuer = Issuer::parse("https://access.example.org").unwrap();
    Fixture::on(
        Engine::Sqlite,
        Settings {
            issuer,
            ..settings()
        },
    )
    .await
}

#[tokio::test]
async fn a_host_knows_the_clients_of_its_organization_alone() {
    let fixture = Fixture::new().await;
    let porto = fixture
        .client_of(
            Some(fixture.organization("City of Porto", PORTO).await),
            &["public"],
            &[],
        )
        .await;
    let basel = fixture
        .client_of(
            Some(fixture.organization("Canton of Basel", BASEL).await),
            &["public"],
            &[],
        )
        .await;
    let hostless = fixture.client().await;
    for host in [PORTO, "Porto.Example", "porto.example:8080"] {
        let app = fixture.app().at(host);
        let token = app.issued(&porto, "").await;
        assert_eq!(
            app.introspect(&porto, &token).await["active"],
            true,
            "{host}"
        );
        for stranger in [&basel, &hostless] {
            assert_not_authenticated(&app.token(stranger, "").await);
            for endpoint in ["/oauth/introspect", "/oauth/revoke"] {
                let answer = app
                    .post(
                        endpoint,
                        &[("authorization", &authorization(stranger))],
                        &format!("token={token}"),
                    )
                    .await;
                assert_not_authenticated(&answer);
            }
        }
    }
    for host in [
        "127.0.0.1:3000",
        "elsewhere.example",
        "x.porto.example",
        "porto.example.evil.example",
    ] {
        for client in [&porto, &basel, &hostless] {
            fixture.app().at(host).issued(client, "").await;
        }
    }
}

#[tokio::test]
async fn the_host_is_the_one_that_was_asked() {
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", PORTO).await;
    let basel = fixture
        .client_of(
            Some(fixture.organization("Canton of Basel", BASEL).await),
            &["public"],
            &[],
        )
        .await;
    let header = authorization(&basel);
    for pretended in ["x-forwarded-host", "forwarded", "x-original-host", "x-host"] {
        let headers = [("authorization", header.as_str()), (pretended, BASEL)];
        assert_not_authenticated(
            &fixture
                .app()
                .at(PORTO)
                .post("/oauth/token", &headers, "grant_type=client_credentials")
                .await,
        );
    }
}

#[tokio::test]
async fn a_system_client_without_an_organization_is_known_everywhere() {
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", PORTO).await;
    let client = fixture.client_of(None, &["system"], &[]).await;
    for host in [PORTO, "127.0.0.1:3000"] {
        fixture.app().at(host).issued(&client, "").await;
    }
}

#[tokio::test]
async fn archiving_an_organization_ends_what_was_issued_at_its_host_and_frees_the_host() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("City of Porto", PORTO).await;
    fixture.organization("Canton of Basel", BASEL).await;
    let client = fixture
        .client_of(None, &["system"], &["system.tokens.introspect"])
        .await;
    let app = fixture.app();
    let through_porto = app.at(PORTO).issued(&client, "").await;
    let through_basel = app.at(BASEL).issued(&client, "").await;
    let lives = async |token: &str| app.introspect(&client, token).await["active"] == true;
    assert!(lives(&through_porto).await && lives(&through_basel).await);
    fixture
        .console
        .archive_organization(&shell(), porto)
        .await
        .unwrap();
    assert!(!lives(&through_porto).await);
    assert!(lives(&through_basel).await);
    // From now on the host is nobody's.
    let token = app.at(PORTO).issued(&client, "").await;
    assert_eq!(
        app.introspect(&client, &token).await["iss"],
        "http://127.0.0.1:3000"
    );
    assert_eq!(app.at(PORTO).get("/system/sign-in", &[]).await.status, 200);
    let next = fixture.organization("Porto again", PORTO).await;
    assert_not_authenticated(&app.at(PORTO).token(&fixture.client().await, "").await);
    let own = fixture.client_of(Some(next), &["public"], &[]).await;
    app.at(PORTO).issued(&own, "").await;
}

/// A row may be older than the issuer: no command gives an organization the issuer's own host.
#[tokio::test]
async fn the_issuers_own_host_is_no_organizations_whatever_the_rows_say() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let porto = fixture.organization("City of Porto", PORTO).await;
        let own = fixture.client_of(Some(porto), &["public"], &[]).await;
        let other = fixture.client().await;
        fixture
            .database
            .execute(
                "UPDATE directory_version SET version = version + 1;
                 UPDATE organizations SET host = '127.0.0.1', version = (SELECT version FROM directory_version)
                 WHERE id = 1",
            )
            .await;
        for host in [
            "127.0.0.1:3000",
            "127.0.0.1",
            "127.0.0.1.:80",
            "127.1:9",
            PORTO,
        ] {
            let app = fixture.app().at(host);
            let described = app
                .get("/.well-known/oauth-authorization-server", &[])
                .await;
            assert_eq!(
                described.json()["issuer"],
                "http://127.0.0.1:3000",
                "{host}"
            );
            assert_eq!(app.get("/system/sign-in", &[]).await.status, 200, "{host}");
            for client in [&own, &other] {
                let token = app.issued(client, "").await;
                let told = app.introspect(client, &token).await;
                assert_eq!(
                    (&told["iss"], &told["aud"]),
                    (
                        &json!("http://127.0.0.1:3000"),
                        &json!("http://127.0.0.1:3000")
                    ),
                    "{host}"
                );
            }
        }
        fixture
            .console
            .archive_organization(&shell(), porto)
            .await
            .unwrap();
        fixture.app().issued(&other, "").await;
        assert_not_authenticated(&fixture.app().token(&own, "").await);
    }
}

#[tokio::test]
async fn an_issuer_has_the_port_under_which_its_host_is_asked() {
    let fixture = secure_fixture().await;
    let client = fixture
        .client_of(
            Some(fixture.organization("City of Porto", PORTO).await),
            &["public"],
            &[],
        )
        .await;
    let app = fixture.app();
    let token = app.at("porto.example:8443").issued(&client, "").await;
    for (host, issuer) in [
        ("porto.example:8443", "https://porto.example:8443"),
        ("Porto.example.:8443", "https://porto.example:8443"),
        ("porto.example:443", "https://porto.example"),
        (PORTO, "https://porto.example"),
        ("access.example.org:8443", "https://porto.example"),
    ] {
        let told = app.at(host).introspect(&client, &token).await;
        assert_eq!(
            (&told["iss"], &told["aud"]),
            (&json!(issuer), &json!("https://porto.example")),
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_system_client_of_an_organization_stays_at_its_own_host() {
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", PORTO).await;
    let basel = fixture.organization("Canton of Basel", BASEL).await;
    let client = fixture.client_of(Some(basel), &["system"], &[]).await;
    assert_not_authenticated(&fixture.app().at(PORTO).token(&client, "").await);
    fixture.app().at(BASEL).issued(&client, "").await;
}

#[tokio::test]
async fn a_token_does_not_ask_at_another_organizations_host() {
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", PORTO).await;
    let basel = fixture
        .client_of(
            Some(fixture.organization("Canton of Basel", BASEL).await),
            &["public"],
            &[],
        )
        .await;
    let token = fixture.app().issued(&basel, "").await;
    let bearer = format!("Bearer {token}");
    for (host, status) in [(BASEL, 200), ("127.0.0.1:3000", 200), (PORTO, 401)] {
        let answer = fixture
            .app()
            .at(host)
            .post(
                "/oauth/introspect",
                &[("authorization", &bearer)],
                &format!("token={token}"),
            )
            .await;
        assert_eq!(answer.status.as_u16(), status, "{host}");
        if status == 401 {
            assert_refused(&answer, 401, "invalid_token");
        }
    }
}

#[tokio::test]
async fn a_token_names_the_door_it_came_through() {
    let fixture = secure_fixture().await;
    let client = fixture
        .client_of(
            Some(fixture.organization("City of Porto", PORTO).await),
            &["public"],
            &[],
        )
        .await;
    let app = fixture.app().at("access.example.org");
    let own = app.at(PORTO);
    let (here, there) = (own.issued(&client, "").await, app.issued(&client, "").await);
    for origin in [&own, &app] {
        let described = origin.introspect(&client, &here).await;
        assert_eq!(
            (&described["iss"], &described["aud"]),
            (
                &json!("https://porto.example"),
                &json!("https://porto.example")
            )
        );
        let described = origin.introspect(&client, &there).await;
        assert_eq!(
            (&described["iss"], &described["aud"]),
            (
                &json!("https://access.example.org"),
                &json!("https://porto.example")
            )
        );
    }
}

#[tokio::test]
async fn so_does_the_token_of_a_client_without_an_organization() {
    let fixture = secure_fixture().await;
    fixture.organization("City of Porto", PORTO).await;
    let client = fixture.client_of(None, &["system"], &[]).await;
    let app = fixture.app().at("access.example.org");
    let (here, there) = (
        app.at(PORTO).issued(&client, "").await,
        app.issued(&client, "").await,
    );
    let described = app.introspect(&client, &here).await;
    assert_eq!(
        (&described["iss"], &described["organization_id"]),
        (&json!("https://porto.example"), &json!(null))
    );
    assert_eq!(
        app.introspect(&client, &there).await["iss"],
        "https://access.example.org"
    );
}

#[tokio::test]
async fn where_an_organization_has_no_host_the_audience_is_the_issuer() {
    let fixture = secure_fixture().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    let described = fixture.app().introspect(&client, &token).await;
    assert_eq!(
        (&described["iss"], &described["aud"]),
        (
            &json!("https://access.example.org"),
            &json!("https://access.example.org")
        )
    );
}
