//! The wire: OAuth endpoints, sessions, headers, health. Translates, and decides nothing.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use ipnet::IpNet;

use crate::service::Service;

pub mod assets;
pub mod health;
pub mod oauth;
pub mod pages;
pub mod peer;
pub mod problem;
mod sandbox;
pub mod security;
pub mod session;

/// What every handler may need.
#[derive(Clone, Debug)]
pub struct State {
    /// The rules.
    pub service: Service,
    /// Networks of proxies whose word about addresses is believed.
    pub proxies: Arc<[IpNet]>,
}

impl State {
    /// Whether administrators come over TLS, so that cookies may demand it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.service.settings().issuer.is_secure()
    }
}

/// The routes that machines use.
pub fn router(state: State) -> Router {
    Router::new()
        .merge(oauth::router())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .with_state(state)
}
