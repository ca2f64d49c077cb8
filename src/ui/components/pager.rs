//! The footer of a paginated list: how many rows are shown, and links to newer and older ones.

use leptos::prelude::*;

use super::icon::Icon;

/// Links to the newer and the older page, with the same filters.
#[component]
pub fn Pager(
    /// The label, such as "Pages of clients".
    label: &'static str,
    /// How many rows are shown, such as "Showing 25 of 47 clients".
    #[prop(into)]
    shown: String,
    /// The address of the newer page, if any.
    newer: Option<String>,
    /// The address of the older page, if any.
    older: Option<String>,
) -> impl IntoView {
    let off = |href: &Option<String>| href.is_none().then_some("true");
    view! {
        <nav class="pager row" aria-label=label>
            <span>{shown}</span>
            <span class="row">
                <a class="btn small" aria-disabled=off(&newer) href=newer>
                    <Icon name="left"/>
                    "Newer"
                </a>
                <a class="btn small" aria-disabled=off(&older) href=older>
                    "Older"
                    <Icon name="right"/>
                </a>
            </span>
        </nav>
    }
}
