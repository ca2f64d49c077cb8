//! Whose tokens pass at which host, and who says which host that is.

use ipnet::IpNet;

use super::{ask, assert_dead, assert_passes, assert_refused};
use crate::support::{App, Fixture};

/// The source system accepts it.
#[tokio::test]
async fn g9_a_token_of_another_tenant_is_refused() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let basel = fixture.organization("Basel", "basel.example").await;
    let of_porto = fixture.client_of(Some(porto), &["public"], &[]).await;
    let of_basel = fixture.client_of(Some(basel), &["public"], &[]).await;
    let of_none = fixture.client_of(None, &["system"], &[]).await;
    let app = fixture.app();
    let [own, other, system] = [
        app.issued(&of_porto, "").await,
        app.issued(&of_basel, "").await,
        app.issued(&of_none, "").await,
    ];
    for host in ["porto.example", "PORTO.example.:8443"] {
        let app = app.at(host);
        assert_passes(&ask(&app, "", &own).await);
        assert_passes(&ask(&app, "", &system).await);
        assert_dead(&ask(&app, "", &other).await);
    }
    for host in ["127.0.0.1:3000", "api.example"] {
        assert_passes(&ask(&app.at(host), "", &other).await);
    }
    assert_refused(&ask(&app.at("a b"), "", &own).await, 400, "invalid_request");
}

#[tokio::test]
async fn a_trusted_proxy_alone_says_for_which_host_it_asks() {
    let fixture = Fixture::new().await;
    let porto = fixture.organization("Porto", "porto.example").await;
    let basel = fixture.organization("Basel", "basel.example").await;
    let client = fixture.client_of(Some(porto), &["public"], &[]).await;
    fixture.client_of(Some(basel), &["public"], &[]).await;
    let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
    let app = App::behind(fixture.services(), trusted);
    let bearer = format!("Bearer {}", app.issued(&client, "").await);
    let asked = async |peer: &str, host: &str, forwarded: &[&str]| {
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(forwarded.iter().map(|line| ("x-forwarded-host", *line)));
        let app = app.from(peer).at(host);
        app.get("/oauth/verify", &headers).await.status.as_u16()
    };
    for (host, forwarded, behind_proxy, stranger) in [
        ("claviger", &["basel.example"][..], 401, 400),
        ("basel.example", &["porto.example:443"], 204, 400),
        ("porto.example", &["api.example"], 204, 400),
        ("basel.example", &["claviger"], 204, 400),
        ("basel.example", &[], 401, 401),
        ("basel.example", &["BASEL.example.:443"], 401, 401),
        ("porto.example:80", &["porto.example"], 204, 204),
        ("porto.example", &["porto.example, porto.example"], 400, 400),
        (
            "porto.example",
            &["porto.example", "porto.example"],
            400,
            204,
        ),
        ("porto.example", &["porto.example", "api.example"], 400, 400),
        ("porto.example", &[""], 400, 400),
        ("a b", &["porto.example"], 400, 400),
    ] {
        let case = format!("{host} {forwarded:?}");
        assert_eq!(
            asked("10.1.2.3", host, forwarded).await,
            behind_proxy,
            "{case}"
        );
        assert_eq!(
            asked("192.0.2.7", host, forwarded).await,
            stranger,
            "{case}"
        );
    }
}

/// Else a proxy that the settings do not name would be asked about at its own host, where tokens of all may pass.
#[tokio::test]
async fn a_proxy_that_was_forgotten_is_told_what_is_missing() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let token = app.issued(&fixture.client().await, "").await;
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("x-forwarded-host", "api.example"),
    ];
    let answer = app.at("claviger").get("/oauth/verify", &headers).await;
    assert_refused(&answer, 400, "invalid_request");
    assert!(answer.body.contains("CLAVIGER_TRUSTED_PROXIES"));
    assert!(!answer.body.contains("api.example"));
    assert_passes(&app.at("api.example").get("/oauth/verify", &headers).await);
    // What does not depend on the host that a proxy names is as before.
    let metadata = "/.well-known/oauth-authorization-server";
    let answer = app.at("claviger").get(metadata, &headers).await;
    assert_eq!(answer.status.as_u16(), 200);
}
