//! `claviger catalog check`, and an operator's own catalogue at work.

use insta::assert_snapshot;

use super::shell::Folder;

const LIBRARY: &str = r#"
[[scope]]
name = "books"
label = "Books"
description = "What stands on the shelves."

  [[scope.group]]
  label = "Lending"

  [[scope.group.permission]]
  name = "books.lend"
  label = "Lend books"
  description = "Hands out books and takes them back."
  risk = "high"

[[unscoped]]
name = "library.open"
label = "Open the library"
description = "Turns the sign at the entrance."
"#;

/// A folder with a file `own.toml`.
fn with_file(text: &str) -> Folder {
    let folder = Folder::empty();
    std::fs::write(folder.file("own.toml"), text).unwrap();
    folder
}

#[test]
fn a_good_file_is_counted() {
    let folder = with_file(LIBRARY);
    assert_snapshot!(folder.claviger("catalog check own.toml"), @r#"
    {"scopes":1,"permissions":2}
    exit: 0
    "#);
    assert_eq!(folder.files(), ["own.toml"], "checking needs no database");
}

#[test]
fn the_built_in_catalogue_is_an_example_of_one() {
    let folder = with_file(include_str!("../../../src/domain/catalog.toml"));
    assert_eq!(folder.claviger("catalog check own.toml").code, Some(0));
}

#[test]
fn a_wrong_file_is_told_with_its_name_its_line_and_the_reason() {
    let twice = format!(
        "{LIBRARY}\n[[unscoped]]\nname = \"books.lend\"\nlabel = \"Lend\"\ndescription = \"Again.\"\n"
    );
    let wrong = [
        String::new(),
        "[[scope]]\nname = ".to_owned(),
        LIBRARY.replace("name = \"books\"", "name = 7"),
        LIBRARY.replace("name = \"books\"", "name = \"Books!\""),
        LIBRARY.replace("label = \"Books\"\n", ""),
        LIBRARY.replace("label = \"Lend books\"", "label = \" \""),
        LIBRARY.replace("risk = \"high\"", "risk = \"extreme\""),
        LIBRARY.replace("risk =", "danger ="),
        twice,
    ];
    let told: Vec<String> = wrong
        .iter()
        .map(|text| {
            with_file(text)
                .claviger("catalog check own.toml")
                .to_string()
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r"
    stderr: claviger: own.toml:1: there is no scope; write at least one `[[scope]]`
    exit: 1
    stderr: claviger: own.toml:2: string values must be quoted, expected literal string
    exit: 1
    stderr: claviger: own.toml:3: invalid type: integer `7`, expected a string
    exit: 1
    stderr: claviger: own.toml:3: `Books!` cannot name a scope; use a-z, 0-9, `_`, `.`, `-` and `:`, a letter first
    exit: 1
    stderr: claviger: own.toml:2: missing field `label`
    exit: 1
    stderr: claviger: own.toml:11: `books.lend` has an empty label
    exit: 1
    stderr: claviger: own.toml:14: unknown variant `extreme`, expected `normal` or `high`
    exit: 1
    stderr: claviger: own.toml:14: unknown field `danger`, expected one of `name`, `label`, `description`, `risk`, `event`
    exit: 1
    stderr: claviger: own.toml:22: permission `books.lend` stands here twice
    exit: 1
    ");
}

#[test]
fn a_file_that_is_not_there_is_named_once() {
    assert_snapshot!(Folder::empty().claviger("catalog check own.toml"), @r"
    stderr: claviger: own.toml: cannot be read: No such file or directory (os error 2)
    exit: 1
    ");
    let folder = Folder::furnished().with("CLAVIGER_CATALOG", "own.toml");
    assert_snapshot!(folder.api_client("get"), @r#"
    stderr: {"error":"own.toml: cannot be read: No such file or directory (os error 2)"}
    exit: 1
    "#);
}

#[test]
fn a_wrong_file_stops_every_command_before_it_touches_the_database() {
    let folder = with_file("[[scope]]\nname = 7\n").with("CLAVIGER_CATALOG", "own.toml");
    for said in [
        folder.claviger("serve"),
        folder.claviger(""),
        folder.claviger("organization create --name Porto"),
        folder.api_client("get --format text"),
    ] {
        assert!(said.complaint().contains(": own.toml:2: "), "{said}");
        assert_eq!(
            (said.code, said.stderr.lines().count()),
            (Some(1), 1),
            "{said}"
        );
    }
    assert_eq!(folder.files(), ["own.toml"]);
}

#[test]
fn an_operators_own_catalogue_replaces_the_built_in_one() {
    let folder = with_file(LIBRARY).with("CLAVIGER_CATALOG", "own.toml");
    folder.claviger("organization create --name 'City library'");
    assert_snapshot!(folder.api_client("create --scope books --permission books.lend,library.open --organization-id 1"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["books"],"permissions":["books.lend","library.open"],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("create --scope blogs --permission oauth.login --organization-id 1"), @r#"
    stderr: {"error":"There is no scope called “blogs”. There is no permission called “oauth.login”."}
    exit: 1
    "#);
}
