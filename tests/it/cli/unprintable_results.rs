//! A change is made, and what came of it cannot be printed: nothing is lost that only the command knew.

use std::fs::File;
use std::process::Stdio;

use super::server::Server;
use super::shell::{Folder, Said, words};

const PASSWORD: &str = "a sentence works well";

/// Where standard output leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stdout {
    /// A device that is full.
    Full,
    /// Nowhere: the descriptor is closed.
    Closed,
    /// A pipe that nobody reads.
    Unread,
    /// A device that takes everything, opened as Python's `subprocess.DEVNULL` opens it.
    Null,
}

const DEAF: [Stdout; 3] = [Stdout::Full, Stdout::Closed, Stdout::Unread];

/// Runs a command of this build with its standard output somewhere.
fn run(folder: &Folder, program: &str, arguments: &str, stdout: Stdout) -> Said {
    let program = match program {
        "claviger" => env!("CARGO_BIN_EXE_claviger"),
        _ => env!("CARGO_BIN_EXE_api-client"),
    };
    let mut command = folder.command(program);
    if stdout == Stdout::Closed {
        command = folder.command("sh");
        command.args(["-c", "exec \"$0\" \"$@\" >&-", program]);
    }
    let full = |path: &str| File::options().read(true).write(true).open(path).unwrap();
    match stdout {
        Stdout::Full => command.stdout(full("/dev/full")),
        Stdout::Null => command.stdout(full("/dev/null")),
        Stdout::Closed => command.stdout(Stdio::null()),
        Stdout::Unread => command.stdout(std::io::pipe().unwrap().1),
    };
    std::fs::write(folder.file("typed"), PASSWORD).unwrap();
    command
        .args(words(arguments))
        .stdin(File::open(folder.file("typed")).unwrap());
    Said::of(
        command
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap(),
    )
}

#[test]
fn a_client_whose_secret_could_not_be_printed_is_named_with_the_way_to_its_secret() {
    for stdout in DEAF {
        let folder = Folder::furnished();
        let said = run(
            &folder,
            "api-client",
            "create --scope system --id backup",
            stdout,
        );
        assert_eq!(
            (said.code, said.stderr.lines().count()),
            (Some(3), 1),
            "{stdout:?} {said}"
        );
        let told: serde_json::Value = serde_json::from_str(&said.stderr).unwrap();
        let told = told["error"].as_str().unwrap();
        assert!(
            told.starts_with("client `backup` was created, but the result could not be printed: standard output cannot be written: ")
                && told.ends_with(". `api-client get --id backup` shows it with its secret."),
            "{told}"
        );
        let secret = folder.api_client("get --id backup").made().secret;
        assert!(!said.stderr.contains(&secret), "{said}");
    }
}

#[test]
fn where_no_copy_is_kept_a_lost_secret_is_rotated() {
    for stdout in DEAF {
        let folder = Folder::furnished().with("CLAVIGER_SECRETS", "once");
        for (command, lost) in [
            (
                "create --scope system --id=--backup",
                "client `--backup` was created, ",
            ),
            (
                "rotate --id=--backup",
                "client `--backup` was given a new secret, ",
            ),
        ] {
            let said = run(
                &folder,
                "api-client",
                &format!("{command} --format text"),
                stdout,
            );
            assert_eq!(said.code, Some(3), "{stdout:?} {said}");
            assert!(
                said.stderr.starts_with(&format!("api-client: {lost}"))
                    && said.stderr.ends_with(
                        "The secret is lost; `api-client rotate --id=--backup` makes another.\n"
                    ),
                "{said}"
            );
        }
        let said = run(
            &folder,
            "api-client",
            "create --scope system --id chosen --secret first-secret",
            stdout,
        );
        assert!(
            said.stderr
                .contains("Its secret is the one that you chose;"),
            "{said}"
        );
        assert!(!said.stderr.contains("first-secret"), "{said}");
    }
}

/// Every other command that changes something, in an order in which each can be done.
const CHANGES: [(&str, &str, &str); 14] = [
    ("claviger", "database migrate", "the database is up to date"),
    (
        "claviger",
        "organization create --name Porto",
        "organization 1 `Porto` was created",
    ),
    (
        "claviger",
        "organization archive --id 1",
        "organization 1 `Porto` was archived",
    ),
    (
        "claviger",
        "admin create --email ops@example.org",
        "administrator `ops@example.org` was created",
    ),
    (
        "claviger",
        "admin reset-password --email ops@example.org",
        "administrator `ops@example.org` was given the new password",
    ),
    (
        "api-client",
        "create --scope system --id backup",
        "client `backup` was created",
    ),
    (
        "api-client",
        "grant --id backup --permission system.organizations.read",
        "client `backup` was granted the permissions",
    ),
    (
        "api-client",
        "revoke --id backup --permission system.organizations.read",
        "client `backup` no longer has the permissions",
    ),
    (
        "api-client",
        "suspend --id backup",
        "client `backup` was suspended",
    ),
    (
        "api-client",
        "resume --id backup",
        "client `backup` was resumed",
    ),
    (
        "api-client",
        "rotate --id backup",
        "client `backup` was given a new secret",
    ),
    (
        "api-client",
        "end-secret --id backup --number 1",
        "client `backup` no longer has the secret",
    ),
    (
        "api-client",
        "delete --id backup",
        "client `backup` was revoked",
    ),
    (
        "api-client",
        "create --scope system --id other --format text",
        "client `other` was created",
    ),
];

