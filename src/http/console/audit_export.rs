//! The audit log as a file, sent page by page: neither the server nor the database holds more than one page of it.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::compression;
use super::download::{Chunks, chunks};
use super::transfers::Sending;
use crate::domain::Time;
use crate::domain::audit::{AuditRow, EXPORT_COLUMNS, ExportRow};
use crate::domain::csv::CsvLines;
use crate::domain::error::Error;
use crate::domain::event::ExportFormat;
use crate::service::Export;

/// Answers with the file. It is named after the day.
#[must_use]
pub fn file(export: Export, format: ExportFormat, now: Time, sending: Sending) -> Response {
    let (kind, extension) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let name = format!(
        "attachment; filename=\"claviger-audit-{}.{extension}\"",
        now.format("%Y-%m-%d")
    );
    let (sender, body) = chunks();
    tokio::spawn(async move {
        let done = write(export, format, &sender, &sending).await;
        match done {
            Ok(true) => sending.complete(),
            Ok(false) => {}
            // The file ends in an error, so that the browser does not take a part of it for the whole.
            Err(error) => {
                tracing::error!(%error, "an export of the audit log was not finished");
                sender.fail(error).await;
            }
        }
    });
    let mut response = Body::new(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, compression::WITH_SECRET);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Whether everything was sent.
async fn write(
    mut export: Export,
    format: ExportFormat,
    sender: &Chunks,
    sending: &Sending,
) -> Result<bool, Error> {
    if format == ExportFormat::Csv {
        let mut head = CsvLines::default();
        head.push(EXPORT_COLUMNS);
        if !sender.send(Bytes::from(head.into_text())).await {
            return Ok(false);
        }
    }
    while let Some(rows) = export.next().await? {
        let text = match format {
            ExportFormat::Csv => csv(&rows),
            ExportFormat::Ndjson => ndjson(&rows),
        };
        if sending.is_cancelled() {
            sender.fail(Error::Busy).await;
            return Ok(false);
        }
        // Whoever asked is gone.
        if !sender.send(Bytes::from(text)).await {
            return Ok(false);
        }
        sending.advance(export.progress());
    }
    Ok(true)
}

fn csv(rows: &[AuditRow]) -> String {
    let mut lines = CsvLines::default();
    for row in rows {
        lines.push(ExportRow::from(row).fields());
    }
    lines.into_text()
}

fn ndjson(rows: &[AuditRow]) -> String {
    let lines = rows.iter().filter_map(|row| {
        let json = serde_json::to_string(&ExportRow::from(row)).ok()?;
        Some(json + "\n")
    });
    lines.collect()
}
