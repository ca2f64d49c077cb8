//! Forms that cannot be read: each is refused and changes nothing.

use axum::http::Method;

use super::{Browser, FORM, assert_refused, form, refusal};
use crate::routes::everything;
use crate::support::Fixture;

/// An endpoint, and a form that is not of its shape. `ID` and `VERSION` stand for those of a client.
const WRONG_SHAPES: [(&str, &str); 27] = [
    ("clients/create", "form=text"),
    ("clients/create", "form[name]=x&form[scopes]=system"),
    ("clients/create", "form[name]=x&form[scopes][name]=system"),
    (
        "clients/create",
        "form[name]=x&form[name]=y&form[scopes][]=system",
    ),
    ("clients/create", "form[name][]=x&form[scopes][]=system"),
    ("clients/update", ""),
    (
        "clients/update",
        "form[id]=ID&form[version]=one&form[name]=x",
    ),
    (
        "clients/update",
        "form[id]=ID&form[version]=VERSION&form[version]=VERSION&form[name]=x",
    ),
    (
        "clients/update",
        "form[id]=ID&form[version]=99999999999999999999&form[name]=x",
    ),
    ("clients/reveal-secret", "id=ID"),
    ("clients/reveal-secret", "id=ID&number=first"),
    ("clients/reveal-secret", "id=ID&id=ID&number=1"),
    ("clients/end-secret", "id=ID&number=first"),
    ("clients/cancel-rotation", "number=1"),
    ("clients/label-secret", "form[id]=ID&form[number]=first"),
    ("clients/rotate", "form[id]=ID&form[id]=ID&form[old]=keep"),
    ("clients/suspend", ""),
    ("clients/resume", "id=ID&id=ID"),
    ("clients/revoke", "confirm=Participation+dashboard"),
    (
        "clients/revoke",
        "id=ID&confirm=Participation+dashboard&confirm=x",
    ),
    (
        "permissions/set",
        "id=ID&switches[0][permission]=blogs.read",
    ),
    (
        "permissions/set",
        "id=ID&switches[0][permission]=blogs.read&switches[0][on]=maybe",
    ),
    (
        "permissions/set",
        "id=ID&switches[0][permission]=blogs.read&switches[0][permission]=blogs.write&switches[0][on]=true",
    ),
    ("permissions/save", "form[id]=ID&form[granted]=blogs.read"),
    ("organizations/create", "name=x"),
    ("organizations/create", "form[name][first]=x"),
    ("theme", ""),
];

#[tokio::test]
async fn a_form_of_the_wrong_shape_is_refused() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let version = client.client.version.to_string();
    let before = everything(&fixture).await;
    for (endpoint, body) in WRONG_SHAPES {
        let body = body.replace("ID", id).replace("VERSION", &version);
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
    assert_eq!(refusal(&answer).address, "/system/organizations/new");
    assert_eq!(answer.status.as_u16(), 422);
    assert!(
        answer
            .body
            .contains("The form was not filled in as expected.")
    );
    assert_eq!(everything(&fixture).await, before);
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
