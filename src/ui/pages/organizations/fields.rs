//! The fields of the dialogs, as the summary of errors names them.

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
