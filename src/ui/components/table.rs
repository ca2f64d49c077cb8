//! Tables. The roles stay in the markup, because some browsers drop them with `display: grid`.

use leptos::prelude::*;

/// A table with a caption for assistive technology, column headers, and rows.
#[component]
pub fn Table(
    /// The class that sets its columns.
    class: &'static str,
    /// The caption: what it lists, and in which order.
    caption: &'static str,
    /// The column headers, see [`Column`].
    columns: &'static [Column],
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <table class=format!("table {class}") role="table">
            <caption class="sr">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{columns.iter().copied().map(head).collect_view()}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
}

/// A column header.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its text; empty above buttons.
    pub title: &'static str,
    /// Its class, when it has one.
    pub class: Option<&'static str>,
}

impl Column {
    /// A plain column.
    #[must_use]
    pub const fn new(title: &'static str) -> Self {
        Self { title, class: None }
    }

    /// A column with a class.
    #[must_use]
    pub const fn with_class(title: &'static str, class: &'static str) -> Self {
        Self {
            title,
            class: Some(class),
        }
    }
}

fn head(column: Column) -> AnyView {
    let Column { title, class } = column;
    if title.is_empty() {
        return view! { <td role="cell"></td> }.into_any();
    }
    view! { <th role="columnheader" scope="col" class=class>{title}</th> }.into_any()
}
