//! The wire: OAuth endpoints, sessions, headers, health. Translates, and decides nothing.

use axum::Router;
use axum::middleware;
use axum::routing::get;

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
mod state;

pub use state::State;

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
            state.response_headers.clone(),
            security::harden,
        ));
    oauth::router().merge(plain).with_state(state)
}
