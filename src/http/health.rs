//! Whether the process runs, and whether it can do its work.

use axum::extract;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::oauth::OAuthState;

/// The process answers.
pub async fn live() -> Response {
    answer(StatusCode::OK, r#"{"status":"live"}"#)
}

/// Requests for tokens, introspections and revocations would be decided.
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
