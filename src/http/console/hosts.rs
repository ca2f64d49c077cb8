//! Which hosts serve pages: every host but tenant hosts, because their domains are not the operator's.

use axum::extract::{Request, State as Extract};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{ConsoleState, pages};
use crate::domain::complaint::Complaint;
use crate::http::peer;

/// Parses the host of a request for a page, once, and puts the [`Authority`](crate::domain::host::Authority) into the
/// request's extensions. Answers 400 when there is none, and 404 at a tenant host.
pub async fn require_own_host(
    Extract(state): Extract<ConsoleState>,
    mut request: Request,
    next: Next,
) -> Response {
    let Ok(authority) = peer::authority(request.uri(), request.headers()) else {
        return text(StatusCode::BAD_REQUEST, &Complaint::HostNotNamed);
    };
    let authority = authority.into_owned();
    match state.console.is_organization_host(&authority.host).await {
        Ok(false) => {}
        Ok(true) => return text(StatusCode::NOT_FOUND, &Complaint::NothingHere),
        Err(error) => return pages::unavailable(&error),
    }
    request.extensions_mut().insert(authority);
    next.run(request).await
}

fn text(status: StatusCode, complaint: &Complaint) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, format!("{complaint}\n")).into_response()
}
