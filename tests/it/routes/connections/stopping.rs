//! A server that stops answers what is on its way.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use claviger::server::connections::Timeouts;

use super::{LIVE, LONG, Server, TIMEOUTS, answer, blocking};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answers_every_request_that_reached_it() {
    let mut server = Server::start(Timeouts::default()).await;
    let stopped = Arc::new(AtomicBool::new(false));
    let askers: Vec<_> = (0..16)
        .map(|_| {
            let (mut stream, stopped) = (server.connect(), Arc::clone(&stopped));
            thread::spawn(move || {
                let mut answered = 0_u32;
                loop {
                    stream.write_all(LIVE.as_bytes()).unwrap();
                    let text = answer(&mut stream).expect("a request that was sent is answered");
                    answered += 1;
                    if text.contains("connection: close") {
                        assert!(stopped.load(Ordering::SeqCst));
                        return answered;
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    stopped.store(true, Ordering::SeqCst);
    server.tell_to_stop();
    for asker in askers {
        assert!(blocking(|| asker.join().unwrap()).await > 0);
    }
    server.running.await.unwrap();
    assert!(TcpStream::connect(server.address).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_waits_for_a_request_on_its_way_and_for_no_idle_connection() {
    let timeouts = Timeouts {
        request: LONG,
        ..TIMEOUTS
    };
    let mut server = Server::start(timeouts).await;
    let mut idle = server.connect();
    let mut slow = server.connect();
    let (first, rest) = LIVE.split_at(10);
    slow.write_all(first.as_bytes()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.tell_to_stop();
    tokio::time::sleep(Duration::from_millis(50)).await;
    slow.write_all(rest.as_bytes()).unwrap();
    blocking(move || {
        assert!(answer(&mut slow).unwrap().contains("connection: close"));
        assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
        let _ = idle.shutdown(Shutdown::Both);
    })
    .await;
    server.running.await.unwrap();
}
