//! Values that begin with a hyphen.

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn ids_secrets_names_and_addresses_may_begin_with_a_hyphen() {
    let folder = Folder::furnished();
    let made = folder.make("--scope system --id -dash-1 --secret -first-secret --name '-v2 (old)'");
    assert_eq!(
        (made.id.as_str(), made.secret.as_str()),
        ("-dash-1", "-first-secret")
    );
    for command in [
        "get --id -dash-1",
        "grant --id -dash-1 --permission system.organizations.read",
        "revoke --id -dash-1 --perm system.organizations.read",
        "suspend --id -dash-1",
        "resume --id -dash-1",
        "rotate --id -dash-1 --keep-old 0",
        "delete --id -dash-1",
    ] {
        let said = folder.api_client(command);
        assert_eq!(said.code, Some(0), "{command}: {said}");
    }
    assert_eq!(
        folder
            .api_client("create --scope system --id=--x")
            .made()
            .id,
        "--x"
    );
    assert_eq!(folder.api_client("get --id=--x").made().id, "--x");
    let said = folder.claviger("organization create --name -Porto-");
    assert!(said.stdout.contains(r#""name":"-Porto-""#), "{said}");
    let said = folder.claviger_reading(
        "admin create --email -ops@example.org",
        "a sentence works well",
    );
    assert!(
        said.stdout.contains(r#""email":"-ops@example.org""#),
        "{said}"
    );
    // What cannot be used is refused for what it is.
    assert_snapshot!(
        [
            folder.claviger("organization create --name Basel --host -a.example").complaint(),
            folder.claviger("organization archive --id -1").complaint(),
            folder.claviger("demo --clients -1").complaint(),
            folder.api_client("grant --id=--x --permission -x,-y --format text").complaint(),
            folder.api_client("create --scope -x --format text").complaint(),
        ]
        .join("\n"),
        @r"
    1 claviger: Give the host name alone, such as participate.city.example.
    1 claviger: There is no organization -1.
    2 error: invalid value '-1' for '--clients <N>': -1 is not in 1..=10000000
    1 api-client: There is no permission called “-x”. There is no permission called “-y”.
    1 api-client: There is no scope called “-x”. Choose an organization. Only a client with nothing but the system scope needs none.
    "
    );
}

#[test]
fn a_forgotten_value_takes_no_flag() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    let before = folder.everything();
    for command in [
        "get --id --format json",
        "delete --id --format text",
        "create --scope system --name --allow-login",
        "create --scope system --secret --name x",
        "create --scope --id backup",
        "rotate --id backup --keep-old --format",
        "get -x",
        "get --id backup -x",
        "rotate --id backup --keep-old -5m",
    ] {
        let said = folder.api_client(command);
        assert_eq!(said.code, Some(2), "{command}: {said}");
    }
    for command in [
        "organization create --name --host x",
        "admin create --email --role owner",
    ] {
        assert_eq!(folder.claviger(command).code, Some(2), "{command}");
    }
    assert_eq!(folder.everything(), before);
    assert!(
        folder
            .api_client("get -h")
            .stdout
            .contains("Usage: api-client get")
    );
}
