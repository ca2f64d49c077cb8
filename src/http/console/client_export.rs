//! The list of clients as a file.

use axum::response::Response;

use super::download::{self, Attachment, Parts};
use super::transfers::Sending;
use crate::domain::error::Error;
use crate::domain::progress::Progress;
use crate::service::ClientExport;

/// The list of clients as a file of this name, which has no quotation mark.
#[must_use]
pub fn file(name: &str, export: ClientExport, sending: Sending) -> Response {
    let attachment = Attachment {
        kind: "text/csv; charset=utf-8; header=present",
        name: name.to_owned(),
    };
    download::file(&attachment, export, sending)
}

impl Parts for ClientExport {
    async fn next(&mut self) -> Result<Option<String>, Error> {
        self.next_part().await
    }

    fn progress(&self) -> Progress {
        Self::progress(self)
    }
}
