//! Liveness and readiness.

use axum::extract;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::oauth::OAuthState;

/// Liveness: the process answers.
pub async fn live() -> Response {
    answer(StatusCode::OK, r#"{"status":"live"}"#)
}

/// Readiness: token, introspection and revocation requests can be decided.
pub async fn ready(extract::State(state): extract::State<OAuthState>) -> Response {
    match state.tokens.check_readiness().await {
        Ok(()) => answer(StatusCode::OK, r#"{"status":"ready"}"#),
        Err(_) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"status":"unavailable"}"#,
        ),
    }
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}