#[test]
fn every_command_that_changes_something_says_what_it_did() {
    for stdout in DEAF {
        let folder = Folder::empty();
        for (program, command, done) in CHANGES {
            let said = run(&folder, program, command, stdout);
            assert_eq!(
                (said.code, said.stderr.lines().count()),
                (Some(3), 1),
                "{stdout:?} {command}: {said}"
            );
            assert!(said.stderr.contains(done), "{command}: {said}");
        }
        let demo = Folder::empty();
        for command in ["demo --clients 10 --credentials -", "demo --clients 10"] {
            let folder = if command.ends_with('-') {
                &demo
            } else {
                &Folder::empty()
            };
            let said = run(folder, "claviger", command, stdout);
            assert_eq!(said.code, Some(3), "{stdout:?} {command}: {said}");
            assert!(
                said.stderr
                    .contains("the database was filled with 10 clients of 3 organizations"),
                "{said}"
            );
        }
    }
}

#[test]
fn a_device_that_takes_everything_is_no_failure() {
    let folder = Folder::furnished();
    for command in [
        "create --scope system --id backup",
        "suspend --id backup",
        "delete --id backup",
    ] {
        let said = run(&folder, "api-client", command, Stdout::Null);
        assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{said}");
    }
}

#[test]
fn a_refusal_is_a_refusal_wherever_the_output_leads() {
    for stdout in DEAF {
        let folder = Folder::furnished();
        let said = run(&folder, "api-client", "suspend --id nobody", stdout);
        assert_eq!(
            (said.code, said.stderr.as_str()),
            (Some(1), "{\"error\":\"There is no client “nobody”.\"}\n")
        );
        assert_eq!(run(&folder, "api-client", "suspend", stdout).code, Some(2));
    }
}

#[test]
fn who_has_read_enough_is_no_failure_and_a_full_device_is_one() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    for (program, command) in [
        ("api-client", "get"),
        ("api-client", "get --id backup --format text"),
        ("api-client", ""),
        ("claviger", "organization list"),
        ("claviger", "database check"),
        ("claviger", "--help"),
        ("claviger", "--version"),
        ("claviger", "help"),
        ("claviger", "help serve"),
        ("claviger", "organization list -h"),
        ("api-client", "--help"),
        ("api-client", "-V"),
        ("api-client", "help create"),
    ] {
        let said = run(&folder, program, command, Stdout::Unread);
        assert_eq!(
            (said.code, said.stderr.as_str()),
            (Some(0), ""),
            "{command}"
        );
        for stdout in [Stdout::Full, Stdout::Closed] {
            let said = run(&folder, program, command, stdout);
            assert_eq!(said.code, Some(1), "{stdout:?} {command}: {said}");
            assert!(
                said.stderr.contains("standard output cannot be written: "),
                "{said}"
            );
        }
    }
}

#[test]
fn a_server_serves_whatever_its_output_is_and_its_link_reaches_stderr() {
    for stdout in DEAF {
        let folder = Folder::empty();
        let mut command = folder.command(env!("CARGO_BIN_EXE_claviger"));
        if stdout == Stdout::Closed {
            command = folder.command("sh");
            command.args([
                "-c",
                "exec \"$0\" serve >&-",
                env!("CARGO_BIN_EXE_claviger"),
            ]);
        } else {
            command.arg("serve");
        }
        match stdout {
            Stdout::Full => command.stdout(File::options().write(true).open("/dev/full").unwrap()),
            Stdout::Unread => command.stdout(std::io::pipe().unwrap().1),
            _ => command.stdout(Stdio::null()),
        };
        let server = Server::start_on_stderr(command);
        assert_eq!(
            server.ask("GET", "/health/ready", "", "").0,
            200,
            "{stdout:?}"
        );
        let (code, rest) = server.stop();
        assert_eq!(code, Some(0));
        assert!(
            rest.iter().any(|line| line
                .starts_with("claviger: set-up link http://127.0.0.1:3000/system/setup?code=")),
            "{rest:?}"
        );
    }
}
