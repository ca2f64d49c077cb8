//! Files that are made while they are sent. One part waits at most, so a slow reader slows down whoever makes them, and
//! neither the server nor the database holds more than a part.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as HttpBody, Frame};
use tokio::sync::mpsc;

use super::compression;
use super::transfers::{Sending, Transfer};
use crate::domain::error::Error;
use crate::domain::progress::Progress;

/// What a file is made of.
pub trait Parts: Send + 'static {
    /// The next part; none after the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<String>, Error>> + Send;

    /// How far it is.
    fn progress(&self) -> Progress;
}

/// How a browser saves a file.
#[derive(Debug)]
pub struct Attachment {
    /// Its media type.
    pub kind: &'static str,
    /// Its name, which has no quotation mark.
    pub name: String,
}

/// Answers with a file. When a part cannot be made, the answer breaks off, so that nobody takes the file for a whole one.
#[must_use]
pub fn file(attachment: &Attachment, parts: impl Parts, sending: Sending) -> Response {
    let (sender, receiver) = mpsc::channel(1);
    let transfer = sending.transfer();
    tokio::spawn(async move {
        let last = write(parts, &sender, &transfer).await;
        // Nobody reads the body any more. Why a part could not be made was logged where it happened.
        let _ = sender.send(last.map(|()| None)).await;
    });
    let body = FileBody {
        parts: receiver,
        sending: Some(sending),
    };
    let mut response = Body::new(body).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static(attachment.kind);
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, compression::WITH_SECRET);
    let disposition = format!("attachment; filename=\"{}\"", attachment.name);
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A part, or none after the last one. A body that gets neither has lost whoever made it.
type Sent = Result<Option<Bytes>, Error>;

async fn write(
    mut parts: impl Parts,
    sender: &mpsc::Sender<Sent>,
    transfer: &Transfer,
) -> Result<(), Error> {
    loop {
        if transfer.is_cancelled() {
            return Err(Error::Busy);
        }
        let Some(part) = parts.next().await? else {
            return Ok(());
        };
        // It is dropped when nobody reads the body any more.
        if sender.send(Ok(Some(Bytes::from(part)))).await.is_err() {
            return Ok(());
        }
        transfer.advance(parts.progress());
    }
}

/// The body of a file. The transfer is complete when the end was taken, too; until then it breaks off with the body.
struct FileBody {
    parts: mpsc::Receiver<Sent>,
    /// None after the end.
    sending: Option<Sending>,
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.sending.is_none() {
            return Poll::Ready(None);
        }
        let next = std::task::ready!(self.parts.poll_recv(context));
        let error = match next.unwrap_or(Err(Error::Unavailable)) {
            Ok(Some(part)) => return Poll::Ready(Some(Ok(Frame::data(part)))),
            end => end.err(),
        };
        let sending = self.sending.take();
        if error.is_none() {
            sending.into_iter().for_each(Sending::complete);
        }
        Poll::Ready(error.map(Err))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http_body_util::BodyExt;

    use super::super::transfers::Transfers;
    use super::*;
    use crate::domain::view::TransferState;
    use crate::service::Actor;

    /// So many parts, and a defect in the place of the last one.
    struct Numbered {
        made: usize,
        defect_at: usize,
    }

    impl Parts for Numbered {
        async fn next(&mut self) -> Result<Option<String>, Error> {
            self.made += 1;
            assert!(self.made != self.defect_at, "a defect");
            Ok((self.made <= 3).then(|| self.made.to_string()))
        }

        fn progress(&self) -> Progress {
            Progress::default()
        }
    }

    fn begun(defect_at: usize) -> (Arc<Transfer>, Body) {
        let user = "tester".to_owned();
        let sending = Transfers::default().begin(&Actor::Shell { user }, "");
        let (transfer, made) = (sending.transfer(), 0);
        let attachment = Attachment {
            kind: "text/csv",
            name: "list.csv".to_owned(),
        };
        let response = file(&attachment, Numbered { made, defect_at }, sending);
        (transfer, response.into_body())
    }

    async fn read(body: &mut Body) -> Option<String> {
        let frame = body.frame().await?.expect("a part");
        let part = frame.into_data().expect("data");
        Some(String::from_utf8_lossy(&part).into_owned())
    }

    #[tokio::test]
    async fn a_file_is_sent_when_its_end_was_taken() {
        let (transfer, mut body) = begun(9);
        for part in ["1", "2", "3"] {
            assert_eq!(read(&mut body).await.as_deref(), Some(part));
        }
        tokio::task::yield_now().await;
        assert_eq!(transfer.state(), TransferState::Sending);
        assert_eq!(read(&mut body).await, None);
        assert_eq!(transfer.state(), TransferState::Complete);

        let (transfer, mut body) = begun(9);
        while read(&mut body).await.as_deref() != Some("3") {}
        tokio::task::yield_now().await;
        drop(body);
        assert_eq!(transfer.state(), TransferState::Broken);
    }

    #[tokio::test]
    async fn a_cancelled_file_is_not_made_on() {
        // Whoever asks for the first part finds a defect.
        let (transfer, mut body) = begun(1);
        transfer.cancel();
        let ended = body.frame().await;
        assert!(matches!(ended, Some(Err(_))), "{ended:?}");
        assert_eq!(transfer.state(), TransferState::Cancelled);
    }

    #[tokio::test]
    async fn a_file_whose_maker_is_lost_does_not_look_whole() {
        let (transfer, mut body) = begun(3);
        for part in ["1", "2"] {
            assert_eq!(read(&mut body).await.as_deref(), Some(part));
        }
        let ended = body.frame().await;
        assert!(matches!(ended, Some(Err(_))), "{ended:?}");
        assert_eq!(transfer.state(), TransferState::Broken);
    }
}
