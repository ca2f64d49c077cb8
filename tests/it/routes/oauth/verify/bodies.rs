//! Requests with a body, over real sockets: the body is for the API, and the connection stays usable.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use claviger::server::connections::Timeouts;

use crate::support::{Fixture, Listening};

/// Sends what a proxy would, and reads until the server closes or the last request's answer is there.
fn exchange(address: &str, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    received
}

/// The statuses of the answers.
fn statuses(received: &str) -> Vec<&str> {
    let heads = received.split("HTTP/1.1 ").skip(1);
    heads.filter_map(|head| head.get(..3)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_skipped_and_the_connection_goes_on() {
    let fixture = Fixture::new().await;
    let client = fixture.client().await;
    let token = fixture.app().issued(&client, "").await;
    let server = Listening::start(&fixture, Vec::new(), Timeouts::default()).await;
    let address = server.address.to_string();
    let head = format!("/oauth/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n");
    let last = format!("GET {head}Connection: close\r\n\r\n");
    let asking = tokio::task::spawn_blocking(move || {
        // A body that looks like a request is no request.
        let body = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        let length = body.len();
        for framing in [
            format!("Content-Length: {length}\r\n\r\n{body}"),
            format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"),
            "Content-Length: 0\r\n\r\n".to_owned(),
        ] {
            let received = exchange(&address, &format!("POST {head}{framing}{last}"));
            assert_eq!(statuses(&received), ["204", "204"], "{framing}: {received}");
        }
        // nginx without `proxy_set_header Content-Length ""` announces a body that never comes.
        let received = exchange(&address, &format!("POST {head}Content-Length: 9\r\n\r\n"));
        assert_eq!(statuses(&received), ["204"], "{received}");
        assert!(received.contains("connection: close"), "{received}");
        // A client that waits is not told to send.
        let expects = "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n";
        let received = exchange(&address, &format!("POST {head}{expects}"));
        assert_eq!(statuses(&received), ["204"], "{received}");
    });
    asking.await.unwrap();
}
