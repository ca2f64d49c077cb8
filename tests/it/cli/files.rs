//! The files that a start finds and makes: what is refused leaves nothing behind, what may not be seen is not said to
//! be missing, and what others can use is told of.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use super::server::Server;
use super::shell::{Folder, Said};
use crate::support::MASTER_KEY;

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn a_start_that_is_refused_leaves_nothing_behind() {
    let long = "x".repeat(250);
    for url in [
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite://data/claviger.db?mode=memory",
        "sqlite://data/claviger.db?mode=ro",
        "sqlite://data/claviger.db?mode=rw",
        "sqlite://data/claviger.db?cache=shared",
        "sqlite:file:data/claviger.db",
        "sqlite://data/",
        "sqlite://data/claviger.key",
        "sqlite://data%zz/claviger.db",
        "sqlite://data/claviger.db#",
        // The name is as long as a name may be, and SQLite needs another beside it that is longer.
        &format!("sqlite://data/deep/{long}.db"),
        &format!("sqlite://data/deep/{long}{long}.db"),
    ] {
        let folder = Folder::empty().with("DATABASE_URL", url);
        for folder in [
            folder.clone(),
            folder.with("CLAVIGER_MASTER_KEY", MASTER_KEY),
        ] {
            if url.ends_with("claviger.key") && folder.claviger("database migrate").code == Some(0)
            {
                // With a key elsewhere it is a name like any other.
                continue;
            }
            for command in ["database migrate", "serve", ""] {
                let told = folder.claviger(command).complaint();
                assert!(told.starts_with("1 claviger: "), "{url}: {told}");
                assert_eq!(folder.files(), Vec::<String>::new(), "{url}: {told}");
            }
        }
    }
}

