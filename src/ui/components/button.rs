//! Buttons that submit a form or copy a text.

use leptos::prelude::*;

use super::icon::Icon;

/// Submits its form. While the form is under way the button has the other label, see `islands::forms`.
#[component]
pub fn SubmitButton(
    /// The label.
    #[prop(into)]
    label: String,
    /// The label while the form is under way, such as "Creating…".
    pending_label: &'static str,
    /// Classes besides `btn`.
    #[prop(default = "fill")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button class=format!("btn {class}") type="submit" data-pending=pending_label>
            <span>{label}</span>
        </button>
    }
}

/// Copies a text; shown as an icon. See `islands::copy`.
#[component]
pub fn CopyButton(
    /// The text.
    #[prop(into)]
    text: String,
    /// The label, such as "Copy client ID".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <button class="icon-btn needs-js" type="button" title="Copy" aria-label=label data-copy=text>
            <Icon name="copy"/>
            <Icon name="check"/>
        </button>
    }
}

/// Copies a text; shown as a button with a label. See `islands::copy`.
#[component]
pub fn CopyWordButton(
    /// The text.
    #[prop(into)]
    text: String,
    /// What it copies, for the accessible name after "Copy", such as "client secret".
    #[prop(into)]
    what: String,
) -> impl IntoView {
    view! {
        <button class="btn needs-js" type="button" data-copy=text>
            <Icon name="copy"/>
            <Icon name="check"/>
            <span class="before">"Copy"</span>
            <span class="after">"Copied"</span>
            <span class="sr">" " {what}</span>
        </button>
    }
}
