//! What must not stand in any log or in the database: secrets, passwords, tokens, cookies.

use std::io;
use std::sync::{Arc, Mutex};

use claviger::service::CreatedClient;
use tracing_subscriber::fmt::MakeWriter;

use super::{Browser, EMAIL, PASSWORD, leads_to};
use crate::routes::everything;
use crate::support::{House, basic, new_client, secret, shell};

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

/// A day in the life of a house, and everything in it that is nobody's business.
async fn live(house: &House) -> Vec<String> {
    let chosen = house.service.create_client(&shell(), &new_client(None, &["system"], &[]), Some(secret(CHOSEN))).await.unwrap();
    let mut browser = Browser::signed_in(house).await;
    let fields = [("form[name]", "Dashboard"), ("form[scopes][]", "system")];
    let page = leads_to(&browser.submit("clients/create", "/system/api-clients/new", &fields).await);
    let sealed = browser.cookies["claviger-shown"].clone();
    let shown = browser.open(&page).await;
    let start = shown.body.find("key_").unwrap();
    let generated = shown.body[start..start + 36].to_owned();
    let id = page.strip_prefix("/system/api-clients/").unwrap();

    let app = house.app();
    let mut nobodys_business = Vec::new();
    for (id, secret) in [(chosen.client.id.as_str(), CHOSEN), (id, generated.as_str())] {
        let authorization = basic(id, secret);
        let token = app.post("/oauth/token", &[("authorization", &authorization)], "grant_type=client_credentials").await;
        let token = token.json()["access_token"].as_str().unwrap().to_owned();
        let form = format!("token={token}");
        app.post("/oauth/introspect", &[("authorization", &authorization)], &form).await;
        app.post("/oauth/introspect", &[("authorization", &format!("Bearer {token}"))], &form).await;
        app.post("/oauth/revoke", &[("authorization", &authorization)], &form).await;
        nobodys_business.extend([token, authorization]);
    }
    for _ in 0..11 {
        app.post("/oauth/token", &[("authorization", &basic(id, WRONG))], &format!("grant_type=password&password={WRONG}")).await;
        app.post("/oauth/token", &[], &format!("client_secret={WRONG}&grant_type=client_credentials&client_id=nobody")).await;
    }
    app.post("/oauth/token", &[("authorization", &format!("Bearer {WRONG}"))], WRONG).await;
    browser.submit("sign-in", "/system/sign-in", &[("form[email]", EMAIL), ("password", MISTYPED)]).await;
    browser.call("sign-in", &[("form[email]", EMAIL), ("password", PASSWORD)]).await;
    let number = house.service.show_client(&shell(), id).await.unwrap().secrets[0].number.to_string();
    browser.call("clients/reveal-secret", &[("id", id), ("number", &number)]).await;
    let rotated: CreatedClient = house.service.rotate_secret(&shell(), id, std::time::Duration::ZERO).await.unwrap();
    nobodys_business.extend([browser.cookies["claviger"].clone(), sealed, generated, rotated.secret.expose().to_owned()]);
    nobodys_business.extend([CHOSEN, WRONG, MISTYPED, PASSWORD].map(ToOwned::to_owned));
    nobodys_business
}

#[tokio::test]
async fn no_log_tells_a_secret_at_any_level() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(log.clone()).finish();
    let listening = tracing::subscriber::set_default(subscriber);
    let house = House::new().await;
    let nobodys_business = live(&house).await;
    house.service.close().await;
    house.app().post("/oauth/token", &[("authorization", &basic("id", WRONG))], "grant_type=client_credentials").await;
    drop(listening);
    let log = log.text();
    for told in ["a client was refused", "the database cannot be asked", "TRACE", "DEBUG"] {
        assert!(log.contains(told), "the log was listened to, and tells {told}");
    }
    for text in nobodys_business {
        assert!(!log.contains(&text), "{text} stands in the log");
    }
}

#[tokio::test]
async fn the_database_holds_no_secret_in_plain() {
    let house = House::new().await;
    let nobodys_business = live(&house).await;
    let everything = everything(&house).await.to_lowercase();
    for text in nobodys_business {
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!everything.contains(&text.to_lowercase()) && !everything.contains(&hex), "{text} stands in the database");
    }
}
