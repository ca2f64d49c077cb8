//! The life of the server: from a listening socket to the last answer.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;
use tokio::net::{TcpListener, TcpSocket};

use super::connections::{self, Timeouts};
use super::{jobs, router};
use crate::service::Services;

/// How long the last counts may take to be written, and the database's connections to be closed.
const CLOSING_TIMEOUT: Duration = Duration::from_secs(30);

/// How many connections may wait to be accepted, as `TcpListener::bind` has it.
pub const BACKLOG: u32 = 1024;

/// An address of this server's own, as `TcpListener::bind` has it: right after another that has just ended, too. It is
/// not listened on yet.
///
/// # Errors
/// What the system says.
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

/// Answers until told to stop, and returns when what was under way is answered and what was counted is written.
pub async fn run(
    listener: TcpListener,
    services: Services,
    proxies: Vec<IpNet>,
    told_to_stop: impl Future<Output = ()>,
) {
    warn_of_missing_proxies(&services, &proxies);
    let app = router::app(&services, proxies);
    let jobs = jobs::start(&services);
    connections::serve(listener, app, Timeouts::default(), told_to_stop).await;
    drop(jobs);
    let closing = async {
        // What the last requests left. A failure was logged where it happened, and there is no next time.
        let _ = services.tokens.finish_usage().await;
        services.tokens.report_refusals(true);
        let _ = services.console.report_failed_sign_ins(true).await;
        services.close().await;
    };
    // A database that does not answer keeps nobody from going.
    let _ = tokio::time::timeout(CLOSING_TIMEOUT, closing).await;
}

/// The server itself speaks no TLS, so before an https issuer stands a proxy, whose address every request then has.
fn warn_of_missing_proxies(services: &Services, proxies: &[IpNet]) {
    if services.console.settings().issuer.is_secure() && proxies.is_empty() {
        tracing::warn!(
            "the issuer is https but CLAVIGER_TRUSTED_PROXIES is not set: every request seems to come from the proxy, so \
             wrong guesses of one network hold up all of them, and log and audit log name the proxy. Set it to the \
             address of the proxy, such as 10.0.0.5/32"
        );
    }
}
