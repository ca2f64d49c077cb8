//! Files that are made while they are sent, a part at a time.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::sync::mpsc::{Receiver, channel};

use crate::domain::error::Error;
use crate::service::ClientExport;

/// The list of clients as a file of this name, which has no quotation mark. When a part cannot be read, the answer breaks
/// off, so that nobody takes the file for a whole one.
#[must_use]
pub fn clients(name: &str, mut export: ClientExport) -> Response {
    // One part waits while the one before it is sent; the next one is read when that has begun.
    let (parts, received) = channel(1);
    tokio::spawn(async move {
        loop {
            let part = match export.next_part().await {
                Ok(Some(part)) => Ok(Bytes::from(part)),
                Ok(None) => return,
                Err(error) => Err(error),
            };
            let is_last = part.is_err();
            // It fails when the browser has gone.
            if parts.send(part).await.is_err() || is_last {
                return;
            }
        }
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (headers, Body::new(Parts(received))).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// A body of parts that another task makes.
struct Parts(Receiver<Result<Bytes, Error>>);

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let received = self.0.poll_recv(context);
        received.map(|part| part.map(|part| part.map(Frame::data)))
    }
}
