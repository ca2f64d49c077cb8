//! How a server is told to stop, and told again.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::server::Server;
use super::shell::Folder;

/// A request that has come in part, which a server that stops waits for.
fn unfinished(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    write!(
        stream,
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
    )
    .unwrap();
    // The server has it once it has answered somebody who came later.
    server.ask("GET", "/health/live", "", "");
    stream
}

#[test]
fn a_second_signal_ends_a_server_that_is_stopping() {
    for (first, second, code) in [
        ("INT", "INT", 130),
        ("TERM", "TERM", 143),
        ("TERM", "INT", 130),
        ("HUP", "TERM", 143),
    ] {
        let folder = Folder::furnished();
        let mut server = Server::start(&folder);
        let stream = unfinished(&server);
        let begun = Instant::now();
        server.signal(first);
        while !server_log(&folder).contains("a second signal ends") {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "it does not stop"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(100));
        server.signal(second);
        assert_eq!(server.wait(), Some(code), "{first} {second}");
        assert!(
            begun.elapsed() < Duration::from_secs(12),
            "{first} {second}"
        );
        drop(stream);
    }
}

fn server_log(folder: &Folder) -> String {
    std::fs::read_to_string(folder.file("server.log")).unwrap()
}

#[test]
fn a_hangup_stops_a_server_as_gracefully_as_any_other_order() {
    let folder = Folder::furnished();
    let mut server = Server::start(&folder);
    let reader = folder.make("--scope blogs --organization-id 2");
    for _ in 0..3 {
        server.token(&reader);
    }
    server.signal("HUP");
    assert_eq!(server.wait(), Some(0));
    assert_eq!(
        folder.query("SELECT CAST(coalesce(sum(issued), 0) AS TEXT) FROM usage_hourly"),
        ["3"]
    );
}

#[test]
fn a_server_that_was_started_to_outlive_its_terminal_does() {
    let folder = Folder::furnished();
    let mut command = folder.command("nohup");
    command.args([env!("CARGO_BIN_EXE_claviger"), "serve"]);
    let server = Server::start_as(&folder, command);
    server.signal("HUP");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.ask("GET", "/health/ready", "", "").0, 200);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn one_signal_lets_what_is_under_way_end() {
    let folder = Folder::furnished();
    let mut server = Server::start(&folder);
    let mut stream = unfinished(&server);
    server.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(b"a=b&c").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert_eq!(server.wait(), Some(0));
}
