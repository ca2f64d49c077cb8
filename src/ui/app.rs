//! The route table.

use axum::Router;
use axum::routing::get;

use super::pages::{clients, organizations, setup, sign_in};
use crate::http::console::ConsoleState;

/// The pages.
pub fn pages() -> Router<ConsoleState> {
    Router::new()
        .route("/system/setup", get(setup::page))
        .route("/system/sign-in", get(sign_in::page))
        .route("/system/api-clients", get(clients::list::page))
        .route("/system/api-clients/new", get(clients::new::page))
        .route("/system/api-clients/{id}", get(clients::show::page))
        .route(
            "/system/api-clients/{id}/permissions",
            get(clients::permissions::page),
        )
        .route(
            "/system/api-clients/{id}/revoke",
            get(clients::revoke::page),
        )
        .route("/system/organizations", get(organizations::list::page))
        .route("/system/organizations/new", get(organizations::new::page))
        .route(
            "/system/organizations/archived",
            get(organizations::archived::page),
        )
        .route(
            "/system/organizations/{id}/host",
            get(organizations::host::page),
        )
}
