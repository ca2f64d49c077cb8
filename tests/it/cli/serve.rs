//! `claviger serve`: what it refuses and what it prints.

use serde_json::json;

use super::server::Server;
use super::shell::{Folder, Made};
use crate::support::basic;

#[test]
fn an_issuer_off_this_machine_must_be_https() {
    let folder = Folder::empty();
    let told = "1 claviger: the issuer http://access.example.org is not this machine, so it must begin with https://";
    assert_eq!(
        folder
            .claviger("serve --issuer http://access.example.org")
            .complaint(),
        told
    );
    let right = folder.with("CLAVIGER_ISSUER", "https://access.example.org");
    assert_eq!(
        right
            .claviger("serve --issuer http://access.example.org")
            .complaint(),
        told,
        "a flag counts for more than a variable"
    );
    let set = folder.with("CLAVIGER_ISSUER", "http://access.example.org");
    assert_eq!(set.claviger("serve").complaint(), told);
    assert_eq!(
        set.claviger("").complaint(),
        told,
        "alone it starts the server as well"
    );
    assert_eq!(
        folder.files(),
        Vec::<String>::new(),
        "nothing is made before the settings are right"
    );
}

#[test]
fn an_issuer_that_names_no_host_does_not_start() {
    let folder = Folder::empty();
    for issuer in [
        "https://:",
        "https://[",
        "https://::1",
        "https://a..b",
        "https://a:0",
        "https://a/b",
        "https://a?b",
        "https://a#b",
        "https://ada:hunter2@a",
    ] {
        let told = folder
            .claviger(&format!("serve --issuer '{issuer}'"))
            .complaint();
        assert_eq!(
            told,
            "1 claviger: the issuer is https:// and a host, such as https://access.example.org, without user, path, query or fragment",
            "{issuer}"
        );
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn an_address_that_is_taken_is_named() {
    let folder = Folder::furnished();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let told = folder
        .claviger(&format!("serve --addr {address}"))
        .complaint();
    assert!(
        told.starts_with(&format!("1 claviger: cannot listen on {address}: ")),
        "{told}"
    );
}

#[test]
fn the_first_line_says_where_it_listens_and_a_signal_stops_it() {
    let folder = Folder::furnished().with("CLAVIGER_ISSUER", "https://ACCESS.example.org.:443/");
    let server = Server::start(&folder);
    assert!(
        server
            .greeting
            .ends_with(", known as https://access.example.org"),
        "{}",
        server.greeting
    );
    assert_eq!(server.ask("GET", "/health/ready", "", "").0, 200);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_new_installation_prints_a_link_which_a_restart_replaces_and_an_administrator_ends() {
    let folder = Folder::empty();
    let link = || {
        let mut server = Server::start(&folder);
        let line = server.next_line().unwrap();
        assert_eq!(server.stop(), (Some(0), Vec::new()));
        line
    };
    let (first, second) = (link(), link());
    for line in [&first, &second] {
        let code = line
            .strip_prefix("claviger: set-up link http://127.0.0.1:3000/system/setup?code=")
            .and_then(|rest| rest.strip_suffix(" (works once, until the next start)"));
        assert_eq!(code.map(str::len), Some(24), "{line}");
    }
    assert_ne!(first, second);

    assert_eq!(
        folder
            .claviger_reading(
                "admin create --email ops@example.org",
                "a sentence works well"
            )
            .code,
        Some(0)
    );
    assert_eq!(Server::start(&folder).stop(), (Some(0), Vec::new()));
}

#[test]
fn an_installation_is_set_up_without_a_browser() {
    let folder = Folder::empty();
    assert_eq!(
        folder
            .claviger_reading(
                "admin create --email ops@example.org",
                "a sentence works well"
            )
            .code,
        Some(0)
    );
    assert_eq!(
        folder.claviger("organization create --name Porto").code,
        Some(0)
    );
    let client = folder.make("--scope blogs --permission blogs.read --organization-id 1");
    let server = Server::start(&folder);
    let (status, answer) = server.post("/oauth/token", &client, "grant_type=client_credentials");
    assert_eq!(
        (status, &answer["token_type"], &answer["scope"]),
        (200, &json!("Bearer"), &json!("blogs"))
    );
}

#[test]
fn the_log_holds_no_secret_however_much_it_tells() {
    let folder = Folder::furnished().with("CLAVIGER_LOG", "trace");
    let server = Server::start(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    let chosen = folder.make("--scope system --id backup --secret written-on-a-wall");
    let (token, other) = (server.token(&reader), server.token(&chosen));
    server.introspect(&reader, &token);
    server.post("/oauth/revoke", &reader, &format!("token={token}"));
    let wrong = Made {
        id: chosen.id.clone(),
        secret: "written-on-a-floor".to_owned(),
    };
    assert_eq!(server.refusal(&wrong).0, 401);
    assert_eq!(server.stop().0, Some(0));

    let log = std::fs::read_to_string(folder.file("server.log")).unwrap();
    assert!(log.contains("sqlx::query"), "it does tell much: {log}");
    assert!(!log.contains('\u{1B}'), "a file has no colours");
    let key = std::fs::read_to_string(folder.file("claviger.key")).unwrap();
    let basics = [&reader, &chosen, &wrong].map(|client| basic(&client.id, &client.secret));
    let mut secrets = vec![
        reader.secret.as_str(),
        &chosen.secret,
        &wrong.secret,
        &token,
        &other,
        key.trim(),
    ];
    secrets.extend(
        basics
            .iter()
            .map(|basic| basic.trim_start_matches("Basic ")),
    );
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
}

#[test]
fn a_restart_forgets_no_token() {
    let folder = Folder::furnished();
    let server = Server::start(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    let token = server.token(&reader);
    assert_eq!(server.stop().0, Some(0));
    assert_eq!(
        Server::start(&folder).introspect(&reader, &token)["active"],
        json!(true)
    );
}
