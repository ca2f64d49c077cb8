//! When `api-client` does nothing at all: switched off, or without a database to work on.

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn switched_off_it_does_nothing_and_says_so() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    let before = folder.everything();
    for value in ["true", "1", "YES", "True", "yes"] {
        let off = folder.with("DISABLE_REST_FULL_BIN", value);
        for command in [
            "create --scope system",
            "get --format text",
            "delete --id backup",
            "--help",
        ] {
            let said = off.api_client(command).to_string();
            assert_eq!(
                said, "stderr: api-client is switched off by DISABLE_REST_FULL_BIN\nexit: 1",
                "{value} {command}"
            );
        }
    }
    assert_eq!(folder.everything(), before);
}

#[test]
fn any_other_value_does_not_switch_it_off() {
    let folder = Folder::furnished();
    for value in ["", "0", "false", "no", "off", "truth", "2"] {
        assert_eq!(
            folder
                .with("DISABLE_REST_FULL_BIN", value)
                .api_client("get")
                .to_string(),
            "exit: 0",
            "{value}"
        );
    }
}

#[test]
fn the_switch_does_not_concern_claviger() {
    assert_eq!(
        Folder::empty()
            .with("DISABLE_REST_FULL_BIN", "true")
            .claviger("organization create --name Porto")
            .code,
        Some(0)
    );
}

#[test]
fn without_a_database_it_names_the_one_it_looked_for_and_makes_none() {
    let folder = Folder::empty();
    for command in [
        "get",
        "create --scope system",
        "delete --id backup",
        "rotate --id backup",
    ] {
        assert_eq!(
            folder.api_client(command).to_string(),
            "stderr: {\"error\":\"there is no database at sqlite://claviger.db\"}\nexit: 1",
            "{command}"
        );
    }
    assert_snapshot!(folder.with("DATABASE_URL", "sqlite://not/here.db?mode=rwc").api_client("get --format text"), @r"
    stderr: api-client: there is no database at sqlite://not/here.db?mode=rwc
    exit: 1
    ");
    let default = folder.without("DATABASE_URL");
    assert_snapshot!(default.api_client("get"), @r#"
    stderr: {"error":"there is no database at sqlite://data/claviger.db"}
    exit: 1
    "#);
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn a_database_that_is_not_up_to_date_is_left_alone() {
    let folder = Folder::furnished();
    folder.query(
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
    );
    assert_snapshot!(folder.api_client("get"), @r#"
    stderr: {"error":"the database sqlite://claviger.db is not up to date; run `claviger database migrate`"}
    exit: 1
    "#);
}

#[test]
fn a_database_of_a_newer_release_is_left_alone() {
    let folder = Folder::furnished();
    folder.query("INSERT INTO _sqlx_migrations SELECT 999, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1");
    assert_snapshot!(folder.api_client("get --format text"), @r"
    stderr: api-client: the database sqlite://claviger.db belongs to a newer Claviger
    exit: 1
    ");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = Folder::furnished();
    std::fs::write(folder.file("letter.db"), "Dear Sir or Madam, ".repeat(100)).unwrap();
    std::fs::copy(folder.file("claviger.key"), folder.file("letter.key")).unwrap();
    let told = folder
        .with("DATABASE_URL", "sqlite://letter.db")
        .api_client("get --format text")
        .complaint();
    assert!(
        told.starts_with("1 api-client: letter.db could not be opened: ")
            && told.ends_with("file is not a database"),
        "{told}"
    );
}

#[test]
fn an_address_of_no_known_kind_is_refused_by_what_it_should_be() {
    for url in [
        "mysql://ada:hunter2@db/claviger",
        "data/claviger.db",
        "claviger",
    ] {
        let folder = Folder::empty().with("DATABASE_URL", url);
        assert_eq!(
            folder.api_client("get --format text").complaint(),
            "1 api-client: `DATABASE_URL` begins with `sqlite://` or `postgres://`",
            "{url}"
        );
        assert_eq!(
            folder.claviger("organization list").complaint(),
            "1 claviger: `DATABASE_URL` begins with `sqlite://` or `postgres://`",
            "{url}"
        );
        assert_eq!(folder.files(), Vec::<String>::new());
    }
}
