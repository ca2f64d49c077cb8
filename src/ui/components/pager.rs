//! The footer of a paginated list: how many rows are shown, and links to the pages beside it.

use leptos::prelude::*;

use super::icon::Icon;

/// In which order a list is, for the words of its links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOrder {
    /// The newest first.
    Newest,
    /// By name.
    Name,
}

/// Links to the previous and the next page, with the same filters.
#[component]
pub fn Pager(
    /// The label, such as "Pages of clients".
    label: &'static str,
    /// The order of the list.
    order: ListOrder,
    /// The address of the previous page, if any.
    previous: Option<String>,
    /// The address of the next page, if any.
    next: Option<String>,
    /// How many rows are shown, such as "Showing 25 of 47 clients".
    children: Children,
) -> impl IntoView {
    let (previous_words, next_words) = match order {
        ListOrder::Newest => ("Newer", "Older"),
        ListOrder::Name => ("Previous", "Next"),
    };
    let off = |href: &Option<String>| href.is_none().then_some("true");
    view! {
        <nav class="pager row" aria-label=label>
            <span>{children()}</span>
            <span class="row">
                <a class="btn small" aria-disabled=off(&previous) href=previous>
                    <Icon name="left"/>
                    {previous_words}
                </a>
                <a class="btn small" aria-disabled=off(&next) href=next>
                    {next_words}
                    <Icon name="right"/>
                </a>
            </span>
        </nav>
    }
}
