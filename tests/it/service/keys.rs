//! Keys: made once for every process that shares a database, and opened by one master key only.

use std::sync::LazyLock;

use claviger::domain::ids::Version;
use claviger::domain::token::TokenId;
use claviger::service::clock::{Clock, Random};
use claviger::service::crypto::master_key::MasterKey;
use claviger::service::{
    Caller, Credentials, Introspection, RequestOrigin, Services, StartError, TokenRequest,
};

use crate::support::{
    Database, Engine, Fixture, MASTER_KEY, authority, master, noon, secret, settings, shell,
};

use super::opens;

static ORIGIN: LazyLock<RequestOrigin<'static>> = LazyLock::new(|| RequestOrigin {
    host: authority("127.0.0.1:3000"),
    address: None,
});

async fn start(database: &Database, key: MasterKey) -> Result<Services, StartError> {
    Services::start(
        database.store.clone(),
        key,
        settings(),
        Clock::held(noon()),
        Random::System,
    )
    .await
}

#[tokio::test]
async fn another_master_key_is_refused_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let before = super::footprint(&fixture.database).await;
    for end in ["00", "61"] {
        let text = format!("{}{end}", &MASTER_KEY[..62]);
        let refused = start(&fixture.database, MasterKey::parse(&text).unwrap()).await;
        assert!(
            matches!(refused, Err(StartError::OtherMasterKey)),
            "{refused:?}"
        );
    }
    assert_eq!(super::footprint(&fixture.database).await, before);
    start(&fixture.database, master()).await.unwrap();
}

#[tokio::test]
async fn a_server_started_again_knows_its_secrets_and_tokens() {
    let fixture = Fixture::new().await;
    let made = fixture.client().await;
    let id = made.client.id.as_str();
    let credentials = || Credentials {
        id: id.to_owned(),
        secret: secret(made.secret.expose()),
    };
    let issued = fixture
        .tokens
        .issue_token(
            &ORIGIN,
            &credentials(),
            TokenRequest::client_credentials(None),
        )
        .await
        .unwrap();
    let again = start(&fixture.database, master()).await.unwrap();
    let told = again
        .tokens
        .introspect(&ORIGIN, &Caller::Client(credentials()), Some(&issued.token))
        .await
        .unwrap();
    let Introspection::Active(live) = told else {
        panic!("{told:?}")
    };
    assert_eq!(live.client_id(), id);
    assert_ne!(live.id, TokenId([0; 24]));
}

/// Servers that start together on an empty database.
async fn servers_that_start_together(engine: Engine) {
    let database = Database::new(engine).await;
    let (one, two, three) = tokio::join!(
        start(&database, master()),
        start(&database, master()),
        start(&database, master())
    );
    assert_eq!(database.count("server_keys").await, 2);
    let one = one.unwrap();
    let fixture = Fixture {
        console: one.console,
        tokens: one.tokens,
        clock: Clock::held(noon()),
        database,
    };
    let made = fixture.client().await;
    for Services { console, tokens } in [two.unwrap(), three.unwrap()] {
        let neighbour = Fixture {
            console,
            tokens,
            clock: fixture.clock.clone(),
            database: Database::new(Engine::Sqlite).await,
        };
        assert!(opens(&neighbour, made.client.id.as_str(), made.secret.expose()).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_start_together_on_sqlite_share_their_keys() {
    servers_that_start_together(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_start_together_on_postgres_share_their_keys() {
    servers_that_start_together(Engine::Postgres).await;
}

#[tokio::test]
async fn keys_in_the_database_are_sealed_each_under_its_own_label() {
    let fixture = Fixture::new().await;
    let mut tx = fixture.database.store.read().await.unwrap();
    let keys = tx.list_keys(Version::BEFORE_ALL).await.unwrap();
    drop(tx);
    let purposes: Vec<_> = keys
        .iter()
        .map(|key| (key.purpose.as_str(), key.number))
        .collect();
    assert_eq!(purposes, [("pepper", 1), ("token", 1)]);
    // 24 bytes of nonce, 32 of key, 16 of tag.
    assert!(keys.iter().all(|key| key.sealed.len() == 72));
    let swap = "UPDATE server_keys SET purpose = CASE purpose WHEN 'token' THEN 'pepper' ELSE 'token' END, number = number + 1";
    fixture.database.execute(swap).await;
    let refused = start(&fixture.database, master()).await;
    assert!(
        matches!(refused, Err(StartError::OtherMasterKey)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_key_that_is_missing_is_not_made_up() {
    for purpose in ["pepper", "token"] {
        let fixture = Fixture::new().await;
        fixture
            .database
            .execute(&format!(
                "DELETE FROM server_keys WHERE purpose = '{purpose}'"
            ))
            .await;
        let refused = start(&fixture.database, master()).await;
        assert!(
            matches!(refused, Err(StartError::OtherMasterKey)),
            "{purpose}: {refused:?}"
        );
        assert_eq!(fixture.database.count("server_keys").await, 1);
    }
}

#[tokio::test]
async fn a_master_key_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("claviger.key");
    MasterKey::make(&file, &Random::seeded(1)).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let written = std::fs::read_to_string(&file).unwrap();
    MasterKey::parse(&written).unwrap();
    MasterKey::make(&file, &Random::seeded(2)).unwrap();
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        written,
        "a key is never written over"
    );
    let names: Vec<_> = folder.path().read_dir().unwrap().collect();
    assert_eq!(names.len(), 1, "no draft stays behind: {names:?}");
    let fixture = Fixture::new().await;
    fixture.console.check_database(&shell()).await.unwrap();
}
