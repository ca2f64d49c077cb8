//! Dialogs: pages of their own that are shown over the page below.

use leptos::prelude::*;

/// A dialog over its page. The server renders it open, so it works without script; `islands::dialogs` makes it modal,
/// and Escape then leads to `close_href`.
#[component]
pub fn Dialog(
    /// The id of the heading inside.
    title_id: &'static str,
    /// The id of the sentence below the heading, if there is one.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// The address of the page below.
    #[prop(into)]
    close_href: String,
    /// The contents.
    children: Children,
) -> impl IntoView {
    view! {
        <dialog
            class="dialog"
            open
            aria-modal="true"
            aria-labelledby=title_id
            aria-describedby=described_by
            data-close=close_href
        >
            {children()}
        </dialog>
    }
}