#[test]
fn whatever_else_stops_a_start_is_found_before_anything_is_made() {
    let folder = Folder::empty().with("DATABASE_URL", "sqlite://data/claviger.db");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = folder
        .with("CLAVIGER_ADDR", &address)
        .claviger("serve")
        .complaint();
    assert!(
        told.contains(&format!(
            "cannot listen on {address}: Address already in use"
        )),
        "{told}"
    );
    for (name, value) in [
        ("CLAVIGER_ISSUER", "http://access.example.org"),
        ("CLAVIGER_CATALOG", "nowhere.toml"),
        ("CLAVIGER_MASTER_KEY", "hunter2"),
        (
            "CLAVIGER_MASTER_KEY",
            "00000000000000000000000000000000000000000000000000000000000000ff",
        ),
        ("CLAVIGER_MASTER_KEY_FILE", "nowhere.key"),
        ("CLAVIGER_ADDR", "203.0.113.1:1"),
    ] {
        let told = folder.with(name, value).claviger("serve").complaint();
        assert!(told.starts_with("1 claviger: "), "{told}");
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn a_link_that_leads_nowhere_is_told_of_and_no_key_is_made() {
    let folder = Folder::empty();
    symlink("nowhere/claviger.db", folder.file("claviger.db")).unwrap();
    for said in [
        folder.claviger("database migrate"),
        folder.claviger("database check"),
    ] {
        assert_eq!(
            said.complaint(),
            "1 claviger: claviger.db is a link to nowhere/claviger.db, which is not there"
        );
    }
    assert_eq!(folder.files(), ["claviger.db"]);

    let folder = Folder::empty();
    symlink("nowhere/claviger.key", folder.file("claviger.key")).unwrap();
    assert_eq!(
        folder.claviger("database migrate").complaint(),
        "1 claviger: claviger.key is a link to nowhere/claviger.key, which is not there"
    );
    assert_eq!(folder.files(), ["claviger.key"]);

    let folder = Folder::empty().with("DATABASE_URL", "sqlite://data/claviger.db");
    symlink("nowhere", folder.file("data")).unwrap();
    assert_eq!(
        folder.claviger("database migrate").complaint(),
        "1 claviger: the folder data could not be made: it is a link to nowhere, which is not there"
    );
    assert_eq!(folder.files(), ["data"]);
}

#[test]
fn what_cannot_be_looked_at_is_not_said_to_be_missing() {
    let folder = Folder::furnished();
    std::fs::write(folder.file("file"), "").unwrap();
    let reason = "Not a directory (os error 20)";
    let url = folder.with("DATABASE_URL", "sqlite://file/claviger.db");
    for command in ["database check", "database migrate", "serve"] {
        assert_eq!(
            url.claviger(command).complaint(),
            format!("1 claviger: file/claviger.db cannot be looked at: {reason}")
        );
    }
    assert_eq!(
        folder
            .with("CLAVIGER_MASTER_KEY_FILE", "file/claviger.key")
            .claviger("serve")
            .complaint(),
        format!("1 claviger: the master key could not be read from file/claviger.key: {reason}")
    );
    assert_eq!(
        folder
            .with("CLAVIGER_CATALOG", "file/catalog.toml")
            .claviger("serve")
            .complaint(),
        format!("1 claviger: file/catalog.toml: cannot be read: {reason}")
    );
}

/// Runs `claviger` as somebody who has no rights of their own; none where that cannot be done.
fn as_nobody(folder: &Folder, arguments: &str) -> Option<Said> {
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let program = env!("CARGO_BIN_EXE_claviger");
    let can = Command::new("setpriv")
        .args(nobody)
        .args([program, "--version"])
        .output();
    if !can.is_ok_and(|output| output.status.success()) {
        println!("left out: who runs this may not become another user who can run {program}");
        return None;
    }
    let mut command = folder.command("setpriv");
    command.args(nobody).arg(program).args(arguments.split(' '));
    let output = command.output().unwrap();
    Some(Said {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    })
}

#[test]
fn whoever_may_not_look_is_told_so() {
    let folder = Folder::furnished();
    let root = folder.file("");
    set_mode(&root, 0o755);
    let Some(said) = as_nobody(&folder, "database check") else {
        return;
    };
    let denied = "Permission denied (os error 13)";
    assert_eq!(
        said.complaint(),
        format!("1 claviger: claviger.db cannot be read: {denied}")
    );
    set_mode(&folder.file("claviger.db"), 0o666);
    assert_eq!(
        as_nobody(&folder, "database check").unwrap().complaint(),
        format!("1 claviger: the master key could not be read from claviger.key: {denied}")
    );
    let url = format!("sqlite://{}", folder.file("data/claviger.db").display());
    std::fs::create_dir(folder.file("data")).unwrap();
    set_mode(&folder.file("data"), 0o700);
    let inside = folder.with("DATABASE_URL", &url);
    for command in ["database check", "database migrate"] {
        assert_eq!(
            as_nobody(&inside, command).unwrap().complaint(),
            format!("1 claviger: {} cannot be looked at: {denied}", &url[9..])
        );
    }
    let new = folder.with("DATABASE_URL", "sqlite://new/claviger.db");
    assert_eq!(
        as_nobody(&new, "database migrate").unwrap().complaint(),
        format!("1 claviger: the folder new could not be made: {denied}")
    );
    let here = folder.with("DATABASE_URL", "sqlite://other.db");
    assert_eq!(
        as_nobody(&here, "database migrate").unwrap().complaint(),
        format!("1 claviger: the master key could not be written to other.key: {denied}")
    );
}

#[test]
fn files_that_others_can_use_are_told_of_with_what_to_do() {
    let folder = Folder::furnished();
    assert_eq!(folder.api_client("get").to_string(), "exit: 0");
    // What SQLite keeps beside the database has the database's mode, and is there while somebody uses it.
    let names = [
        "claviger.db",
        "claviger.db-wal",
        "claviger.db-shm",
        "claviger.key",
    ];
    let server = Server::start(&folder);
    for (mode, told) in [(0o644, "0644"), (0o660, "0660"), (0o604, "0604")] {
        for name in names {
            set_mode(&folder.file(name), mode);
        }
        let found = names.map(|name| format!("{name} (mode {told})")).join(", ");
        let told = format!(
            "others than their owner can use {found}; run `chmod 600 {}`",
            names.join(" ")
        );
        assert_eq!(
            folder.api_client("get").to_string(),
            format!("stderr: {{\"warning\":\"{told}\"}}\nexit: 0")
        );
        assert_eq!(
            folder.api_client("get --format text").to_string(),
            format!("stderr: api-client: warning: {told}\nexit: 0")
        );
        assert_eq!(
            folder.claviger("database check").stderr,
            format!("claviger: warning: {told}\n")
        );
        drop(Server::start(&folder));
        let log = std::fs::read_to_string(folder.file("server.log")).unwrap();
        assert_eq!(log.matches("WARN").count(), 1, "{log}");
        assert!(log.contains(&told), "{log}");
    }
    for name in names {
        set_mode(&folder.file(name), 0o600);
    }
    drop(server);
    assert_eq!(folder.api_client("get").to_string(), "exit: 0");
}

#[test]
fn a_folder_where_everybody_can_replace_files_is_told_of() {
    let folder = Folder::furnished();
    for (mode, is_told) in [
        (0o700, false),
        (0o755, false),
        (0o1777, false),
        (0o777, true),
    ] {
        set_mode(&folder.file(""), mode);
        let said = folder.claviger("database check");
        let told = "claviger: warning: everybody can replace files in the folder . (mode 0777); run `chmod o-w .`\n";
        assert_eq!(said.stderr == told, is_told, "{said}");
        assert_eq!(said.stderr.is_empty(), !is_told, "{said}");
    }
}

#[test]
fn a_key_that_is_a_pattern_is_refused_wherever_it_stands() {
    let zeros = "0".repeat(64);
    let told = "a master key is random, and this one is a pattern that can be guessed; `openssl rand -base64 32` makes one";
    let folder = Folder::empty().with("CLAVIGER_MASTER_KEY", &zeros);
    assert_eq!(
        folder.claviger("database migrate").complaint(),
        format!("1 claviger: CLAVIGER_MASTER_KEY: {told}")
    );
    let folder = Folder::empty().with("CLAVIGER_MASTER_KEY_FILE", "zeros");
    folder.write_private("zeros", &zeros);
    assert_eq!(
        folder.claviger("database migrate").complaint(),
        format!("1 claviger: zeros: {told}")
    );
    let folder = Folder::empty();
    folder.write_private("claviger.key", &zeros);
    assert_eq!(
        folder.claviger("database migrate").complaint(),
        format!("1 claviger: claviger.key: {told}")
    );
    assert_eq!(folder.files(), ["claviger.key"]);
}

#[test]
fn a_command_tells_the_cause_itself() {
    let folder = Folder::furnished();
    folder.query("ALTER TABLE organizations RENAME TO mislaid");
    let told = "Something went wrong with the database: error returned from database: (code: 1) no such table: organizations. `claviger database check` says whether it is whole.";
    assert_eq!(
        folder.claviger("organization list").complaint(),
        format!("1 claviger: {told}")
    );
    assert_eq!(
        folder.api_client("get --format text").complaint(),
        format!("1 api-client: {told}")
    );
    assert_eq!(
        folder.api_client("get").complaint(),
        format!("1 {{\"error\":\"{told}\"}}")
    );
}

#[test]
fn advice_about_a_file_can_be_pasted_into_a_shell() {
    let root = Folder::empty();
    let name = "data of 'ada'/$x";
    let folder = root.with("DATABASE_URL", &format!("sqlite://{name}/my claviger.db"));
    assert_eq!(folder.claviger("database migrate").code, Some(0));
    let files = ["my claviger.db", "my claviger.key"].map(|file| folder.file(name).join(file));
    for file in &files {
        set_mode(file, 0o644);
    }
    set_mode(&folder.file(name), 0o777);
    let said = folder.claviger("database check");
    for advice in said.stderr.lines() {
        let (_, rest) = advice.split_once("run `").unwrap();
        let mut shell = folder.command("sh");
        let done = shell
            .args(["-c", rest.trim_end_matches('`')])
            .status()
            .unwrap();
        assert!(done.success(), "{advice}");
    }
    assert_eq!(said.stderr.lines().count(), 2, "{said}");
    assert_eq!(folder.claviger("database check").stderr, "");
}
