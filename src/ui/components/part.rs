//! A part of a page that is written anew when others change what it shows, see `islands::live`.

use leptos::prelude::*;

/// The part. It has no box of its own, and is there also when it is empty.
#[component]
pub fn Part(
    /// Its name, the only one of the page.
    name: &'static str,
    /// Whether it shows what would be lost, such as a secret.
    #[prop(optional)]
    keep: bool,
    /// Whether it shows how a client is used, beyond what its header has.
    #[prop(optional)]
    on_use: bool,
    /// The contents.
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="part"
            data-part=name
            data-keep=keep.then_some("")
            data-on-use=on_use.then_some("")
        >
            {children()}
        </div>
    }
}
