//! The audit log as a file, sent page by page.

use axum::response::Response;

use super::download::{self, Attachment, Parts};
use super::transfers::Sending;
use crate::domain::Time;
use crate::domain::audit::{AuditRow, EXPORT_COLUMNS, ExportRow};
use crate::domain::csv::CsvLines;
use crate::domain::error::Error;
use crate::domain::event::ExportFormat;
use crate::domain::progress::Progress;
use crate::service::Export;

/// Answers with the file. It is named after the day.
#[must_use]
pub fn file(export: Export, format: ExportFormat, now: Time, sending: Sending) -> Response {
    let (kind, extension) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let day = now.format("%Y-%m-%d");
    let attachment = Attachment {
        kind,
        name: format!("claviger-audit-{day}.{extension}"),
    };
    let pages = AuditPages {
        export,
        format,
        needs_head: format == ExportFormat::Csv,
    };
    download::file(&attachment, pages, sending)
}

struct AuditPages {
    export: Export,
    format: ExportFormat,
    /// Whether the line with the columns comes next.
    needs_head: bool,
}

impl Parts for AuditPages {
    async fn next(&mut self) -> Result<Option<String>, Error> {
        if std::mem::take(&mut self.needs_head) {
            let mut head = CsvLines::default();
            head.push(EXPORT_COLUMNS);
            return Ok(Some(head.into_text()));
        }
        let rows = self.export.next().await?;
        Ok(rows.map(|rows| match self.format {
            ExportFormat::Csv => csv(&rows),
            ExportFormat::Ndjson => ndjson(&rows),
        }))
    }

    fn progress(&self) -> Progress {
        self.export.progress()
    }
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
