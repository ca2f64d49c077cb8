//! What of a secret lies in the database.

use std::time::Duration;

use crate::support::{Fixture, new_client, secret, shell};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn no_secret_lies_in_the_files_as_it_is() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let rotated = fixture
        .console
        .rotate_secret(&shell(), made.client.id.as_str(), DAY)
        .await
        .unwrap();
    let mut bytes = Vec::new();
    for name in ["claviger.db", "claviger.db-wal"] {
        bytes.extend(std::fs::read(fixture.database.folder().join(name)).unwrap());
    }
    let contains = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(
        contains(made.client.id.as_str()),
        "the files are those of this fixture"
    );
    for secret in [&made.secret, &rotated.secret] {
        assert!(!contains(secret.expose()) && !contains(&secret.expose()[4..24]));
    }
}

#[tokio::test]
async fn a_chosen_secret_leaves_none_of_its_characters() {
    let fixture = Fixture::new().await;
    let new = new_client(None, &["system"], &[]);
    let chosen = "horse-staple-QZXJ";
    let made = fixture
        .console
        .create_client(&shell(), &new, Some(secret(chosen)))
        .await
        .unwrap();
    let id = made.client.id.as_str();
    let clients = std::slice::from_ref(&made.client);
    fixture
        .console
        .reveal_newest_secrets(&shell(), clients)
        .await
        .unwrap();
    fixture
        .console
        .reveal_secret(&shell(), id, made.secret_number)
        .await
        .unwrap();
    let page = fixture.console.show_client(&shell(), id).await.unwrap();
    assert_eq!(page.secrets[0].hint, None);
    let rotated = fixture
        .console
        .rotate_secret(&shell(), id, Duration::from_mins(1))
        .await;
    rotated.unwrap();
    let everything = fixture.database.everything().await;
    assert!(everything.contains("secret.revealed") && everything.contains("secret.rotated"));
    for part in ["QZXJ", "ZXJ", "horse"] {
        assert!(!everything.contains(part), "{part}: {everything}");
    }
}
