//! The body of a long answer, made while it is sent. One chunk waits at most, so a slow reader slows down whoever makes them.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::mpsc;

use crate::domain::error::Error;

/// Where the chunks of a body are sent to.
#[derive(Debug)]
pub struct Chunks(mpsc::Sender<Result<Bytes, Error>>);

/// A body of chunks.
#[derive(Debug)]
pub struct ChunkedBody(mpsc::Receiver<Result<Bytes, Error>>);

/// A body, and where its chunks are sent to. It ends when that is dropped.
#[must_use]
pub fn chunks() -> (Chunks, ChunkedBody) {
    let (sender, receiver) = mpsc::channel(1);
    (Chunks(sender), ChunkedBody(receiver))
}

impl Chunks {
    /// Sends a chunk when the one before was taken; false when nobody reads the body any more.
    pub async fn send(&self, chunk: Bytes) -> bool {
        self.0.send(Ok(chunk)).await.is_ok()
    }

    /// Ends the body before its end: the connection is closed, so that the reader sees that something is missing.
    pub async fn fail(&self, error: Error) {
        // Nobody reads the body any more.
        let _ = self.0.send(Err(error)).await;
    }
}

impl Body for ChunkedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let next = self.0.poll_recv(context);
        next.map(|next| next.map(|chunk| chunk.map(Frame::data)))
    }
}
