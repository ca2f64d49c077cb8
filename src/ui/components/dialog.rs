//! Dialogs: routes of their own that are shown over the page below.

use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};

use crate::ui::browser::ReturnFocus;

/// A dialog over its page. The server renders it open, so it works without script; hydrated it becomes modal, Escape
/// navigates to `close_href`, and the link that opened it gets the focus back.
#[component]
pub fn Dialog(
    /// The id of the heading inside.
    title_id: &'static str,
    /// The id of the sentence below the heading, if there is one.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// The address of the page below.
    #[prop(into)]
    close_href: Signal<String>,
    /// The contents.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let address = use_location().pathname.get_untracked();
    let return_focus = use_context::<ReturnFocus>();
    let navigate = use_navigate();

    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            // `showModal` fails on an open dialog; `close` would fire a close event.
            let _ = dialog.remove_attribute("open");
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        if let Some(ReturnFocus(to)) = return_focus {
            to.try_set_value(Some(address));
        }
    });
    let close = move |event: Event| {
        event.prevent_default();
        navigate(
            &close_href.get_untracked(),
            leptos_router::NavigateOptions::default(),
        );
    };

    view! {
        <dialog
            class="dialog"
            open
            aria-modal="true"
            aria-labelledby=title_id
            aria-describedby=described_by
            node_ref=dialog
            on:cancel=close
        >
            {children()}
        </dialog>
    }
}
