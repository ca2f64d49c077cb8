//! `auth_type=login`: what may be tried how often, and who is held up by it.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use claviger::domain::participant::ImportFile;
use serde_json::json;
use tokio::task::JoinSet;

use super::assert_refused;
use super::cases::{BOTH, PASSWORD, Tenants, password};
use crate::support::{App, AppResponse, shell};

async fn login(tenants: &Tenants, app: &App, username: &str, typed: &str) -> AppResponse {
    let more = json!({"auth_type": "login", "username": username, "password": typed});
    password(app, &tenants.client, more).await
}

#[tokio::test]
async fn a_request_without_its_parts_is_invalid_and_counts_nothing() {
    let tenants = Tenants::new().await;
    for more in [
        json!({}),
        json!({"auth_type": "magic", "username": "ada", "password": PASSWORD}),
        json!({"auth_type": "login", "username": "ada"}),
        json!({"auth_type": "login", "password": PASSWORD}),
        json!({"auth_type": "login", "username": "", "password": ""}),
        json!({"auth_type": "impersonate"}),
        json!({"auth_type": ["login"]}),
    ] {
        let answer = tenants.password(more).await;
        assert_refused(&answer, 400, "invalid_request");
    }
}

#[tokio::test]
async fn a_password_is_one_in_every_spelling() {
    let tenants = Tenants::new().await;
    tenants
        .participant(tenants.o1, "ada", "zu\u{308}rich b\u{fc}cher staple")
        .await;
    let answer = login(
        &tenants,
        &tenants.app,
        "ada",
        "z\u{fc}rich bu\u{308}cher\u{a0}staple",
    )
    .await;
    Tenants::token(&answer);
}

/// Two names of one participant share no window, since that would tell that they are one.
#[tokio::test]
async fn ten_wrong_passwords_close_one_account_to_one_network() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", PASSWORD).await;
    tenants.participant(tenants.o1, "bea", PASSWORD).await;
    let app = &tenants.app;
    for username in ["ada", "nobody"] {
        for _ in 0..10 {
            let answer = login(&tenants, app, username, "wrong wrong wrong").await;
            assert_refused(&answer, 400, "invalid_grant");
        }
        for typed in ["wrong wrong wrong", PASSWORD] {
            let answer = login(&tenants, app, username, typed).await;
            assert_refused(&answer, 429, "temporarily_unavailable");
            let seconds: u32 = answer.header("retry-after").parse().unwrap();
            assert!((1..=900).contains(&seconds), "{seconds}");
        }
    }
    Tenants::token(&login(&tenants, &app.from("203.0.113.1"), "ada", PASSWORD).await);
    Tenants::token(&login(&tenants, app, "bea", PASSWORD).await);
    // The client itself, and whoever it acts for without a password, are not held up.
    app.issued(&tenants.client, "").await;
    let more = json!({"auth_type": "impersonate", "username": "ada"});
    Tenants::token(&tenants.password(more).await);
}

/// The hash of [`PASSWORD`] with other parameters than the server's.
fn hash_from_elsewhere() -> String {
    let params = Params::new(47_104, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let salt = SaltString::encode_b64(b"somesaltsomesalt").unwrap();
    let hash = argon2.hash_password(PASSWORD.as_bytes(), &salt).unwrap();
    hash.to_string()
}

#[tokio::test]
async fn an_imported_hash_becomes_our_own_with_the_first_login() {
    let tenants = Tenants::new().await;
    let imported = hash_from_elsewhere();
    let text = format!("nickname,email,password_hash\nada,ada@city.example,\"{imported}\"\n");
    let file = ImportFile {
        organization_id: tenants.o1,
        content: text.as_bytes(),
        is_dry_run: false,
    };
    let (console, shell) = (&tenants.fixture.console, shell());
    let report = console.import_participants(&shell, &file, &|_| ()).await;
    assert!(report.unwrap().is_written);
    let ada = tenants.named("ada").await.unwrap();
    let hash = async || {
        let mut tx = tenants.fixture.database.store.read().await.unwrap();
        tx.find_participant_password(ada.id).await.unwrap().unwrap()
    };
    let answer = login(&tenants, &tenants.app, "ada", "wrong wrong wrong").await;
    assert_refused(&answer, 400, "invalid_grant");
    assert_eq!(hash().await, imported);
    let first = Tenants::token(&login(&tenants, &tenants.app, "ada", PASSWORD).await);
    let own = hash().await;
    assert!(own.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{own}");
    Tenants::token(&login(&tenants, &tenants.app, "ada", PASSWORD).await);
    assert_eq!(hash().await, own, "which stays");
    assert_eq!(tenants.named("ada").await.unwrap(), ada);
    assert_eq!(tenants.introspect(&first).await["username"], "ada");
}

#[tokio::test]
async fn an_account_is_closed_to_one_client_of_a_network() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", PASSWORD).await;
    let app = &tenants.app;
    for _ in 0..10 {
        let answer = login(&tenants, app, "ada", "wrong wrong wrong").await;
        assert_refused(&answer, 400, "invalid_grant");
    }
    let answer = login(&tenants, app, "ada", PASSWORD).await;
    assert_refused(&answer, 429, "temporarily_unavailable");
    let other = tenants
        .fixture
        .client_of(Some(tenants.o1), &["public"], &BOTH)
        .await;
    let more = json!({"auth_type": "login", "username": "ada", "password": PASSWORD});
    Tenants::token(&password(app, &other, more).await);
}

#[tokio::test]
async fn the_right_password_of_who_is_blocked_counts_as_a_wrong_one() {
    let tenants = Tenants::new().await;
    for (nickname, typed) in [("ada", PASSWORD), ("bea", "wrong wrong wrong")] {
        let made = tenants.participant(tenants.o1, nickname, PASSWORD).await;
        let console = &tenants.fixture.console;
        console.block_participant(&shell(), made.id).await.unwrap();
        for _ in 0..10 {
            let answer = login(&tenants, &tenants.app, nickname, typed).await;
            assert_refused(&answer, 400, "invalid_grant");
        }
        let answer = login(&tenants, &tenants.app, nickname, typed).await;
        assert_refused(&answer, 429, "temporarily_unavailable");
    }
}

#[tokio::test]
async fn wrong_passwords_never_close_a_clients_own_window_nor_all_accounts() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", PASSWORD).await;
    for number in 0..105 {
        let username = format!("nobody-{number}");
        let answer = login(&tenants, &tenants.app, &username, "wrong wrong wrong").await;
        assert_refused(&answer, 400, "invalid_grant");
    }
    Tenants::token(&login(&tenants, &tenants.app, "ada", PASSWORD).await);
}

