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
    stderr: {"error":"There is or was a client “reader”. Ids are never given out again."}
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

/// A folder whose address leads to a port where nobody listens.
fn unreachable(url: &str) -> Folder {
    let folder = Folder::empty()
        .with("DATABASE_URL", url)
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    let home = folder.file("");
    folder.with("HOME", home.to_str().unwrap())
}

#[test]
fn a_wrong_line_of_a_file_with_passwords_is_told_of_and_not_repeated() {
    let folder = unreachable("postgres://ada@127.0.0.1:1/claviger");
    folder.write_private(".pgpass", "hunter2\n");
    let told =
        "a line of ~/.pgpass, or of the file in PGPASSFILE, cannot be read and is passed over";
    for log in [
        "",
        "trace",
        "sqlx_postgres::options::pgpass[{line}]=trace,warn",
    ] {
        let said = folder
            .with("CLAVIGER_LOG", log)
            .claviger("serve --addr 127.0.0.1:0");
        assert_eq!(said.code, Some(1), "{said}");
        assert!(
            !said.stderr.contains("hunter2") && said.stderr.contains(told),
            "{said}"
        );
    }
    let said = folder.claviger("database check");
    assert!(
        said.stderr
            .starts_with(&format!("claviger: warning: {told}\n")),
        "{said}"
    );
    assert!(!said.stderr.contains("hunter2"), "{said}");
}

#[test]
fn a_variable_of_libpq_that_the_driver_would_pass_over_is_refused() {
    let mode = "`PGSSLMODE` has a value that cannot be used; it is disable, allow, prefer, require, verify-ca or verify-full";
    let missing = "No such file or directory (os error 2)";
    for (name, value, told) in [
        ("PGSSLMODE", "verify-ful", mode.to_owned()),
        ("PGSSLMODE", " ", mode.to_owned()),
        (
            "PGPORT",
            "70000",
            "`PGPORT` has a value that cannot be used; it is a number up to 65535".to_owned(),
        ),
        (
            "PGSSLROOTCERT",
            "/nonexist",
            format!("`PGSSLROOTCERT` names a file that cannot be read: {missing}"),
        ),
        (
            "PGSSLCERT",
            "/nonexist",
            format!("`PGSSLCERT` names a file that cannot be read: {missing}"),
        ),
        (
            "PGSSLKEY",
            "/",
            "`PGSSLKEY` names a file that cannot be read: Is a directory (os error 21)".to_owned(),
        ),
    ] {
        let folder = unreachable("postgres://ada@127.0.0.1/claviger").with(name, value);
        for command in ["database check", "serve --addr 127.0.0.1:0"] {
            assert_eq!(
                folder.claviger(command).complaint(),
                format!("1 claviger: {told}"),
                "{name}"
            );
        }
    }
    // What the URL says itself, no variable has to say.
    let folder = unreachable("postgres://ada@127.0.0.1:1/claviger?sslmode=disable")
        .with("PGSSLMODE", "verify-ful")
        .with("PGPORT", "port");
    let told = folder.claviger("database check").complaint();
    assert!(
        told.contains("could not be opened: Connection refused"),
        "{told}"
    );
}

#[test]
fn an_empty_variable_of_libpq_is_as_one_that_is_not_set() {
    let url = "postgres://127.0.0.1:1/claviger";
    let plain = unreachable(url).claviger("database check").to_string();
    for name in [
        "PGAPPNAME",
        "PGDATABASE",
        "PGHOST",
        "PGHOSTADDR",
        "PGOPTIONS",
        "PGPASSFILE",
        "PGPASSWORD",
        "PGPORT",
        "PGSSLCERT",
        "PGSSLKEY",
        "PGSSLMODE",
        "PGSSLROOTCERT",
        "PGUSER",
    ] {
        let said = unreachable(url).with(name, "").claviger("database check");
        assert_eq!(said.to_string(), plain, "{name}");
    }
    let other = unreachable("postgres:///claviger?port=1").with("PGHOST", "127.0.0.1");
    let told = other
        .with("PGHOSTADDR", "")
        .with("PGUSER", "")
        .claviger("database check");
    assert!(
        told.stderr
            .contains("@127.0.0.1:1/claviger could not be opened"),
        "{told}"
    );
    // With an empty password, the driver would not ask for one.
    let folder = unreachable(url).with("PGPASSWORD", "");
    folder.write_private(".pgpass", "hunter2\n");
    let said = folder.claviger("database check");
    assert!(said.stderr.contains("a line of ~/.pgpass"), "{said}");
}

#[test]
fn a_user_who_is_named_nowhere_is_whoever_runs_the_command() {
    let output = std::process::Command::new("id")
        .arg("-un")
        .output()
        .unwrap();
    let user = String::from_utf8(output.stdout).unwrap();
    for url in [
        "postgres://127.0.0.1:1/claviger",
        "postgres://:hunter2@127.0.0.1:1/claviger",
        "postgres://127.0.0.1:1/claviger?user=",
    ] {
        let told = unreachable(url).claviger("database check").complaint();
        let place = format!(
            "the database postgres://{}@127.0.0.1:1/claviger ",
            user.trim()
        );
        assert!(told.contains(&place), "{url}: {told}");
    }
    let named = unreachable("postgres://127.0.0.1:1/claviger").with("PGUSER", "grace");
    let told = named.claviger("database check").complaint();
    assert!(
        told.contains("postgres://grace@127.0.0.1:1/claviger "),
        "{told}"
    );
}
