//! `claviger admin`: the first set-up without a browser. The password comes on standard input.

use claviger::domain::error::Error;
use claviger::service::clock::{Clock, Random};
use claviger::service::crypto::master_key::MasterKey;
use claviger::service::{Services, Visitor};
use claviger::store::{Missing, Store};
use insta::assert_snapshot;

use super::shell::{Folder, block_on};
use crate::support::{secret, settings};

const PASSWORD: &str = "a sentence works well";

/// Whether the email and the password belong together, as the page for signing in would find.
fn signs_in(folder: &Folder, email: &str, password: &str) -> bool {
    let url = format!("sqlite://{}", folder.file("claviger.db").display());
    let master =
        MasterKey::parse(&std::fs::read_to_string(folder.file("claviger.key")).unwrap()).unwrap();
    block_on(async {
        let store = Store::open(&url.parse().unwrap(), Missing::Refuse)
            .await
            .unwrap();
        let Services { console, .. } =
            Services::start(store, master, settings(), Clock::System, Random::System)
                .await
                .unwrap();
        let answer = console
            .sign_in(&Visitor::default(), email, &secret(password))
            .await;
        console.close().await;
        match answer {
            Ok(_) => true,
            Err(Error::WrongCredentials) => false,
            Err(error) => panic!("{error}"),
        }
    })
}

#[test]
fn an_administrator_is_made_and_can_sign_in() {
    let folder = Folder::empty();
    assert_snapshot!(folder.claviger_reading("admin create --email Ops@Example.org", &format!("{PASSWORD}\n")), @r#"
    {"id":1,"email":"ops@example.org","role":"owner"}
    exit: 0
    "#);
    assert!(signs_in(&folder, "ops@example.org", PASSWORD));
    assert!(!signs_in(
        &folder,
        "ops@example.org",
        "another sentence altogether"
    ));
    assert_eq!(
        folder.audit_log()[0],
        "shell:ada admin.created admin:ops@example.org"
    );
}

#[test]
fn the_password_is_the_first_line_whatever_ends_it() {
    for input in [
        PASSWORD.to_owned(),
        format!("{PASSWORD}\r\n"),
        format!("{PASSWORD}\nand more\n"),
        format!("\u{FEFF}{PASSWORD}\r\n"),
    ] {
        let folder = Folder::empty();
        assert_eq!(
            folder
                .claviger_reading("admin create --email ops@example.org", &input)
                .code,
            Some(0)
        );
        assert!(signs_in(&folder, "ops@example.org", PASSWORD), "{input:?}");
    }
}

#[test]
fn an_administrator_may_have_a_smaller_role() {
    let folder = Folder::empty();
    assert_snapshot!(folder.claviger_reading("admin create --email auditor@example.org --role auditor", PASSWORD), @r#"
    {"id":1,"email":"auditor@example.org","role":"auditor"}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger_reading("admin create --email manager@example.org --role manager", PASSWORD), @r#"
    {"id":2,"email":"manager@example.org","role":"manager"}
    exit: 0
    "#);
}

#[test]
fn a_refusal_says_why_and_never_repeats_the_password() {
    let folder = Folder::empty();
    folder.claviger_reading("admin create --email ops@example.org", PASSWORD);
    let before = folder.everything();
    let refused = [
        ("create --email new@example.org", "elevenchars"),
        ("create --email new@example.org", ""),
        ("create --email new@example.org", "passwordpassword"),
        ("create --email new@example.org", "Administrator1"),
        (
            "create --email administration@example.org",
            "administration",
        ),
        ("create --email new@example.org", "x".repeat(257).as_str()),
        (
            "create --email new@example.org",
            "\u{FEFF}\u{FEFF}a sentence works well",
        ),
        (
            "reset-password --email ops@example.org",
            "a sentence\u{200B}works well",
        ),
        ("create --email OPS@example.org", PASSWORD),
        ("create --email new", PASSWORD),
        ("create --email new", "elevenchars"),
        ("reset-password --email ops@example.org", "elevenchars"),
        ("reset-password --email new@example.org", PASSWORD),
    ]
    .map(|(command, password)| {
        (
            folder.claviger_reading(&format!("admin {command}"), password),
            password.to_owned(),
        )
    });
    for (said, password) in &refused {
        assert!(
            password.is_empty() || password == "administration" || !said.stderr.contains(password),
            "{said}"
        );
    }
    assert_snapshot!(refused.iter().map(|(said, _)| said.complaint()).collect::<Vec<_>>().join("\n"), @r"
    1 claviger: That is 11 characters. Use at least 12; a sentence works well.
    1 claviger: That is 0 characters. Use at least 12; a sentence works well.
    1 claviger: That password is on every list of guesses. Use another; a sentence works well.
    1 claviger: That password is on every list of guesses. Use another; a sentence works well.
    1 claviger: That password is on every list of guesses. Use another; a sentence works well.
    1 claviger: That is 257 characters. Use at most 256.
    1 claviger: A password has no control characters, none that nobody sees, and none that turn text around.
    1 claviger: A password has no control characters, none that nobody sees, and none that turn text around.
    1 claviger: There is an administrator “ops@example.org” already.
    1 claviger: “new” is not an email address.
    1 claviger: “new” is not an email address. That is 11 characters. Use at least 12; a sentence works well.
    1 claviger: That is 11 characters. Use at least 12; a sentence works well.
    1 claviger: There is no administrator “new@example.org”.
    ");
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_reset_password_replaces_the_old_one_and_ends_every_session() {
    let folder = Folder::empty();
    folder.claviger_reading("admin create --email ops@example.org", PASSWORD);
    assert!(signs_in(&folder, "ops@example.org", PASSWORD));
    assert_eq!(
        folder.query("SELECT CAST(count(*) AS TEXT) FROM admin_sessions"),
        ["1"]
    );
    assert_snapshot!(folder.claviger_reading("admin reset-password --email OPS@example.org", "another sentence altogether\n"), @r#"
    {"id":1,"email":"ops@example.org","role":"owner"}
    exit: 0
    "#);
    assert_eq!(
        folder.query("SELECT CAST(count(*) AS TEXT) FROM admin_sessions"),
        ["0"]
    );
    assert!(signs_in(
        &folder,
        "ops@example.org",
        "another sentence altogether"
    ));
    assert!(!signs_in(&folder, "ops@example.org", PASSWORD));
    let resets = folder.query("SELECT actor || ' ' || target || ' ' || data FROM audit_events WHERE kind = 'admin.password_reset'");
    assert_eq!(resets, ["shell:ada admin:ops@example.org {}"]);
}

#[test]
fn a_password_that_is_not_utf_8_is_named() {
    let folder = Folder::empty();
    std::fs::write(folder.file("utf-16"), b"\xff\xfea\0 \0b\0\n\0").unwrap();
    for (command, what) in [
        (
            "admin create --email ops@example.org",
            "Password of ops@example.org",
        ),
        (
            "demo --clients 10 --admin ops@example.org",
            "Password of ops@example.org",
        ),
    ] {
        let output = folder
            .command(env!("CARGO_BIN_EXE_claviger"))
            .args(command.split(' '))
            .stdin(std::fs::File::open(folder.file("utf-16")).unwrap())
            .output()
            .unwrap();
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stderr).as_ref()
            ),
            (
                Some(1),
                format!(
                    "claviger: {what}: the line on standard input is not UTF-8; nothing was changed\n"
                )
                .as_str()
            )
        );
    }
    assert_eq!(folder.files(), ["utf-16"]);
}
