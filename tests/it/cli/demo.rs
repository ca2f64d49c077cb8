//! `claviger demo`: an empty database filled to be looked at, and credentials for who wants to use it.

use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use super::server::Server;
use super::shell::{Folder, Made, block_on};
use crate::support::{MASTER_KEY, fresh_database};

fn credentials(text: &str) -> Vec<Made> {
    text.lines()
        .map(|line| {
            let (id, secret) = line.split_once('\t').unwrap();
            Made {
                id: id.to_owned(),
                secret: secret.to_owned(),
            }
        })
        .collect()
}

#[test]
fn the_credentials_that_are_handed_out_get_tokens() {
    let folder = Folder::empty();
    let said = folder.claviger("demo --clients 120 --credentials load.tsv --credentials-count 3");
    assert_snapshot!(said, @r#"
    {"organizations":10,"clients":120}
    exit: 0
    "#);
    let file = folder.file("load.tsv");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let clients = credentials(&std::fs::read_to_string(file).unwrap());
    assert_eq!(clients.len(), 3);
    let server = Server::start(&folder);
    for client in &clients {
        let token = server.token(client);
        assert_eq!(server.introspect(client, &token)["active"], true);
    }
    assert_eq!(
        folder.query("SELECT actor || ' ' || kind || ' ' || data FROM audit_events LIMIT 1"),
        [r#"shell:ada demo.filled {"clients":120,"organizations":10}"#]
    );
}

#[test]
fn credentials_can_go_to_standard_output_alone() {
    let folder = Folder::empty();
    let said = folder.claviger("demo --clients 10 --credentials -");
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    // One of the ten has an end of its own.
    let clients = credentials(&said.stdout);
    assert!((8..=10).contains(&clients.len()), "{}", clients.len());
    assert!(clients.iter().all(|made| made.secret.starts_with("key_")));
}

#[test]
fn what_is_there_already_stays_as_it_is() {
    let folder = Folder::furnished();
    let before = folder.everything();
    let said = folder.claviger("demo --clients 10 --credentials load.tsv");
    assert_eq!(
        said.complaint(),
        "1 claviger: This database holds organizations already. A demo fills an empty one."
    );
    assert_eq!(folder.everything(), before);
    assert!(!folder.file("load.tsv").exists(), "no empty file is left");

    let folder = Folder::empty();
    std::fs::write(folder.file("load.tsv"), "mine").unwrap();
    let said = folder.claviger("demo --clients 10 --credentials load.tsv");
    assert_eq!(
        said.complaint(),
        "1 claviger: load.tsv could not be made: File exists (os error 17)"
    );
    assert_eq!(folder.files(), ["load.tsv"]);
}

#[test]
fn an_owner_can_be_made_in_the_same_go() {
    let folder = Folder::empty();
    let weak = folder.claviger_reading("demo --clients 10 --admin ops@example.org", "short\n");
    assert_eq!(
        weak.complaint(),
        "1 claviger: That is 5 characters. Use at least 12; a sentence works well."
    );
    assert_eq!(folder.files(), Vec::<String>::new(), "nothing is begun");
    let said = folder.claviger_reading(
        "demo --clients 10 --admin Ops@example.org",
        "a sentence works well\n",
    );
    assert_eq!(said.code, Some(0), "{said}");
    assert_eq!(
        folder.query("SELECT email || ' ' || role FROM admins"),
        ["ops@example.org owner"]
    );
}

#[test]
fn a_postgresql_database_is_filled_once() {
    let folder = Folder::empty()
        .with("DATABASE_URL", &block_on(fresh_database()))
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    assert_snapshot!(folder.claviger("demo --clients 50"), @r#"
    {"organizations":7,"clients":50}
    exit: 0
    "#);
    assert_eq!(
        folder.claviger("demo --clients 50").complaint(),
        "1 claviger: This database holds clients already. A demo fills an empty one."
    );
}

#[test]
fn a_number_of_clients_is_between_one_and_ten_million() {
    let folder = Folder::empty();
    for number in ["0", "-1", "10000001", "many"] {
        let said = folder.claviger(&format!("demo --clients={number}"));
        assert_eq!(said.code, Some(2), "{said}");
    }
    assert_eq!(
        folder.claviger("demo --credentials-count 5").code,
        Some(2),
        "a count of credentials needs a place for them"
    );
    assert_eq!(folder.files(), Vec::<String>::new());
}
