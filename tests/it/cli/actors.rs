//! Who a command says it was: whoever the system knows, not whoever the environment names.

use claviger::domain::client::Lifecycle;
use claviger::domain::event::{ActorRef, Event, Target};

use super::shell::{Folder, USER};
use crate::support::{Fixture, shell, texts_in};

/// The actors in the audit log, as they are stored.
fn actors(folder: &Folder) -> Vec<String> {
    folder.query("SELECT replace(actor, 'shell:', '') FROM audit_events ORDER BY sequence")
}

#[test]
fn the_environment_cannot_name_the_actor() {
    let folder = Folder::empty();
    for (number, name) in ["USER", "LOGNAME", "SUDO_USER", "USERNAME"]
        .iter()
        .enumerate()
    {
        let forged = folder
            .with(name, "x\u{1b}[31m\n")
            .with("SUDO_UID", "x\u{1b}[31m\n");
        let said = forged.claviger(&format!("organization create --name Porto{number}"));
        assert_eq!(said.code, Some(0), "{said}");
    }
    assert_eq!(actors(&folder), [USER.as_str(); 4]);
}

#[test]
fn whom_sudo_names_stands_beside_the_real_user() {
    let folder = Folder::empty();
    folder
        .with("SUDO_UID", "4000000123")
        .with("SUDO_USER", "grace")
        .claviger("organization create --name Porto");
    assert_eq!(
        actors(&folder),
        [format!("{} (sudo by uid 4000000123)", *USER)]
    );
}

/// What an earlier release stored from the environment is shown, and orders no terminal about.
#[tokio::test]
async fn what_was_stored_raw_is_shown_escaped() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await.client;
    let statements = [
        "UPDATE audit_events SET actor = 'shell:x' || char(27) || '[31m' || char(10)".to_owned(),
        "UPDATE api_clients SET created_by = 'shell:x' || char(155), revoked_by = 'shell:x' || char(8238), revoked_at = created_at".to_owned(),
    ];
    texts_in(&fixture.database.folder().join("claviger.db"), &statements).await;
    let mut tx = fixture.database.store.read().await.unwrap();
    let target = Target::Client {
        id: client.id.clone(),
    };
    let record = tx.list_events(&target, 1).await.unwrap().remove(0).record;
    assert!(matches!(record.event, Event::ClientCreated { .. }));
    let user = "x\\u{1b}[31m\\n".to_owned();
    assert_eq!(record.actor, ActorRef::Shell { user });
    let client = fixture
        .console
        .get_client(&shell(), client.id.as_str())
        .await
        .unwrap();
    assert_eq!(client.created_by, "shell:x\\u{9b}");
    let Lifecycle::Revoked { by, .. } = client.lifecycle else {
        panic!("{client:?}");
    };
    assert_eq!(by, "shell:x\\u{202e}");
}

#[test]
fn names_that_were_stored_raw_reach_no_terminal_raw() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup --name Backup");
    folder.query("UPDATE api_clients SET name = 'x' || char(27) || '[31m' || char(155) || char(10) || 'secret=y'");
    folder.query("UPDATE organizations SET name = 'x' || char(27) || char(127)");
    let said = folder.api_client("get --format text");
    assert!(
        said.stdout
            .contains("\nname=x\\u{1b}[31m\\u{9b}\\nsecret=y\n"),
        "{said}"
    );
    let said = folder.api_client("get");
    assert!(
        said.stdout
            .contains(r#""name":"x\u001b[31m\u009b\nsecret=y""#),
        "{said}"
    );
    let said = folder.claviger("organization list");
    assert!(said.stdout.contains(r#""name":"x\u001b\u007f""#), "{said}");
    folder.query(
        "UPDATE api_clients SET revoked_at = created_at, revoked_by = 'x' || char(27) || char(155)",
    );
    for format in ["json", "text"] {
        let told = folder
            .api_client(&format!("get --id backup --format {format}"))
            .stderr;
        assert!(
            told.contains("was revoked by x") && told.matches(char::is_control).count() == 1,
            "{told:?}"
        );
    }
}
