//! What must not stand in any log or in the database: secrets, passwords, tokens, cookies.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use data_encoding::HEXLOWER;
use tracing_subscriber::fmt::MakeWriter;

use super::{Browser, EMAIL, PASSWORD, leads_to};
use crate::routes::everything;
use crate::support::{Fixture, basic, new_client, secret, shell};

/// Keeps what was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

const CHOSEN: &str = "canary-chosen-secret";
const WRONG: &str = "canary-wrong-secret";
const MISTYPED: &str = "canary mistyped password";

/// A day in the life of a server, and everything in it that is nobody's business.
async fn live(fixture: &Fixture) -> Vec<String> {
    let new = new_client(None, &["system"], &[]);
    let chosen = fixture
        .console
        .create_client(&shell(), &new, Some(secret(CHOSEN)))
        .await
        .unwrap();
    let mut browser = Browser::signed_in(fixture).await;
    let fields = [("form[name]", "Dashboard"), ("form[scopes][]", "system")];
    let page = leads_to(
        &browser
            .submit("clients/create", "/system/api-clients/new", &fields)
            .await,
    );
    let sealed = browser.cookies["claviger-shown"].clone();
    let shown = browser.open(&page).await;
    let start = shown.body.find("key_").unwrap();
    let generated = shown.body[start..start + 36].to_owned();
    let id = page.strip_prefix("/system/api-clients/").unwrap();

    let mut nobodys_business = use_tokens(fixture, chosen.client.id.as_str(), CHOSEN).await;
    nobodys_business.extend(use_tokens(fixture, id, &generated).await);
    guess(fixture, id).await;
    let number = fixture
        .console
        .show_client(&shell(), id)
        .await
        .unwrap()
        .secrets[0]
        .number
        .to_string();
    browser
        .call("clients/reveal-secret", &[("id", id), ("number", &number)])
        .await;
    browser
        .submit(
            "sign-in",
            "/system/sign-in",
            &[("form[email]", EMAIL), ("password", MISTYPED)],
        )
        .await;
    let before = browser.cookies["claviger"].clone();
    browser
        .call("sign-in", &[("form[email]", EMAIL), ("password", PASSWORD)])
        .await;
    let after = browser.cookies["claviger"].clone();
    let rotated = fixture
        .console
        .rotate_secret(&shell(), id, Duration::ZERO)
        .await
        .unwrap();
    nobodys_business.extend([
        before,
        after,
        sealed,
        generated,
        rotated.secret.expose().to_owned(),
    ]);
    nobodys_business.extend([CHOSEN, WRONG, MISTYPED, PASSWORD].map(ToOwned::to_owned));
    nobodys_business
}

/// Asks for a token, looks at it in both ways, and revokes it.
async fn use_tokens(fixture: &Fixture, id: &str, secret: &str) -> Vec<String> {
    let app = fixture.app();
    let authorization = basic(id, secret);
    let headers = [("authorization", authorization.as_str())];
    let token = app
        .post("/oauth/token", &headers, "grant_type=client_credentials")
        .await;
    let token = token.json()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let form = format!("token={token}");
    for (endpoint, header) in [
        ("introspect", &authorization),
        ("introspect", &bearer),
        ("revoke", &authorization),
    ] {
        let answer = app
            .post(
                &format!("/oauth/{endpoint}"),
                &[("authorization", header)],
                &form,
            )
            .await;
        assert_eq!(answer.status.as_u16(), 200);
    }
    vec![token, authorization]
}

/// Fails in every way, until the throttle ends it.
async fn guess(fixture: &Fixture, id: &str) {
    let app = fixture.app();
    for _ in 0..11 {
        let form = format!("grant_type=password&password={WRONG}");
        app.post(
            "/oauth/token",
            &[("authorization", &basic(id, WRONG))],
            &form,
        )
        .await;
        let form = format!("grant_type=client_credentials&client_id=nobody&client_secret={WRONG}");
        app.post("/oauth/token", &[], &form).await;
    }
    app.post(
        "/oauth/token",
        &[("authorization", &format!("Bearer {WRONG}"))],
        WRONG,
    )
    .await;
}

#[tokio::test]
async fn no_log_tells_a_secret_at_any_level() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // Beside a single listener, a line that another thread reaches first would fall silent for this one too.
    let _another = tracing::Dispatch::new(tracing_subscriber::registry());
    let listening = tracing::subscriber::set_default(subscriber);
    tracing::trace!("a whisper");
    let fixture = Fixture::new().await;
    let nobodys_business = live(&fixture).await;
    fixture.console.close().await;
    fixture
        .app()
        .post(
            "/oauth/token",
            &[("authorization", &basic("id", WRONG))],
            "grant_type=client_credentials",
        )
        .await;
    drop(listening);
    let log = log.text();
    for told in [
        "a client was refused",
        "the database cannot be asked",
        "a whisper",
    ] {
        assert!(
            log.contains(told),
            "the log was listened to, and tells {told}"
        );
    }
    for text in nobodys_business {
        assert!(!log.contains(&text), "{text} stands in the log");
    }
}

#[tokio::test]
async fn the_database_holds_no_secret_in_plain() {
    let fixture = Fixture::new().await;
    let nobodys_business = live(&fixture).await;
    let everything = everything(&fixture).await.to_lowercase();
    for text in nobodys_business {
        let hex = HEXLOWER.encode(text.as_bytes());
        assert!(
            !everything.contains(&text.to_lowercase()) && !everything.contains(&hex),
            "{text} stands in the database"
        );
    }
}
