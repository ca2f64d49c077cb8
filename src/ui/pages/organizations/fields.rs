//! The fields that the dialogs share.

use leptos::prelude::*;

use crate::ui::components::field::{Input, SummaryEntry};

/// The fields in the error summary.
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

/// The input of the host.
#[component]
pub(super) fn HostInput(
    /// What is in it.
    value: String,
    /// Whether the dialog begins with it.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <Input
            {..}
            class:mono=true
            name="form[host]"
            inputmode="url"
            placeholder="participate.city.example"
            autocomplete="off"
            autofocus=autofocus
            value=value
        />
    }
}
