//! The foot of a long list: how much of it is shown, and the ways to newer and older rows.

use leptos::prelude::*;

use super::icon::Icon;

/// Newer and older, as links that keep the filters.
#[component]
pub fn Pager(
    /// What the pages are made of, such as "Pages of clients".
    label: &'static str,
    /// How much is shown, such as "Showing 25 of 47 clients".
    #[prop(into)]
    shown: String,
    /// Where newer rows are, if there are any.
    newer: Option<String>,
    /// Where older rows are, if there are any.
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
