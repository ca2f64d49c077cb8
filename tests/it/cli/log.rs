//! What the server writes to its log, and how often.

use super::server::Server;
use super::shell::{Folder, Made};

/// The lines of a log with a text in them.
fn lines<'a>(log: &'a str, with: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(with)).collect()
}

fn log_of(folder: &Folder) -> String {
    std::fs::read_to_string(folder.file("server.log")).unwrap()
}

#[test]
fn refusals_are_logged_with_client_and_network_and_a_count() {
    let folder = Folder::furnished();
    let client = folder.make("--scope system --id acme");
    let wrong = Made {
        id: client.id.clone(),
        secret: "key_of-yesterday".to_owned(),
    };
    let server = Server::start(&folder);
    for _ in 0..30 {
        server.refusal(&wrong);
    }
    for number in 0..30 {
        let unknown = Made {
            id: format!("made-up-{number}"),
            secret: wrong.secret.clone(),
        };
        server.refusal(&unknown);
    }
    assert_eq!(server.stop().0, Some(0));
    let log = log_of(&folder);
    let of = |client: &str| {
        let told = lines(&log, &format!("client=\"{client}\""));
        let mut counts = 0;
        for line in &told {
            assert!(line.contains("network=\"127.0.0.0/24\""), "{line}");
            let (_, count) = line.split_once("count=").unwrap();
            counts += count.trim().parse::<u64>().unwrap();
        }
        (told.len(), counts)
    };
    assert_eq!(of("acme"), (2, 30), "{log}");
    assert_eq!(of("unknown client"), (2, 30), "{log}");
    let closed = lines(&log, "too many guesses");
    assert_eq!(closed.len(), 1, "{log}");
    assert!(closed[0].contains("account=\"acme\""), "{log}");
    for hidden in ["made-up", "key_of-yesterday", client.secret.as_str()] {
        assert!(!log.contains(hidden), "{hidden}: {log}");
    }
}

#[test]
fn an_https_issuer_without_a_trusted_proxy_is_warned_of() {
    let folder = Folder::furnished().with("CLAVIGER_ISSUER", "https://access.example.org");
    let warning = "CLAVIGER_TRUSTED_PROXIES is not set";
    Server::start(&folder).stop();
    assert_eq!(lines(&log_of(&folder), warning).len(), 1);
    let behind_proxy = folder.with("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1/32");
    Server::start(&behind_proxy).stop();
    assert_eq!(lines(&log_of(&folder), warning).len(), 0);
}

#[test]
fn an_address_that_cannot_be_read_is_warned_of_once() {
    let folder = Folder::furnished().with("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1/32");
    let server = Server::start(&folder);
    for forwarded in [
        "nonsense",
        "203.0.113.9:51234",
        "\"[2001:db8::1]:443\"",
        "unknown",
    ] {
        let header = format!("X-Forwarded-For: {forwarded}\r\n");
        assert_eq!(server.ask("GET", "/system/sign-in", &header, "").0, 200);
    }
    server.stop();
    let warned = "X-Forwarded-For of a trusted proxy";
    assert_eq!(lines(&log_of(&folder), warned).len(), 1);
}
