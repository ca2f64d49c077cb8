//! The list of clients as a file, made while it is sent.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::download::chunks;
use super::transfers::Sending;
use crate::domain::error::Error;
use crate::service::ClientExport;

/// The list of clients as a file of this name, which has no quotation mark. When a part cannot be read, the answer breaks
/// off, so that nobody takes the file for a whole one.
#[must_use]
pub fn file(name: &str, mut export: ClientExport, sending: Sending) -> Response {
    let (sender, body) = chunks();
    tokio::spawn(async move {
        loop {
            let part = match export.next_part().await {
                _ if sending.is_cancelled() => return sender.fail(Error::Busy).await,
                Ok(Some(part)) => part,
                Ok(None) => return sending.complete(),
                Err(error) => return sender.fail(error).await,
            };
            // The browser has gone.
            if !sender.send(Bytes::from(part)).await {
                return;
            }
            sending.advance(export.progress());
        }
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (headers, Body::new(body)).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
