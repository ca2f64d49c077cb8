//! `/system/api-clients/:id`: secrets are made, labelled, cancelled and ended with plain forms; suspension, and the lifetime
//! of tokens.

use std::time::Duration;

use chrono::TimeDelta;
use claviger::domain::role::Role;
use claviger::domain::rotation::{OldSecrets, Rotation};
use claviger::service::CreatedClient;

use super::client_changes::address;
use super::{Browser, leads_to, refusal};
use crate::routes::everything;
use crate::support::{App, Fixture, basic, shell};

/// A client whose new secret waits for its first use, and that secret.
async fn rotating(fixture: &Fixture) -> (CreatedClient, CreatedClient) {
    let old = fixture.client().await;
    let rotation = Rotation::unlabelled(OldSecrets::UntilFirstUse(Duration::from_hours(1)));
    let id = old.client.id.as_str();
    let new = fixture.console.rotate_secret(&shell(), id, rotation).await;
    let new = new.unwrap();
    (old, new)
}

/// The page without the comments of the framework.
fn text(body: &str) -> String {
    body.replace("<!>", "").replace("<!---->", "")
}

async fn gets_token(app: &App, id: &str, secret: &str) -> bool {
    let authorization = basic(id, secret);
    let headers = [("authorization", authorization.as_str())];
    let answer = app
        .post("/oauth/token", &headers, "grant_type=client_credentials")
        .await;
    answer.status.as_u16() == 200
}

#[tokio::test]
async fn a_new_secret_is_shown_once_and_waits_for_its_first_use() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let (id, app) = (client.client.id.as_str(), fixture.app());
    assert!(gets_token(&app, id, client.secret.expose()).await);
    fixture.tokens.flush_usage().await.unwrap();
    let page = text(&browser.open(&address(&client)).await.body);
    assert!(page.contains("1 of at most 5 secrets works."), "{page}");
    let dialog = browser.open(&format!("{}/rotate", address(&client))).await;
    let key = dialog
        .body
        .split_once(r#"name="form[form_key]" value=""#)
        .and_then(|(_, rest)| rest.split('"').next())
        .unwrap()
        .to_owned();
    let fields = [
        ("form[form_key]", key.as_str()),
        ("form[id]", id),
        ("form[label]", "Website"),
        ("form[old]", "first-use"),
        ("form[grace]", "3600"),
    ];
    let back = format!("{}/rotate", address(&client));
    for _ in 0..2 {
        let made = browser.submit("clients/rotate", &back, &fields).await;
        assert_eq!(leads_to(&made), format!("{}?rotated", address(&client)));
    }
    assert_eq!(fixture.database.count("client_secrets").await, 2);
    let shown = browser.open(&address(&client)).await.body;
    let start = shown.find("key_").unwrap();
    let secret = shown[start..start + 36].to_owned();
    let page = text(&browser.open(&address(&client)).await.body);
    assert!(!page.contains(&secret), "shown once");
    for words in [
        "Client secret 2: Website",
        "Not used yet",
        "Secret 2 has not been used yet.",
        "After its first use the older secret goes on for 1\u{a0}hour. Then it ends by itself.",
        "Secret 1 is still used: last ",
        "from 192.0.2.0/24",
        "/system/do/clients/cancel-rotation",
        "End the old one now…",
        "2 of at most 5 secrets work.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(gets_token(&app, id, &secret).await);
    let page = text(&browser.open(&address(&client)).await.body);
    for words in ["Ending", "Expires on 23 Nov 2026 at 13:00 UTC."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("cancel-rotation"));
    fixture.advance(TimeDelta::hours(1));
    let page = browser.open(&address(&client)).await;
    // The session has ended meanwhile.
    leads_to(&page);
    assert!(!gets_token(&app, id, client.secret.expose()).await);
}

#[tokio::test]
async fn what_becomes_of_the_older_secrets_has_to_be_said() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let back = format!("{}/rotate", address(&client));
    let before = everything(&fixture).await;
    for (old, grace) in [("", "3600"), ("later", "0"), ("now", "soon")] {
        let fields = [
            ("form[id]", client.client.id.as_str()),
            ("form[old]", old),
            ("form[grace]", grace),
        ];
        let answer = browser.submit("clients/rotate", &back, &fields).await;
        assert_eq!(refusal(&answer).fields, ["rt-old"], "{old} {grace}");
    }
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn a_rotation_is_cancelled_and_a_late_cancel_says_so() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let (old, new) = rotating(&fixture).await;
    let (id, number) = (old.client.id.as_str(), new.secret_number.to_string());
    let fields = [("id", id), ("number", number.as_str())];
    let answer = browser
        .submit("clients/cancel-rotation", &address(&old), &fields)
        .await;
    assert_eq!(leads_to(&answer), format!("{}?cancelled", address(&old)));
    let page = browser.open(&leads_to(&answer)).await;
    assert!(page.body.contains("The rotation was cancelled."));
    assert!(!page.body.contains("has not been used yet"));

    let (old, new) = rotating(&fixture).await;
    let (id, number) = (old.client.id.as_str(), new.secret_number.to_string());
    assert!(gets_token(&fixture.app(), id, new.secret.expose()).await);
    let before = everything(&fixture).await;
    let fields = [("id", id), ("number", number.as_str())];
    let late = browser
        .submit("clients/cancel-rotation", &address(&old), &fields)
        .await;
    assert_eq!(refusal(&late).address, address(&old));
    let words = format!("Secret {number} was used, so there is nothing to cancel.");
    assert!(late.body.contains("The rotation was not cancelled") && late.body.contains(&words));
    assert_eq!(everything(&fixture).await, before);
}

