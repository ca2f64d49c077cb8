//! The command lines on PostgreSQL, and what is never printed of its address.

use insta::assert_snapshot;

use super::shell::{Folder, block_on};
use crate::support::{MASTER_KEY, fresh_database};

#[test]
fn the_commands_work_on_postgresql_as_they_do_on_a_file() {
    let folder = Folder::empty()
        .with("DATABASE_URL", &block_on(fresh_database()))
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
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
    for url in [
        format!("postgres://{user}:hunter2@/nowhere?{socket}&options[no_such_setting]=1"),
        format!("postgres://nobody_knows:hunter2@/nowhere?{socket}"),
        "postgres://ada:hunter2@127.0.0.1:1/claviger".to_owned(),
        "postgres://ada:hunter2@db.invalid/claviger".to_owned(),
        "postgres://ada@127.0.0.1:1/claviger?password=hunter2".to_owned(),
        "postgres://ada:hunt?hunter2@127.0.0.1:1/x".to_owned(),
        "postgres://ada:hunter2@127.0.0.1:port/claviger".to_owned(),
        "postgres://ada:hunter2@127.0.0.1/claviger?sslmode=sometimes".to_owned(),
        "postgres://ada@127.0.0.1/claviger?sslpassword=hunter2".to_owned(),
    ] {
        let folder = Folder::empty()
            .with("DATABASE_URL", &url)
            .with("CLAVIGER_LOG", "trace")
            .with("PGPASSWORD", "hunter2")
            .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
        for said in [
            folder.api_client("get"),
            folder.claviger("database check"),
            folder.claviger("database migrate"),
            folder.claviger("serve --addr 127.0.0.1:0"),
        ] {
            assert_eq!((said.stdout.as_str(), said.code), ("", Some(1)), "{said}");
            assert!(!said.stderr.contains("hunter2"), "{said}");
        }
    }
}

#[test]
fn a_server_that_is_not_there_is_told_of_at_once_with_the_cause() {
    let folder = Folder::empty()
        .with(
            "DATABASE_URL",
            "postgres://ada:hunter2@127.0.0.1:1/claviger",
        )
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    let told = "the database postgres://ada@127.0.0.1:1/claviger could not be opened: Connection refused (os error 111); is PostgreSQL running there, and is the address right?";
    let begun = std::time::Instant::now();
    for command in ["database check", "database migrate", "serve"] {
        assert_eq!(
            folder.claviger(command).complaint(),
            format!("1 claviger: {told}")
        );
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(4));
}

#[test]
fn migrating_makes_the_database_and_checking_does_not() {
    let url = block_on(fresh_database());
    let (server, socket) = url.split_once('?').unwrap();
    let (server, _) = server.rsplit_once('/').unwrap();
    let folder = Folder::empty()
        .with(
            "DATABASE_URL",
            &format!("{server}/made-by-migrate?{socket}"),
        )
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    for said in [
        folder.claviger("database check"),
        folder.api_client("get --format text"),
    ] {
        let told = said.complaint();
        assert!(
            told.contains(": there is no database at postgres://")
                && told.ends_with("`claviger database migrate` makes it"),
            "{told}"
        );
    }
    for command in ["migrate", "migrate", "check"] {
        assert_eq!(
            folder.claviger(&format!("database {command}")).to_string(),
            "{\"ok\":true}\nexit: 0",
            "{command}"
        );
    }
}
