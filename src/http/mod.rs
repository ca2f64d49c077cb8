//! The wire: OAuth endpoints, sessions, headers, health. Translates, and decides nothing.

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use ipnet::IpNet;

use crate::service::Service;

pub mod assets;
pub mod connections;
pub mod elsewhere;
pub mod forms;
pub mod health;
pub mod hosts;
pub mod oauth;
pub mod own_pages;
pub mod pages;
pub mod peer;
pub mod problem;
mod sandbox;
pub mod security;
pub mod session;

use peer::Proxies;
use security::ResponseHeaders;

/// What every handler may need.
#[derive(Clone, Debug)]
pub struct State {
    /// The rules.
    pub service: Service,
    /// Networks of proxies whose word about addresses is believed.
    pub proxies: Arc<Proxies>,
    /// The headers of answers.
    pub response_headers: Arc<ResponseHeaders>,
}

impl State {
    /// What handlers need over a service.
    #[must_use]
    pub fn new(service: Service, proxies: Vec<IpNet>) -> Self {
        Self {
            response_headers: Arc::new(ResponseHeaders::new(service.settings().issuer.is_secure())),
            proxies: Arc::new(Proxies::new(proxies, service.clock().clone())),
            service,
        }
    }

    /// Whether administrators come over TLS, so that cookies may demand it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.service.settings().issuer.is_secure()
    }
}

/// The routes that machines use. The OAuth endpoints stand apart from every layer: what their answers carry is in
/// their headers, and a layer would cost each request more than its own work does.
pub fn router(state: State) -> Router {
    let plain = Router::new()
        .route(
            "/.well-known/oauth-authorization-server",
            get(oauth::describe).fallback(oauth::get_only),
        )
        .route("/health/live", get(health::live).fallback(oauth::get_only))
        .route(
            "/health/ready",
            get(health::ready).fallback(oauth::get_only),
        )
        .layer(middleware::from_fn_with_state(
            state.clone(),
            security::harden,
        ));
    oauth::router().merge(plain).with_state(state)
}
