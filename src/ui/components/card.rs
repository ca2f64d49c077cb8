//! A card: a part of a page with an edge of its own.

use leptos::prelude::*;

/// A card, with a heading when it has one.
#[component]
pub fn Card(
    /// What stands in its head.
    #[prop(optional, into)]
    head: Option<ViewFn>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="card">
            {head.map(|head| view! { <header class="row">{head.run()}</header> })}
            {children()}
        </div>
    }
}
