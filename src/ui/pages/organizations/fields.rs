//! The fields of the dialogs in the error summary.

use crate::ui::components::field::SummaryEntry;

pub(super) const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "name",
        label: "Name",
        id: "organization-name",
    },
    SummaryEntry {
        field: "host",
        label: "Host",
        id: "organization-host",
    },
];