#[tokio::test]
async fn the_dialog_of_a_secret_labels_and_ends_it_and_keeps_the_last() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let (old, new) = rotating(&fixture).await;
    let (id, number) = (old.client.id.as_str(), old.secret_number.to_string());
    let dialog = format!("{}/secrets/{number}", address(&old));
    let page = browser.open(&dialog).await;
    assert!(page.body.contains("/system/do/clients/end-secret"));
    let fields = |label| {
        [
            ("form[id]", id),
            ("form[number]", &number),
            ("form[label]", label),
        ]
    };
    let long = "x".repeat(61);
    let wrong = browser
        .submit("clients/label-secret", &dialog, &fields(&long))
        .await;
    assert_eq!(refusal(&wrong).address, dialog);
    assert!(wrong.body.contains(&long) && wrong.body.contains("at most 60 characters"));
    let labelled = browser
        .submit("clients/label-secret", &dialog, &fields("Website"))
        .await;
    let page = browser.open(&leads_to(&labelled)).await;
    assert!(text(&page.body).contains(&format!("Client secret {number}: Website")));

    let fields = [("id", id), ("number", number.as_str())];
    let ended = browser.submit("clients/end-secret", &dialog, &fields).await;
    assert_eq!(leads_to(&ended), format!("{}?ended", address(&old)));
    assert!(!gets_token(&fixture.app(), id, old.secret.expose()).await);
    assert_eq!(browser.open(&dialog).await.status.as_u16(), 404);

    let number = new.secret_number.to_string();
    let dialog = format!("{}/secrets/{number}", address(&old));
    let page = browser.open(&dialog).await;
    assert!(
        page.body
            .contains("is the only one of this client that works")
    );
    assert!(!page.body.contains("/system/do/clients/end-secret"));
    let fields = [("id", id), ("number", number.as_str())];
    let last = browser.submit("clients/end-secret", &dialog, &fields).await;
    assert_eq!(refusal(&last).address, dialog);
    assert!(last.body.contains("The secret was not ended"));
    assert!(gets_token(&fixture.app(), id, new.secret.expose()).await);
}

#[tokio::test]
async fn a_client_is_suspended_and_resumed_from_its_page() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let (id, app) = (client.client.id.as_str(), fixture.app());
    for (act, works) in [("suspend", false), ("resume", true)] {
        let page = browser.open(&address(&client)).await;
        assert!(page.body.contains(&format!("/system/do/clients/{act}?")));
        // Twice: the button says what is wanted.
        for _ in 0..2 {
            let endpoint = format!("clients/{act}");
            let fields = [("id", id)];
            let answer = browser.submit(&endpoint, &address(&client), &fields).await;
            let page = browser.open(&leads_to(&answer)).await;
            assert!(page.body.contains("The client was "), "{act}");
        }
        assert_eq!(gets_token(&app, id, client.secret.expose()).await, works);
    }
    fixture.console.revoke_client(&shell(), id).await.unwrap();
    let page = browser.open(&address(&client)).await;
    assert!(!page.body.contains("/system/do/clients/suspend"));
    let fields = [("id", id)];
    let late = browser
        .submit("clients/suspend", &address(&client), &fields)
        .await;
    assert_eq!(late.status.as_u16(), 409);
}

#[tokio::test]
async fn the_lifetime_of_tokens_is_a_detail() {
    let fixture = Fixture::new().await;
    let mut browser = Browser::signed_in(&fixture).await;
    let client = fixture.client().await;
    let id = client.client.id.as_str();
    let mut save = async |number: &str, unit: &str| {
        let version = fixture.reload(&client.client).await.version.to_string();
        let fields = [
            ("form[id]", id),
            ("form[version]", version.as_str()),
            ("form[name]", "Dashboard"),
            ("form[token_ttl]", number),
            ("form[token_ttl_unit]", unit),
        ];
        browser
            .submit("clients/update", &address(&client), &fields)
            .await
    };
    leads_to(&save("90", "60").await);
    let answer = fixture.app().token(&client, "").await;
    assert_eq!(answer.json()["expires_in"], 5_400);
    for (number, unit) in [("0", "1"), ("367", "86400"), ("two", "60"), ("1", "61")] {
        let wrong = save(number, unit).await;
        assert_eq!(refusal(&wrong).fields, ["token_ttl"], "{number} {unit}");
    }
    assert_eq!(fixture.reload(&client.client).await.token_ttl, Some(5_400));
    leads_to(&save("", "60").await);
    let answer = fixture.app().token(&client, "").await;
    assert_eq!(answer.json()["expires_in"], 7_200);
}

#[tokio::test]
async fn an_auditor_is_shown_no_form() {
    let fixture = Fixture::new().await;
    let mut auditor = Browser::of(&fixture, "vera@example.org", Role::Auditor).await;
    let (old, _) = rotating(&fixture).await;
    let here = address(&old);
    for page in [
        here.clone(),
        format!("{here}/rotate"),
        format!("{here}/secrets/1"),
    ] {
        let page = auditor.open(&page).await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(!page.body.contains("/system/do/clients/"), "{}", page.body);
    }
}
