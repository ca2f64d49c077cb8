//! Runs the server from the listening socket to the graceful shutdown.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;
use tokio::net::{TcpListener, TcpSocket};

use super::connections::{self, Timeouts};
use super::cores::Cores;
use super::{jobs, router};
use crate::http::console::assets::Site;
use crate::service::Services;

/// How long the last usage flush and closing the database may take.
const CLOSING_TIMEOUT: Duration = Duration::from_secs(30);

/// The backlog of the listening socket, the same as `TcpListener::bind`'s.
pub const BACKLOG: u32 = 1024;

/// Binds a socket with `SO_REUSEADDR`, as `TcpListener::bind` does, so that a restart needs no wait. It does not listen
/// yet.
///
/// # Errors
/// The error of the system.
pub fn bind(addr: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

/// Serves until the stop signal; returns when the requests in progress are answered and the usage is flushed.
pub async fn run(
    listener: TcpListener,
    cores: Cores,
    services: Services,
    proxies: Vec<IpNet>,
    site: Site,
    stop_signal: impl Future<Output = ()>,
) {
    warn_of_missing_proxies(&services, &proxies);
    let app = router::app(&services, proxies, site);
    let jobs = jobs::start(&services);
    let console = services.console.clone();
    let stop_signal = async move {
        stop_signal.await;
        console.close_live();
    };
    connections::serve(listener, app, &cores, Timeouts::default(), stop_signal).await;
    drop(jobs);
    let closing = async {
        // The usage of the last requests. A failure was logged where it happened; there is no retry.
        let _ = services.tokens.finish_usage().await;
        services.tokens.report_refusals(true);
        let _ = services.console.report_failed_sign_ins(true).await;
        services.close().await;
    };
    // A database that does not answer must not block the shutdown.
    let _ = tokio::time::timeout(CLOSING_TIMEOUT, closing).await;
    // Now, because the database's connections may have been opened on these.
    drop(cores);
}

/// The server speaks no TLS itself, so an https issuer implies a reverse proxy, whose address all requests then have.
fn warn_of_missing_proxies(services: &Services, proxies: &[IpNet]) {
    if services.console.settings().issuer.is_secure() && proxies.is_empty() {
        tracing::warn!(
            "the issuer is https but CLAVIGER_TRUSTED_PROXIES is not set: every request seems to come from the proxy, so \
             wrong guesses of one network hold up all of them, and log and audit log name the proxy. Set it to the \
             address of the proxy, such as 10.0.0.5/32"
        );
    }
}
