//! The fields of the dialogs, as the summary of errors names them.

use crate::ui::components::field::Answer;

pub(super) const ANSWERS: &[Answer] = &[
    Answer {
        field: "name",
        label: "Name",
        id: "organization-name",
    },
    Answer {
        field: "host",
        label: "Host",
        id: "organization-host",
    },
];
