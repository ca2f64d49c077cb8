//! Posts that another site makes a browser send: all are refused, whatever they would have done.

mod forms;

use axum::http::Method;
use chrono::TimeDelta;
use claviger::domain::rotation::{OldSecrets, Rotation};

use forms::{
    admin_forms, bulk_form, copy_form, forms, participant_forms, secret_forms, token_forms,
};

use super::{Browser, EMAIL, FORM, PASSWORD, endpoints, form};
use crate::routes::everything;
use crate::support::{AppResponse, Fixture, shell};

/// Where a post may come from that is none of our pages.
const FOREIGN: [&[(&str, &str)]; 9] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[
        ("sec-fetch-site", "cross-site"),
        ("origin", "http://127.0.0.1:3000"),
    ],
    &[("sec-fetch-site", "")],
    &[("origin", "https://evil.example")],
    &[("origin", "http://127.0.0.1:3001")],
    &[("origin", "null")],
    &[("referer", "http://127.0.0.1:3000/system/api-clients")],
    &[],
];

async fn post(
    browser: &mut Browser,
    endpoint: &str,
    from: &[(&str, &str)],
    body: &str,
) -> AppResponse {
    let mut headers = vec![("accept", "text/html"), ("content-type", FORM)];
    headers.extend(from);
    browser
        .send(
            Method::POST,
            &format!("/system/do/{endpoint}?back=/system/sign-in"),
            &headers,
            body,
        )
        .await
}

async fn assert_turned_away(browser: &mut Browser, endpoint: &str, body: &str) {
    for from in FOREIGN {
        let answer = post(browser, endpoint, from, body).await;
        assert_eq!(answer.status.as_u16(), 403, "{endpoint} {from:?}");
        assert!(
            !answer.headers.contains_key("set-cookie") && !answer.headers.contains_key("location"),
            "{endpoint} {from:?}"
        );
        assert!(
            answer
                .headers
                .keys()
                .all(|name| !name.as_str().starts_with("access-control")),
            "{endpoint} {from:?}"
        );
        assert_eq!(
            answer.body,
            "This request did not come from a page of this server, so nothing was done.\n"
        );
    }
}

#[tokio::test]
async fn no_endpoint_takes_a_post_from_elsewhere() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let gone = fixture.organization("Gone", "").await;
    fixture
        .console
        .archive_organization(&shell(), gone)
        .await
        .unwrap();
    // Before the client, whose forms count the versions that they make.
    let copy = copy_form(&fixture).await;
    let bulk = bulk_form(&fixture).await;
    let mut others = participant_forms();
    others.extend(admin_forms(&fixture, &browser).await);
    let mut client = fixture.client().await;
    let beside = Rotation::unlabelled(OldSecrets::Keep);
    let id = client.client.id.to_string();
    let rotated = fixture.console.rotate_secret(&shell(), &id, beside).await;
    client.client = rotated.unwrap().client;
    let mut forms = forms(&client);
    // The last form signs out.
    forms.splice(forms.len() - 1..forms.len() - 1, others);
    forms.insert(forms.len() - 1, copy);
    forms.insert(forms.len() - 1, bulk);
    // Before the client is revoked.
    let place = forms
        .iter()
        .position(|(endpoint, _)| *endpoint == "clients/revoke");
    let place = place.unwrap();
    forms.splice(place..place, token_forms(&fixture, &client).await);
    forms.splice(place..place, secret_forms(&client));
    let mut covered: Vec<&str> = forms
        .iter()
        .map(|(endpoint, _)| *endpoint)
        .chain(["set-up"])
        .collect();
    covered.sort_unstable();
    assert_eq!(covered, endpoints(), "every endpoint has its form here");
    let reads = ["theme"];
    for (endpoint, body) in forms {
        // What is written at this moment differs from what was written before.
        fixture.advance(TimeDelta::seconds(1));
        let before = everything(&fixture).await;
        assert_turned_away(&mut browser, endpoint, &body).await;
        assert_eq!(everything(&fixture).await, before, "{endpoint}");

        // The same form from a page of ours does what it says, so the refusals above were for where it came from.
        let answer = post(
            &mut browser,
            endpoint,
            &[("sec-fetch-site", "same-origin")],
            &body,
        )
        .await;
        assert!(answer.status.as_u16() == 303, "{endpoint}: {answer:?}");
        assert_eq!(
            everything(&fixture).await == before,
            reads.contains(&endpoint),
            "{endpoint}"
        );
    }
}

#[tokio::test]
async fn nor_does_the_set_up() {
    let fixture = Fixture::new().await;
    let code = fixture.console.offer_setup().await.unwrap().unwrap();
    let body = form(&[
        ("form[code]", &code),
        ("form[email]", EMAIL),
        ("password", PASSWORD),
    ]);
    let mut browser = Browser::new(&fixture);
    let before = everything(&fixture).await;
    assert_turned_away(&mut browser, "set-up", &body).await;
    assert_eq!(everything(&fixture).await, before);
    let answer = post(
        &mut browser,
        "set-up",
        &[("origin", "http://127.0.0.1:3000")],
        &body,
    )
    .await;
    assert_eq!(
        answer.header("location"),
        "/system/organizations",
        "an old browser says only where it comes from"
    );
}

#[tokio::test]
async fn other_methods_and_addresses_are_no_way_around() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = everything(&fixture).await;
    let headers = [
        ("accept", "application/json"),
        ("content-type", FORM),
        ("sec-fetch-site", "cross-site"),
    ];
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        for path in [
            "/system/do/organizations/create",
            "/system/do/organizations/create/",
            "/system/api-clients",
            "/system/do/nothing",
            "/",
        ] {
            let answer = browser
                .send(
                    method.clone(),
                    path,
                    &headers,
                    "form[name]=Porto&form[host]=",
                )
                .await;
            assert_eq!(answer.status.as_u16(), 403, "{method} {path}");
        }
    }
    let override_post = [
        ("accept", "text/html"),
        ("x-http-method-override", "POST"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = browser
        .send(
            Method::GET,
            "/system/do/organizations/create?form[name]=Porto&form[host]=",
            &override_post,
            "",
        )
        .await;
    assert!([404, 405].contains(&answer.status.as_u16()));
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn tokens_are_asked_for_from_anywhere() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let authorization = crate::support::basic(client.client.id.as_str(), client.secret.expose());
    let headers = [
        ("authorization", authorization.as_str()),
        ("origin", "https://consumer.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = fixture
        .app()
        .post("/oauth/token", &headers, "grant_type=client_credentials")
        .await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(
        answer
            .headers
            .keys()
            .all(|name| !name.as_str().starts_with("access-control")),
        "but no page of another site reads the answer"
    );
}
