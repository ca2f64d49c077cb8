//! How `claviger`, and both command lines alike, are used: help, and what is said when they are used wrongly.

use insta::assert_snapshot;

use super::shell::{Folder, Said};

/// How each command ended, and the first line on stderr.
pub(super) fn complaints(commands: &[&str], run: impl Fn(&str) -> Said) -> String {
    commands
        .iter()
        .map(|command| run(command).complaint())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_setting_that_cannot_be_read_is_wrong_usage() {
    let folder = Folder::furnished().with("CLAVIGER_SECRETS", "sometimes");
    let told = "2 error: CLAVIGER_SECRETS cannot be `sometimes`; it is sealed or once";
    assert_eq!(folder.api_client("get").complaint(), told);
    assert_eq!(folder.claviger("organization list").complaint(), told);
}

#[test]
fn an_address_in_a_wrong_place_is_not_repeated() {
    let folder = Folder::empty();
    for place in [
        "",
        "serve ",
        "serve --no-such-flag=",
        "database check ",
        "admin ",
    ] {
        let said = folder.claviger(&format!("{place}postgres://ada:hunter2@db/claviger"));
        assert_eq!((said.stdout.as_str(), said.code), ("", Some(2)), "{said}");
        assert!(
            said.stderr.starts_with("error: ") && !said.stderr.contains("hunter2"),
            "{said}"
        );
    }
    for place in ["", "get ", "get --database-url="] {
        let said = folder.api_client(&format!("{place}postgres://ada:hunter2@db/claviger"));
        assert_eq!((said.stdout.as_str(), said.code), ("", Some(2)), "{said}");
        assert!(!said.stderr.contains("hunter2"), "{said}");
    }
}

#[test]
fn claviger_lists_its_commands() {
    assert_snapshot!(Folder::empty().claviger("--help"), @r"
    Hands out API credentials and answers for them

    Usage: claviger
           claviger <COMMAND>

    Commands:
      serve         Starts the server; so does `claviger` alone
      organization  Makes, lists and archives organizations
      participant   Makes, lists, blocks and imports participants of organizations
      admin         Makes, invites, lists, changes and disables administrators
      catalog       Checks a catalogue of scopes and permissions
      database      Brings the database up to date, or checks it
      audit         Verifies and lists the audit log
      demo          Fills an empty database with a platform to try things on
      help          Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version
    exit: 0
    ");
}

#[test]
fn every_command_of_claviger_has_help() {
    let folder = Folder::empty();
    let commands = [
        "serve",
        "organization",
        "organization create",
        "organization list",
        "organization set-host",
        "organization archive",
        "organization restore",
        "participant",
        "participant create",
        "participant list",
        "participant block",
        "participant unblock",
        "participant set-password",
        "participant import",
        "admin",
        "admin create",
        "admin reset-password",
        "catalog",
        "catalog check",
        "database",
        "database migrate",
        "database check",
        "audit",
        "audit verify",
    ];
    for command in commands {
        let said = folder.claviger(&format!("{command} --help"));
        assert_eq!((said.stderr.as_str(), said.code), ("", Some(0)), "{said}");
        assert!(
            said.stdout.contains(&format!("Usage: claviger {command}")),
            "{said}"
        );
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn every_setting_is_a_flag_and_a_variable_of_the_server_and_help_shows_no_value_of_a_secret_one() {
    let folder = Folder::empty()
        .with("CLAVIGER_MASTER_KEY", "the-key-itself")
        .with("DATABASE_URL", "postgres://ada:hunter2@db/claviger");
    let help = folder.claviger("serve --help").stdout;
    let settings = [
        ("--database-url", "DATABASE_URL"),
        ("--master-key", "CLAVIGER_MASTER_KEY"),
        ("--master-key-file", "CLAVIGER_MASTER_KEY_FILE"),
        ("--secrets", "CLAVIGER_SECRETS"),
        ("--catalog", "CLAVIGER_CATALOG"),
        ("--addr", "CLAVIGER_ADDR"),
        ("--issuer", "CLAVIGER_ISSUER"),
        ("--token-ttl", "CLAVIGER_TOKEN_TTL"),
        ("--token-prefix", "CLAVIGER_TOKEN_PREFIX"),
        ("--trusted-proxies", "CLAVIGER_TRUSTED_PROXIES"),
    ];
    for (flag, variable) in settings {
        assert!(
            help.contains(&format!("{flag} <")) && help.contains(&format!("[env: {variable}")),
            "{flag}: {help}"
        );
    }
    assert!(
        !help.contains("the-key-itself") && !help.contains("hunter2"),
        "{help}"
    );
}

#[test]
fn wrong_usage_of_claviger_is_plain_text_on_stderr() {
    let folder = Folder::empty();
    let wrong = [
        "frobnicate",
        "--frobnicate",
        "organization",
        "organization create",
        "organization create --name",
        "organization create --name Porto --name Porto",
        "organization archive --id two",
        "admin create",
        "admin create --email ops@example.org --role king",
        "catalog check",
        "database",
        "serve --addr nowhere",
        "serve --token-ttl 0",
        "serve --token-prefix CLV",
        "serve --trusted-proxies everyone",
    ];
    assert_snapshot!(complaints(&wrong, |command| folder.claviger(command)), @r"
    2 error: unrecognized subcommand 'frobnicate'
    2 error: unexpected argument '--frobnicate' found
    2 Makes, lists and archives organizations
    2 error: the following required arguments were not provided:
    2 error: a value is required for '--name <NAME>' but none was supplied
    2 error: the argument '--name <NAME>' cannot be used multiple times
    2 error: invalid value 'two' for '--id <ID>': invalid digit found in string
    2 error: the following required arguments were not provided:
    2 error: invalid value 'king' for '--role <ROLE>': a role is owner, manager or auditor
    2 error: the following required arguments were not provided:
    2 Brings the database up to date, or checks it
    2 error: invalid value 'nowhere' for '--addr <ADDRESS>': invalid socket address syntax
    2 error: invalid value '0' for '--token-ttl <DURATION>': a token lives between one second and 366 days
    2 error: invalid value 'CLV' for '--token-prefix <PREFIX>': a prefix has 2 to 16 of a-z and 0-9
    2 error: invalid value 'everyone' for '--trusted-proxies <NETWORKS>': invalid IP address syntax
    ");
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn a_value_that_may_be_a_secret_is_not_repeated_whatever_is_wrong_with_it() {
    let folder = Folder::empty();
    let address = "postgres://ada:hunter2@h/x";
    let key = crate::support::MASTER_KEY;
    for secret in [address, "ada:hunter2@h", key] {
        for flag in [
            "--addr",
            "--token-ttl",
            "--token-prefix",
            "--trusted-proxies",
            "--secrets",
        ] {
            let said = folder.claviger(&format!("serve {flag} {secret}"));
            assert_eq!(said.code, Some(2), "{said}");
            assert!(said.stderr.contains(&format!("for '{flag} <")), "{said}");
            assert!(
                !said.stderr.contains("hunter2") && !said.stderr.contains(key),
                "{said}"
            );
        }
        for command in [
            "catalog check ",
            "organization create --name x --host ",
            "organization archive --id ",
            "admin create --email x@example.org --role ",
        ] {
            let said = folder.claviger(&format!("{command}{secret}"));
            assert_ne!(said.code, Some(0), "{said}");
            assert!(
                !said.stderr.contains("hunter2") && !said.stderr.contains(key),
                "{said}"
            );
        }
        for flag in ["--organization-id", "--expires-at", "--format"] {
            let said = folder.api_client(&format!("create --scope system {flag} {secret}"));
            assert_eq!(said.code, Some(2), "{said}");
            assert!(
                !said.stderr.contains("hunter2") && !said.stderr.contains(key),
                "{said}"
            );
        }
        for name in [
            "CLAVIGER_TRUSTED_PROXIES",
            "CLAVIGER_ADDR",
            "CLAVIGER_SECRETS",
        ] {
            let said = folder.with(name, secret).claviger("serve");
            assert!(
                said.stderr.starts_with(&format!(
                    "error: {name} holds an address or a key, which is not repeated"
                )),
                "{said}"
            );
        }
    }
}

#[test]
fn wrong_usage_sends_a_terminal_no_orders() {
    let folder = Folder::empty();
    for command in [
        "organization list '\u{1b}[31mRED'",
        "'\u{1b}[31mRED'",
        "organization '\u{1b}[31mRED'",
        "organization list '--\u{1b}[31mRED'",
        "serve --addr '\u{1b}[31mRED'",
        "serve --secrets '\u{1b}[31mRED'",
    ] {
        let said = folder.claviger(command);
        assert_eq!(said.code, Some(2), "{said}");
        assert!(said.stderr.contains("\\u{1b}[31mRED"), "{said}");
        assert!(!said.stderr.contains('\u{1b}'), "{said}");
    }
}
