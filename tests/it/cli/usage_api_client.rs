//! How `api-client` is used: help, and what is said when it is used wrongly.

use insta::assert_snapshot;

use super::shell::Folder;

use super::usage::complaints;

#[test]
fn without_arguments_api_client_prints_its_help() {
    let folder = Folder::empty();
    let alone = folder.api_client("");
    assert_snapshot!(alone, @r"
    Makes, shows, changes and ends API clients

    Usage: api-client [COMMAND]

    Commands:
      create         Makes a client
      get            Shows one client, or every client that is not revoked
      grant          Grants permissions to a client
      revoke         Removes permissions from a client
      suspend        Suspends a client: its tokens are dead until it is resumed
      resume         Resumes a suspended client
      rotate         Gives a client a new secret
      secrets        Lists the secrets of a client, without their texts
      end-secret     Ends one secret of a client, with every token made with it
      tokens         Shows the last tokens of a client, never their texts
      revoke-tokens  Revokes every token of a client that was issued so far; it can ask for new ones
      delete         Revokes a client for good, with every token
      help           Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version
    exit: 0
    ");
    for way in ["help", "--help", "-h"] {
        let said = folder.api_client(way);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.as_str(), said.code),
            (alone.stdout.as_str(), "", Some(0)),
            "{way}"
        );
    }
}

#[test]
fn every_command_of_api_client_has_help_and_needs_no_database_for_it() {
    let folder = Folder::empty();
    let expected = [
        (
            "create",
            "--scope --permission --perm --organization-id --id --secret --name --allow-impersonate --allow-login --expires-at --format",
        ),
        ("get", "--id --format"),
        ("grant", "--id --permission --perm --format"),
        ("revoke", "--id --permission --perm --format"),
        ("suspend", "--id --format"),
        ("resume", "--id --format"),
        (
            "rotate",
            "--id --keep-old --pending --grace --label --format",
        ),
        ("secrets", "--id --format"),
        ("end-secret", "--id --number --format"),
        ("tokens", "--id --format"),
        ("revoke-tokens", "--id --format"),
        ("delete", "--id --format"),
    ];
    for (command, flags) in expected {
        let said = folder.api_client(&format!("{command} --help"));
        assert_eq!((said.stderr.as_str(), said.code), ("", Some(0)), "{said}");
        assert!(
            said.stdout
                .contains(&format!("Usage: api-client {command} [OPTIONS]")),
            "{said}"
        );
        for flag in flags.split(' ') {
            assert!(
                said.stdout.contains(&format!("{flag} "))
                    || said.stdout.contains(&format!("{flag}\n"))
                    || said.stdout.contains(&format!("{flag}]")),
                "{flag}: {said}"
            );
        }
        assert_eq!(
            folder.api_client(&format!("help {command}")).stdout,
            said.stdout
        );
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

const WRONG: [&str; 36] = [
    "frobnicate",
    "--frobnicate",
    "get --frobnicate",
    "get backup",
    "get --id",
    "get --id backup --id backup",
    "get --format yaml",
    "get --format json --format json",
    "create",
    "create --scope",
    "create --scope system --organization-id two",
    "create --scope system --organization-id 2.5",
    "create --scope system --organization-id 99999999999999999999",
    "create --scope system --organization-id ''",
    "create --scope system --organization-id 1 --organization-id 1",
    "create --scope system --name a --name a",
    "create --scope system --secret first-secret --secret first-secret",
    "create --scope system --allow-login --allow-login",
    "create --scope system --allow-login=yes",
    "create --scope system --expires-at 2999-01-01T00:00:00Z --expires-at 2999-01-01T00:00:00Z",
    "grant --id backup",
    "grant --permission system.organizations.read",
    "revoke --id backup --permission",
    "grant --id backup --permission ''",
    "suspend",
    "resume",
    "rotate --keep-old 0",
    "rotate --id backup --keep-old 0 --keep-old 0",
    "rotate --id backup --pending --keep-old 1h",
    "rotate --id backup --grace 1h",
    "secrets",
    "end-secret --id backup",
    "end-secret --id backup --number one",
    "delete",
    "delete --id",
    "delete --id backup --permission system.organizations.read",
];

#[test]
fn wrong_usage_of_api_client_is_plain_text_on_stderr() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    let before = folder.everything();
    assert_snapshot!(complaints(&WRONG, |command| folder.api_client(command)), @r"
    2 error: unrecognized subcommand 'frobnicate'
    2 error: unexpected argument '--frobnicate' found
    2 error: unexpected argument '--frobnicate' found
    2 error: unexpected argument 'backup' found
    2 error: a value is required for '--id <ID>' but none was supplied
    2 error: the argument '--id <ID>' cannot be used multiple times
    2 error: invalid value 'yaml' for '--format <FORMAT>'
    2 error: the argument '--format <FORMAT>' cannot be used multiple times
    2 error: the following required arguments were not provided:
    2 error: a value is required for '--scope <SCOPE>' but none was supplied
    2 error: invalid value 'two' for '--organization-id <ID>': invalid digit found in string
    2 error: invalid value '2.5' for '--organization-id <ID>': invalid digit found in string
    2 error: invalid value '99999999999999999999' for '--organization-id <ID>': number too large to fit in target type
    2 error: invalid value '' for '--organization-id <ID>': cannot parse integer from empty string
    2 error: the argument '--organization-id <ID>' cannot be used multiple times
    2 error: the argument '--name <NAME>' cannot be used multiple times
    2 error: the argument '--secret <SECRET>' cannot be used multiple times
    2 error: the argument '--allow-login' cannot be used multiple times
    2 error: unexpected value 'yes' for '--allow-login' found; no more were expected
    2 error: the argument '--expires-at <RFC3339>' cannot be used multiple times
    2 error: the following required arguments were not provided:
    2 error: the following required arguments were not provided:
    2 error: a value is required for '--permission <PERMISSION>' but none was supplied
    2 error: invalid value '' for '--permission <PERMISSION>': a part of the list is empty
    2 error: the following required arguments were not provided:
    2 error: the following required arguments were not provided:
    2 error: the following required arguments were not provided:
    2 error: the argument '--keep-old <DURATION>' cannot be used multiple times
    2 error: the argument '--pending' cannot be used with '--keep-old <DURATION>'
    2 error: the following required arguments were not provided:
    2 error: the following required arguments were not provided:
    2 error: the following required arguments were not provided:
    2 error: invalid value 'one' for '--number <NUMBER>': invalid digit found in string
    2 error: the following required arguments were not provided:
    2 error: a value is required for '--id <ID>' but none was supplied
    2 error: unexpected argument '--permission' found
    ");
    assert_eq!(folder.everything(), before);
}