/// Ten failures close the account, and here fewer than ten are waited for. After how long a request is hung up varies,
/// so that on a slow machine, too, some are in the middle of the hash then.
#[tokio::test]
async fn a_login_that_hangs_up_is_counted() {
    let tenants = Tenants::new().await;
    tenants.participant(tenants.o1, "ada", PASSWORD).await;
    let mut waited_for = 0;
    for number in 0..200 {
        let wrong = format!("wrong wrong wrong {number}");
        let asked = login(&tenants, &tenants.app, "ada", &wrong);
        let hangs_up = Duration::from_millis(5 + 10 * (number % 20));
        if let Ok(answer) = tokio::time::timeout(hangs_up, asked).await {
            waited_for += u32::from(answer.status.as_u16() == 400);
        }
        let answer = login(&tenants, &tenants.app, "ada", PASSWORD).await;
        let wait = answer.header("retry-after").parse::<u32>();
        if wait.is_ok_and(|seconds| seconds > 1) {
            assert!(
                waited_for < 10,
                "only those that were waited for were counted"
            );
            return assert_refused(&answer, 429, "temporarily_unavailable");
        }
    }
    panic!("nothing was counted");
}

#[tokio::test]
async fn who_is_blocked_while_the_password_is_checked_gets_no_token() {
    let tenants = Tenants::new().await;
    let ada = tenants.participant(tenants.o1, "ada", PASSWORD).await;
    let asked = login(&tenants, &tenants.app, "ada", PASSWORD);
    let console = &tenants.fixture.console;
    let blocked = async { console.block_participant(&shell(), ada.id).await.unwrap() };
    let (answer, _) = tokio::join!(asked, blocked);
    if answer.status.as_u16() == 200 {
        let seen = tenants.introspect(&Tenants::token(&answer)).await;
        assert_eq!(seen, json!({"active": false}));
    } else {
        assert_refused(&answer, 400, "invalid_grant");
    }
}

/// Sends 64 wrong passwords a second for three seconds.
fn flood(tenants: &Arc<Tenants>) -> JoinSet<AppResponse> {
    let mut guessing = JoinSet::new();
    for number in 0..192_u64 {
        let tenants = Arc::clone(tenants);
        guessing.spawn(async move {
            tokio::time::sleep(Duration::from_micros(15_625 * number)).await;
            let nobody = format!("nobody-{number}");
            login(&tenants, &tenants.app, &nobody, "wrong wrong wrong").await
        });
    }
    guessing
}

/// How much of their throughput is left to them, the benchmark measures.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_wrong_passwords_leaves_other_clients_their_tokens() {
    let tenants = Arc::new(Tenants::new().await);
    let good = tenants
        .fixture
        .client_of(Some(tenants.o1), &["public"], &BOTH)
        .await;
    let guessing = flood(&tenants);
    for _ in 0..100 {
        tenants.app.issued(&good, "").await;
    }
    let mut checked = 0;
    for answer in guessing.join_all().await {
        match answer.status.as_u16() {
            400 => checked += 1,
            429 | 503 => assert!(!answer.header("retry-after").is_empty()),
            other => panic!("{other}"),
        }
    }
    assert!(checked > 0);
}
