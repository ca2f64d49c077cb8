//! Connections over real sockets: who is slow is cut off.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use claviger::server::connections::{self, Timeouts};
use claviger::server::cores::Cores;
use claviger::server::router;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::{Fixture, site};

mod stopping;

const LONG: Duration = Duration::from_secs(30);

/// A server that is patient for a second here and there, so that tests are not.
const TIMEOUTS: Timeouts = Timeouts {
    request: Duration::from_millis(600),
    idle: Duration::from_millis(1200),
    reading: Duration::from_millis(400),
    idle_shutdown: Duration::from_millis(300),
    shutdown: Duration::from_secs(5),
};

struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    _fixture: Fixture,
}

impl Server {
    async fn start(timeouts: Timeouts) -> Self {
        let fixture = Fixture::new().await;
        let app = router::app(&fixture.services(), Vec::new(), site());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let running = tokio::spawn(async move {
            let cores = Cores::start().unwrap();
            connections::serve(listener, app, &cores, timeouts, stopped).await;
        });
        Self {
            address,
            stop: Some(stop),
            running,
            _fixture: fixture,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    fn tell_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

const LIVE: &str = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

/// One answer of a connection that stays open; none when it was closed instead.
fn answer(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    let mut byte = [0; 1];
    while !text.ends_with(br#""live"}"#) {
        match stream.read(&mut byte) {
            Ok(1) => text.push(byte[0]),
            Ok(_) => break,
            Err(error) if is_closed(&error) => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(
        text.is_empty() || text.starts_with(b"HTTP/1.1 200 OK"),
        "{}",
        String::from_utf8_lossy(&text)
    );
    (!text.is_empty()).then(|| String::from_utf8(text).unwrap())
}

fn is_closed(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
    )
}

/// Sends a piece every 20 ms until the connection is closed.
fn drip(stream: &mut TcpStream, piece: &[u8]) {
    let begun = Instant::now();
    stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    loop {
        assert!(begun.elapsed() < LONG, "still open");
        if stream.write_all(piece).is_err() {
            return;
        }
        match stream.read(&mut [0; 1024]) {
            Ok(0) => return,
            Err(error) if is_closed(&error) => return,
            Ok(_) | Err(_) => {}
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_drips_is_cut_off() {
    let server = Server::start(TIMEOUTS).await;
    let begun = Instant::now();
    let mut stream = server.connect();
    blocking(move || {
        stream
            .write_all(b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            .unwrap();
        drip(&mut stream, b"a");
    })
    .await;
    assert!(begun.elapsed() >= TIMEOUTS.request);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_asks_is_cut_off() {
    let timeouts = Timeouts {
        idle: 2 * LONG,
        ..TIMEOUTS
    };
    let server = Server::start(timeouts).await;
    let mut stream = server.connect();
    blocking(move || assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0)).await;
}

/// Each connection keeps the head of a request in memory until it is whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_long_is_refused_before_it_is_whole() {
    let server = Server::start(Timeouts::default()).await;
    for (length, status) in [(16, "200"), (20_000, "200"), (40_000, "431")] {
        let mut stream = server.connect();
        blocking(move || {
            let head = format!(
                "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: {}",
                "a".repeat(length)
            );
            stream.write_all(head.as_bytes()).unwrap();
            if status == "200" {
                stream.write_all(b"\r\n\r\n").unwrap();
            }
            let mut start = [0; 12];
            stream.read_exact(&mut start).unwrap();
            assert_eq!(start, *format!("HTTP/1.1 {status}").as_bytes(), "{length}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_cut_off() {
    let server = Server::start(TIMEOUTS).await;
    for path in ["/oauth/token", "/oauth/introspect", "/system/do/theme"] {
        let begun = Instant::now();
        let mut stream = server.connect();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n"
        );
        blocking(move || {
            stream.write_all(head.as_bytes()).unwrap();
            drip(&mut stream, b"a");
        })
        .await;
        assert!(begun.elapsed() >= TIMEOUTS.request, "{path}");
    }
}

/// However a request stops short, and whatever the server has said of it meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_becomes_whole_is_cut_off_in_the_time_of_a_request() {
    let timeouts = Timeouts {
        idle: 2 * LONG,
        reading: 2 * LONG,
        ..TIMEOUTS
    };
    let server = Server::start(timeouts).await;
    let head = |path: &str, more: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n{more}\r\n\r\n"
        )
    };
    for path in [
        "/oauth/token",
        "/oauth/introspect",
        "/oauth/revoke",
        "/system/do/theme",
    ] {
        let expecting = "Expect: 100-continue\r\nContent-Length: 10";
        let requests = [
            (head(path, expecting), "100"),
            (
                head(path, "Expect: 100-continue\r\nTransfer-Encoding: chunked"),
                "100",
            ),
            (format!("{}{}", head(path, expecting), "a=b"), "100"),
            (head(path, "Content-Length: 10"), ""),
            (head(path, "Content-Length: 10") + "a=b", ""),
            (
                head(path, "Transfer-Encoding: chunked") + "3\r\na=b\r\n",
                "",
            ),
            // Behind a whole request, and sent together with it.
            (LIVE.to_owned() + &head(path, "Content-Length: 10"), "200"),
            (LIVE.to_owned() + &head(path, expecting), "200"),
        ];
        for (request, status) in requests {
            let begun = Instant::now();
            let mut stream = server.connect();
            let (text, taken) = blocking(move || {
                stream.write_all(request.as_bytes()).unwrap();
                let mut told = Vec::new();
                let ended = stream.read_to_end(&mut told);
                assert!(ended.is_ok() || is_closed(&ended.unwrap_err()), "{request}");
                let told = String::from_utf8(told).unwrap();
                assert_eq!(
                    told.get(9..12).unwrap_or_default(),
                    status,
                    "{request}{told}"
                );
                (request, begun.elapsed())
            })
            .await;
            assert!(
                taken >= TIMEOUTS.request && taken < LONG,
                "{text}: {taken:?}"
            );
        }
    }
}

/// The limit is for silence: whoever waits for the word to go on, and then does, is answered.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_to_be_told_to_go_on_is_answered_and_may_ask_again() {
    let server = Server::start(TIMEOUTS).await;
    let mut stream = server.connect();
    blocking(move || {
        for _ in 0..2 {
            stream
                .write_all(b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                .unwrap();
            let mut interim = [0; 25];
            stream.read_exact(&mut interim).unwrap();
            assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
            thread::sleep(TIMEOUTS.request / 2);
            stream.write_all(b"a=b").unwrap();
            let mut told = Vec::new();
            while !told.ends_with(b"}") {
                let mut byte = [0; 1];
                stream.read_exact(&mut byte).unwrap();
                told.push(byte[0]);
            }
            assert!(told.starts_with(b"HTTP/1.1 400 "), "{}", String::from_utf8_lossy(&told));
            // Between requests the connection may rest for longer than a request may take.
            thread::sleep(TIMEOUTS.request + TIMEOUTS.request / 4);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_may_wait_between_requests_but_not_for_ever() {
    let server = Server::start(TIMEOUTS).await;
    let mut stream = server.connect();
    blocking(move || {
        for _ in 0..3 {
            stream.write_all(LIVE.as_bytes()).unwrap();
            answer(&mut stream).expect("an answer");
            // Longer than a request may take, shorter than a connection may idle.
            thread::sleep(Duration::from_millis(700));
        }
        let begun = Instant::now();
        assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
        assert!(begun.elapsed() < LONG);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_cut_off() {
    let server = Server::start(TIMEOUTS).await;
    let mut stream = server.connect();
    let taken = blocking(move || {
        stream
            .set_write_timeout(Some(Duration::from_millis(50)))
            .unwrap();
        let begun = Instant::now();
        // Answers pile up until the system takes no more of them.
        loop {
            assert!(begun.elapsed() < LONG, "still open");
            match stream.write_all(LIVE.repeat(100).as_bytes()) {
                Ok(()) => {}
                Err(error) if is_closed(&error) => return begun.elapsed(),
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
        }
    });
    assert!(taken.await >= TIMEOUTS.reading);
}
