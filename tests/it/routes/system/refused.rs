//! Forms that no page of ours sends: each is refused and changes nothing.

use axum::http::Method;

use super::{Browser, FORM, assert_refused, form, refusal};
use crate::routes::everything;
use crate::support::{Fixture, shell};

#[tokio::test]
async fn a_form_of_the_wrong_shape_is_refused() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let version = client.client.version;
    let before = everything(&fixture).await;
    for (endpoint, body) in [
        ("clients/show", String::new()),
        ("clients/create", "form=text".to_owned()),
        (
            "clients/create",
            "form[name]=x&form[scopes]=system".to_owned(),
        ),
        (
            "clients/create",
            "form[name]=x&form[scopes][name]=system".to_owned(),
        ),
        (
            "clients/create",
            "form[name]=x&form[name]=y&form[scopes][]=system".to_owned(),
        ),
        (
            "clients/create",
            "form[name][]=x&form[scopes][]=system".to_owned(),
        ),
        ("clients/update", String::new()),
        (
            "clients/update",
            format!("form[id]={id}&form[version]=one&form[name]=x"),
        ),
        (
            "clients/update",
            format!("form[id]={id}&form[version]={version}&form[version]={version}&form[name]=x"),
        ),
        (
            "clients/update",
            format!("form[id]={id}&form[version]=99999999999999999999&form[name]=x"),
        ),
        ("clients/reveal-secret", format!("id={id}")),
        ("clients/reveal-secret", format!("id={id}&number=first")),
        ("clients/reveal-secret", format!("id={id}&id={id}&number=1")),
        (
            "clients/revoke",
            "confirm=Participation+dashboard".to_owned(),
        ),
        (
            "clients/revoke",
            format!("id={id}&confirm=Participation+dashboard&confirm=x"),
        ),
        (
            "permissions/toggle",
            format!("id={id}&permission=blogs.read&version={version}"),
        ),
        (
            "permissions/toggle",
            format!("id={id}&permission=blogs.read&granted=maybe&version={version}"),
        ),
        (
            "permissions/toggle",
            format!(
                "id={id}&permission=blogs.read&permission=blogs.write&granted=true&version={version}"
            ),
        ),
        (
            "permissions/save",
            format!("form[id]={id}&form[version]={version}&form[granted]=blogs.read"),
        ),
        ("organizations/create", "name=x".to_owned()),
        ("organizations/create", "form[name][first]=x".to_owned()),
        ("theme", String::new()),
    ] {
        assert_refused(
            &browser.call_raw(endpoint, &body).await,
            422,
            "The form was not filled in as expected. Nothing was changed.",
        );
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn without_script_the_same_is_said_on_the_page() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = everything(&fixture).await;
    let answer = browser
        .submit(
            "organizations/create",
            "/system/organizations/new",
            &[("name", "x")],
        )
        .await;
    assert_eq!(refusal(&answer).0, "/system/organizations/new");
    assert_eq!(answer.status.as_u16(), 422);
    assert!(
        answer
            .body
            .contains("The form was not filled in as expected.")
    );
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn unknown_ids_are_refused() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let own = client.client.id.as_str();
    let before = everything(&fixture).await;
    for id in [
        "id_nobody",
        "",
        "x",
        "../organizations",
        "' OR 1=1 --",
        "<script>",
    ] {
        for (endpoint, fields) in [
            ("clients/show", vec![("id", id)]),
            (
                "clients/update",
                vec![
                    ("form[id]", id),
                    ("form[version]", "1"),
                    ("form[name]", "x"),
                ],
            ),
            ("clients/reveal-secret", vec![("id", id), ("number", "1")]),
            ("clients/revoke", vec![("id", id), ("confirm", "x")]),
            (
                "permissions/toggle",
                vec![
                    ("id", id),
                    ("permission", "blogs.read"),
                    ("granted", "true"),
                    ("version", "1"),
                ],
            ),
            (
                "permissions/save",
                vec![("form[id]", id), ("form[version]", "1")],
            ),
        ] {
            assert_refused(
                &browser.call(endpoint, &fields).await,
                404,
                "There is no client",
            );
        }
    }
    for number in ["0", "-1", "99"] {
        assert_refused(
            &browser
                .call("clients/reveal-secret", &[("id", own), ("number", number)])
                .await,
            404,
            "There is no such secret.",
        );
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_secret_is_revealed_under_its_own_client_alone() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let (client, other) = (fixture.client().await, fixture.client().await);
    let number = other.secret_number.to_string();
    let answer = browser
        .call(
            "clients/reveal-secret",
            &[("id", client.client.id.as_str()), ("number", &number)],
        )
        .await;
    assert_refused(&answer, 404, "There is no such secret.");
    fixture
        .console
        .rotate_secret(
            &shell(),
            other.client.id.as_str(),
            std::time::Duration::ZERO,
        )
        .await
        .unwrap();
    let answer = browser
        .call(
            "clients/reveal-secret",
            &[("id", other.client.id.as_str()), ("number", &number)],
        )
        .await;
    assert_refused(&answer, 404, "There is no such secret.");
}

#[tokio::test]
async fn scopes_stay_what_they_were_at_creation() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    for endpoint in ["clients/update", "permissions/save"] {
        let version = fixture.reload(&client.client).await.version.to_string();
        let fields = [
            ("form[id]", id),
            ("form[version]", &version),
            ("form[name]", "Renamed"),
            ("form[scopes][]", "system"),
            ("form[scopes][]", "budgets"),
            ("form[organization_id]", ""),
            ("form[token_ttl]", "9999999"),
            ("form[offered][]", "blogs.read"),
            ("form[granted][]", "blogs.read"),
            ("scopes[]", "system"),
        ];
        assert_eq!(
            browser.call(endpoint, &fields).await.status.as_u16(),
            200,
            "{endpoint}"
        );
        let after = fixture.reload(&client.client).await;
        assert_eq!(
            (&after.scopes, after.organization_id, after.token_ttl),
            (&client.client.scopes, client.client.organization_id, None)
        );
    }
    let token = fixture.app().token(&client, "&scope=system").await;
    assert_eq!(token.status.as_u16(), 400);
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_read() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = everything(&fixture).await;
    let body = format!("form[name]={}&form[host]=", "x".repeat(64 * 1024));
    let length = body.len().to_string();
    let headers = [
        ("accept", "application/json"),
        ("content-type", FORM),
        ("sec-fetch-site", "same-origin"),
    ];
    let announced: Vec<(&str, &str)> = headers
        .into_iter()
        .chain([("content-length", length.as_str())])
        .collect();
    let answer = browser
        .send(
            Method::POST,
            "/system/do/organizations/create",
            &announced,
            &body,
        )
        .await;
    assert_eq!(answer.status.as_u16(), 413);
    let answer = browser
        .send(
            Method::POST,
            "/system/do/organizations/create",
            &headers,
            &body,
        )
        .await;
    assert!(answer.status.is_client_error(), "{answer:?}");
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn what_is_no_form_is_not_read_as_one() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = everything(&fixture).await;
    let body = form(&[("form[name]", "Porto"), ("form[host]", "")]);
    for kind in [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json",
        "application/octet-stream",
        "",
    ] {
        for accept in ["application/json", "text/html"] {
            let headers = [
                ("accept", accept),
                ("content-type", kind),
                ("sec-fetch-site", "same-origin"),
            ];
            let answer = browser
                .send(
                    Method::POST,
                    "/system/do/organizations/create",
                    &headers,
                    &body,
                )
                .await;
            assert_eq!(answer.status.as_u16(), 415, "{kind}");
        }
    }
    assert_eq!(everything(&fixture).await, before);
    let headers = [
        ("accept", "application/json"),
        (
            "content-type",
            "application/x-www-form-urlencoded;charset=UTF-8",
        ),
        ("sec-fetch-site", "same-origin"),
    ];
    assert_eq!(
        browser
            .send(
                Method::POST,
                "/system/do/organizations/create",
                &headers,
                &body
            )
            .await
            .status
            .as_u16(),
        200
    );
}

#[tokio::test]
async fn a_link_changes_nothing() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let before = everything(&fixture).await;
    let query = form(&[
        ("form[name]", "Porto"),
        ("form[host]", ""),
        ("theme", "dark"),
    ]);
    for endpoint in super::endpoints() {
        for method in [Method::GET, Method::HEAD] {
            let headers = [("accept", "text/html"), ("sec-fetch-site", "cross-site")];
            let answer = browser
                .send(
                    method,
                    &format!("/system/do/{endpoint}?{query}"),
                    &headers,
                    "",
                )
                .await;
            assert!(
                [404, 405].contains(&answer.status.as_u16()),
                "{endpoint}: {}",
                answer.status
            );
            assert!(!answer.headers.contains_key("set-cookie"), "{endpoint}");
        }
    }
    assert_eq!(everything(&fixture).await, before);
}
