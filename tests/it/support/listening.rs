//! The router over a fixture, behind a real socket.

use std::net::SocketAddr;

use claviger::server::connections::{self, Timeouts};
use claviger::server::cores::Cores;
use claviger::server::router;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Fixture, site};

/// A server in this process. It ends with the test.
pub struct Listening {
    pub address: SocketAddr,
    running: JoinHandle<()>,
}

impl Listening {
    /// Listens on a free port, behind trusted proxies in these networks.
    pub async fn start(fixture: &Fixture, proxies: Vec<IpNet>, timeouts: Timeouts) -> Self {
        let app = router::app(&fixture.services(), proxies, site());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let running = tokio::spawn(async move {
            let cores = Cores::current();
            connections::serve(listener, app, &cores, timeouts, std::future::pending()).await;
        });
        Self { address, running }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.running.abort();
    }
}
