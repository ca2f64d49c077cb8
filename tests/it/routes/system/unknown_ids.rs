//! Forms about ids and fields that are not theirs to name: each is refused, or passed over.

use super::{Browser, assert_refused};
use crate::routes::everything;
use crate::support::{Fixture, shell};

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
                "clients/rotate",
                vec![("form[id]", id), ("form[old]", "keep")],
            ),
            (
                "clients/label-secret",
                vec![("form[id]", id), ("form[number]", "1")],
            ),
            ("clients/end-secret", vec![("id", id), ("number", "1")]),
            ("clients/cancel-rotation", vec![("id", id), ("number", "1")]),
            ("clients/suspend", vec![("id", id)]),
            ("clients/resume", vec![("id", id)]),
            (
                "permissions/set",
                vec![
                    ("id", id),
                    ("switches[0][permission]", "blogs.read"),
                    ("switches[0][on]", "true"),
                ],
            ),
            ("permissions/save", vec![("form[id]", id)]),
            ("tokens/revoke-all", vec![("id", id)]),
        ] {
            assert_refused(
                &browser.call(endpoint, &fields).await,
                404,
                "There is no client",
            );
        }
    }
    for number in ["0", "-1", "99"] {
        for endpoint in ["reveal-secret", "end-secret", "cancel-rotation"] {
            let endpoint = format!("clients/{endpoint}");
            let fields = [("id", own), ("number", number)];
            let answer = browser.call(&endpoint, &fields).await;
            assert_refused(&answer, 404, "There is no such secret.");
        }
        let fields = [("form[id]", own), ("form[number]", number)];
        let answer = browser.call("clients/label-secret", &fields).await;
        assert_refused(&answer, 404, "There is no such secret.");
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
            (&after.scopes, after.organization_id),
            (&client.client.scopes, client.client.organization_id)
        );
    }
    let token = fixture.app().token(&client, "&scope=system").await;
    assert_eq!(token.status.as_u16(), 400);
}
