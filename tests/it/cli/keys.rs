//! The files of an installation: who may read them, and the master key that belongs to the database.

use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use insta::assert_snapshot;

use super::shell::Folder;

/// Its base64 differs between the two alphabets.
const KEY: [u8; 32] = *b"\xfb\xff\xbf0 any thirty-two bytes. \x01\x02\x03\xfe\xff";

fn hex() -> String {
    let digits = KEY.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from_digit(digit.into(), 16).unwrap())
        .collect()
}

#[test]
fn the_database_and_its_key_are_for_their_owner_alone() {
    let folder = Folder::empty().without("DATABASE_URL");
    assert_eq!(folder.claviger("database migrate").code, Some(0));
    let mode = |name: &str| {
        std::fs::metadata(folder.file(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(
        format!(
            "{:o} {:o} {:o}",
            mode("data"),
            mode("data/claviger.db"),
            mode("data/claviger.key")
        ),
        "700 600 600"
    );
    for entry in std::fs::read_dir(folder.file("data")).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o077,
            0,
            "{:?}",
            entry.path()
        );
    }
}

#[test]
fn the_database_is_made_once_and_checked() {
    let folder = Folder::empty();
    assert_snapshot!(folder.claviger("database check"), @r"
    stderr: claviger: there is no database at sqlite://claviger.db
    exit: 1
    ");
    assert_eq!(folder.files(), Vec::<String>::new());
    for command in ["migrate", "migrate", "check"] {
        assert_eq!(
            folder.claviger(&format!("database {command}")).to_string(),
            "{\"ok\":true}\nexit: 0",
            "{command}"
        );
    }
}

#[test]
fn an_existing_database_without_its_key_is_refused_by_the_name_of_the_file() {
    let folder = Folder::furnished();
    std::fs::rename(folder.file("claviger.key"), folder.file("elsewhere.key")).unwrap();
    let before = folder.everything();
    let told = "the master key of claviger.db is missing: put claviger.key back, or set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE";
    assert_eq!(
        folder.api_client("get --format text").complaint(),
        format!("1 api-client: {told}")
    );
    for command in [
        "organization list",
        "database migrate",
        "database check",
        "serve",
        "",
    ] {
        assert_eq!(
            folder.claviger(command).complaint(),
            format!("1 claviger: {told}"),
            "{command}"
        );
    }
    assert!(
        !folder.file("claviger.key").exists(),
        "no key is made for a database that has one"
    );
    assert_eq!(folder.everything(), before);

    let found = folder.with("CLAVIGER_MASTER_KEY_FILE", "elsewhere.key");
    assert_eq!(found.claviger("organization list").code, Some(0));
}

#[test]
fn another_master_key_is_refused_by_where_it_came_from() {
    let folder = Folder::furnished();
    let before = folder.everything();
    let mut told = vec![
        folder
            .with("CLAVIGER_MASTER_KEY", &hex())
            .api_client("get --format text")
            .complaint(),
    ];
    std::fs::write(folder.file("other.key"), hex()).unwrap();
    told.push(
        folder
            .with("CLAVIGER_MASTER_KEY_FILE", "other.key")
            .claviger("database check")
            .complaint(),
    );
    std::fs::write(folder.file("claviger.key"), hex()).unwrap();
    told.push(folder.claviger("serve").complaint());
    assert_snapshot!(told.join("\n"), @r"
    1 api-client: the database sqlite://claviger.db was sealed with another master key than CLAVIGER_MASTER_KEY
    1 claviger: the database sqlite://claviger.db was sealed with another master key than other.key
    1 claviger: the database sqlite://claviger.db was sealed with another master key than claviger.key
    ");
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_master_key_is_hex_or_base64_and_then_no_file_is_made() {
    let folder = Folder::empty().with("CLAVIGER_MASTER_KEY", &hex());
    folder.claviger("organization create --name Porto");
    folder.make("--scope system --id backup --secret written-on-a-wall");
    assert!(!folder.file("claviger.key").exists());
    std::fs::write(
        folder.file("master.key"),
        format!("{}\n", STANDARD.encode(KEY)),
    )
    .unwrap();
    let spellings = [
        folder.with("CLAVIGER_MASTER_KEY", &hex().to_uppercase()),
        folder.with("CLAVIGER_MASTER_KEY", &STANDARD.encode(KEY)),
        folder.with("CLAVIGER_MASTER_KEY", &URL_SAFE_NO_PAD.encode(KEY)),
        folder
            .without("CLAVIGER_MASTER_KEY")
            .with("CLAVIGER_MASTER_KEY_FILE", "master.key"),
    ];
    for spelling in spellings {
        assert_eq!(
            spelling.api_client("get").made().secret,
            "written-on-a-wall"
        );
    }
}

#[test]
fn a_wrong_master_key_is_never_repeated() {
    let folder = Folder::furnished();
    let wrong = [
        "hunter2-hunter2".to_owned(),
        hex()[2..].to_owned(),
        format!("{}zz", &hex()[2..]),
        STANDARD.encode(&KEY[1..]),
        STANDARD.encode([&KEY[..], b"x"].concat()),
    ];
    for key in wrong {
        let said = folder
            .with("CLAVIGER_MASTER_KEY", &key)
            .api_client("get --format text");
        assert_eq!(
            said.complaint(),
            "1 api-client: CLAVIGER_MASTER_KEY: a master key is 32 bytes as base64 or hex"
        );
        assert_eq!(said.stderr.lines().count(), 1);
        std::fs::write(folder.file("wrong.key"), &key).unwrap();
        let said = folder
            .with("CLAVIGER_MASTER_KEY_FILE", "wrong.key")
            .claviger("organization list");
        assert_eq!(
            said.complaint(),
            "1 claviger: wrong.key: a master key is 32 bytes as base64 or hex"
        );
        let said = folder.claviger(&format!("serve --master-key {key}"));
        assert!(
            !said.stderr.contains(&key) && said.code == Some(1),
            "{said}"
        );
    }
}

#[test]
fn a_key_file_that_is_not_there_is_named() {
    let folder = Folder::empty().with("CLAVIGER_MASTER_KEY_FILE", "vault/master.key");
    assert_snapshot!(folder.claviger("database migrate"), @r"
    stderr: claviger: the master key could not be read from vault/master.key: No such file or directory (os error 2)
    exit: 1
    ");
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn a_key_file_that_never_ends_is_no_key() {
    let folder = Folder::empty().with("CLAVIGER_MASTER_KEY_FILE", "/dev/zero");
    assert_snapshot!(folder.claviger("database migrate"), @r"
    stderr: claviger: /dev/zero: a master key is 32 bytes as base64 or hex
    exit: 1
    ");
}

#[test]
fn the_sealed_secret_of_another_client_does_not_open() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    folder.make("--scope system --id report --secret written-on-a-origin");
    folder.query("UPDATE client_secrets SET sealed = (SELECT sealed FROM client_secrets WHERE client = 2) WHERE client = 1");
    assert_snapshot!(folder.api_client("get"), @r#"
    {"id":"backup","name":"API Client ***ckup","scopes":["system"],"permissions":[],"organization_id":null}
    {"id":"report","secret":"written-on-a-origin","name":"API Client ***port","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
}

#[test]
fn a_key_in_place_of_the_name_of_a_file_is_not_repeated() {
    let zeros = "0".repeat(64);
    for value in [
        hex(),
        STANDARD.encode(KEY),
        URL_SAFE_NO_PAD.encode(KEY),
        zeros,
        "postgres://ada:hunter2@db/x".to_owned(),
        format!("{}\n", STANDARD.encode(crate::support::MASTER_KEY)),
    ] {
        for name in ["CLAVIGER_MASTER_KEY_FILE", "CLAVIGER_CATALOG"] {
            let folder = Folder::empty().with(name, &value);
            let said = folder.claviger("database migrate");
            assert_eq!(said.code, Some(1), "{said}");
            assert!(!said.stderr.contains(value.trim()), "{said}");
            assert!(!said.stderr.contains("hunter2"), "{said}");
        }
        let folder = Folder::empty().with("CLAVIGER_MASTER_KEY_FILE", &value);
        assert_eq!(
            folder
                .claviger("database migrate")
                .complaint()
                .split_once(". ")
                .unwrap()
                .0,
            "1 claviger: the master key could not be read: CLAVIGER_MASTER_KEY_FILE seems to hold a key or an address, and is to hold the name of a file"
        );
    }
}
