//! The command lines on PostgreSQL, and what is never printed of its address.

use insta::assert_snapshot;

use super::shell::{Folder, block_on};
use crate::support::fresh_database;

#[test]
fn the_commands_work_on_postgresql_as_they_do_on_a_file() {
    let folder = Folder::empty()
        .with("DATABASE_URL", &block_on(fresh_database()))
        .with("CLAVIGER_MASTER_KEY", &"07".repeat(32));
    assert_snapshot!(folder.claviger("organization create --name Porto"), @r#"
    {"id":1,"name":"Porto","host":null}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("create --scope blogs --permission blogs.read --organization-id 1 --id reader"), @r#"
    {"id":"reader","secret":"[secret]","name":"API Client ***ader","scopes":["blogs"],"permissions":["blogs.read"],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("revoke --id reader --permission blogs.read"), @r#"
    {"id":"reader","secret":"[secret]","name":"API Client ***ader","scopes":["blogs"],"permissions":[],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("create --scope system --id reader"), @r#"
    stderr: {"error":"There is or was a client `reader`. Ids are never given out again."}
    exit: 1
    "#);
    assert_snapshot!(folder.api_client("delete --id reader"), @r#"
    {"deleted":true,"id":"reader"}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("get"), @"exit: 0");
    assert_snapshot!(folder.claviger("database check"), @r#"
    {"ok":true}
    exit: 0
    "#);
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn without_a_master_key_postgresql_is_refused() {
    for scheme in ["postgres", "postgresql"] {
        let folder = Folder::empty().with(
            "DATABASE_URL",
            &format!("{scheme}://ada:hunter2@127.0.0.1:1/claviger"),
        );
        let told = "PostgreSQL has no file to keep a master key beside; set CLAVIGER_MASTER_KEY or CLAVIGER_MASTER_KEY_FILE";
        assert_eq!(
            folder.api_client("get --format text").complaint(),
            format!("1 api-client: {told}")
        );
        assert_eq!(
            folder.claviger("serve").complaint(),
            format!("1 claviger: {told}")
        );
        assert_eq!(folder.files(), Vec::<String>::new());
    }
}

#[test]
fn a_password_in_an_address_is_never_printed() {
    let url = block_on(fresh_database());
    let (user, place) = url
        .strip_prefix("postgres://")
        .unwrap()
        .split_once('@')
        .unwrap();
    let (_, socket) = place.split_once('?').unwrap();
    let missing = format!("postgres://{user}:hunter2@/nowhere?{socket}");
    for url in [
        missing.as_str(),
        "postgres://ada:hunter2@127.0.0.1:port/claviger",
        "postgres://ada:hunter2@127.0.0.1/claviger?sslmode=sometimes",
        "postgres://ada:x@hunter2@127.0.0.1:port/claviger",
        "postgres://127.0.0.1:port/claviger?user=ada&password=hunter2",
    ] {
        let folder = Folder::empty()
            .with("DATABASE_URL", url)
            .with("CLAVIGER_MASTER_KEY", &"07".repeat(32));
        for said in [
            folder.api_client("get"),
            folder.claviger("database check"),
            folder.claviger("serve"),
        ] {
            assert_eq!((said.stdout.as_str(), said.code), ("", Some(1)), "{said}");
            assert!(
                said.stderr.contains(user) || said.stderr.contains("ada"),
                "the address is named: {said}"
            );
            assert!(!said.stderr.contains("hunter2"), "{said}");
        }
    }
}
