//! The OpenAPI description of the endpoints for programs, put together from the types of their answers.
//!
//! ```text
//! types of answers (token.rs, introspect.rs, metadata.rs) ─┐
//! requests.rs, answers.rs: what has no type there ─────────┴▶ operations.rs ─▶ document() ─▶ /openapi.json, /docs/api
//! ```
//!
//! `docs/openapi.json` is a copy that a test compares with it.

use std::sync::LazyLock;

use axum::extract::State as Extract;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, Paths};
use utoipa::{Modify, OpenApi};

use super::state::OAuthState;

mod answers;
mod operations;
mod requests;

const VERIFY: &str = "/oauth/verify";

/// The description. It names no host, because every host has the same endpoints.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Claviger",
        description = "Issues access tokens to API clients, says whether a token is live, and revokes tokens. \
                       Errors are JSON with two members, whatever the endpoint.",
    ),
    tags(
        (name = "Tokens", description = "For API clients and the APIs that they call."),
        (name = "Proxies", description = "For reverse proxies in front of an API."),
        (name = "Server", description = "For discovery and for monitoring."),
    ),
    paths(
        operations::token,
        operations::introspect,
        operations::revoke,
        operations::verify,
        operations::metadata,
        operations::live,
        operations::ready,
        operations::openapi,
    ),
    components(schemas(answers::ErrorAnswer, answers::ErrorCode)),
    modifiers(&Finish),
)]
struct Description;

/// What the macros cannot say.
struct Finish;

impl Modify for Finish {
    fn modify(&self, document: &mut Document) {
        document.info.contact = None;
        describe_every_method(&mut document.paths);
        let components = document.components.get_or_insert_default();
        let scheme = |scheme, text: &str| {
            let scheme = HttpBuilder::new().scheme(scheme).description(Some(text));
            SecurityScheme::Http(scheme.build())
        };
        components.add_security_scheme(
            "client",
            scheme(
                HttpAuthScheme::Basic,
                "The client's id and secret, each form-encoded (RFC 6749 §2.3.1). They may be in the body instead, as \
                 client_id and client_secret.",
            ),
        );
        components.add_security_scheme(
            "token",
            scheme(HttpAuthScheme::Bearer, "An access token (RFC 6750 §2.1)."),
        );
    }
}

/// Describes verification, which takes any method at any path below, once for each method.
fn describe_every_method(paths: &mut Paths) {
    let Some(item) = paths.paths.get_mut(VERIFY) else {
        return;
    };
    let Some(described) = item.get.clone() else {
        return;
    };
    let by = |method: &str| {
        let mut operation = described.clone();
        operation.operation_id = Some(format!("{method}_verify"));
        Some(operation)
    };
    item.put = by("put");
    item.post = by("post");
    item.delete = by("delete");
    item.options = by("options");
    item.head = by("head");
    item.patch = by("patch");
    item.trace = by("trace");
}

fn document() -> Document {
    Description::openapi()
}

/// The description as JSON.
///
/// # Panics
/// Never: it has no map whose keys are not texts.
#[must_use]
pub fn value() -> Value {
    serde_json::to_value(document()).expect("a description of texts")
}

/// The description as text.
///
/// # Panics
/// Never: it has no map whose keys are not texts.
#[must_use]
pub fn text() -> String {
    let text = document().to_pretty_json();
    text.expect("a description of texts")
}

/// Answers with the description.
pub async fn serve(Extract(state): Extract<OAuthState>) -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(text);
    let body = TEXT.clone().into_bytes();
    let mut response = state.response_headers.json(StatusCode::OK, body);
    let headers = response.headers_mut();
    headers.remove(header::PRAGMA);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=60"),
    );
    response
}
