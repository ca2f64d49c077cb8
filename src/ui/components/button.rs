//! Buttons that submit a form or copy a text.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::wasm_bindgen::prelude::Closure;

use super::icon::Icon;

/// How long a button shows "Copied".
const COPIED: Duration = Duration::from_secs(2);

/// Submits its form, with another label while the form is pending.
#[component]
pub fn SubmitButton(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The label while pending, such as "Creating…".
    #[prop(into)]
    pending_label: Signal<String>,
    /// Whether the form is pending.
    #[prop(into)]
    pending: Signal<bool>,
    /// Classes besides `btn`.
    #[prop(default = "fill")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button class=format!("btn {class}") type="submit" aria-busy=move || pending.get().then_some("true")>
            {move || if pending.get() { pending_label.get() } else { label.get() }}
        </button>
    }
}

/// Copies a text; shown as an icon.
#[component]
pub fn CopyButton(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// The label, such as "Copy client ID".
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let copied = RwSignal::new(false);
    view! {
        <button
            class="icon-btn needs-js"
            type="button"
            title="Copy"
            aria-label=label
            data-state=move || copied.get().then_some("copied")
            node_ref=button
            on:click=move |_| copy(text.get_untracked(), copied, button)
        >
            {move || if copied.get() { view! { <Icon name="check"/> } } else { view! { <Icon name="copy"/> } }}
        </button>
    }
}

/// Copies a text; shown as a button with a label.
#[component]
pub fn CopyWordButton(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What it copies, for the accessible name after "Copy", such as "client secret".
    #[prop(into)]
    what: Signal<String>,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let copied = RwSignal::new(false);
    view! {
        <button
            class="btn needs-js"
            type="button"
            data-state=move || copied.get().then_some("copied")
            node_ref=button
            on:click=move |_| copy(text.get_untracked(), copied, button)
        >
            {move || if copied.get() { view! { <Icon name="check"/> } } else { view! { <Icon name="copy"/> } }}
            {move || if copied.get() { "Copied" } else { "Copy" }}
            <span class="sr">" " {what}</span>
        </button>
    }
}

/// Copies a text; where the browser denies access to the clipboard, selects the value before the button.
fn copy(text: String, copied: RwSignal<bool>, button: NodeRef<html::Button>) {
    if !window().is_secure_context() {
        select_before(button);
        return;
    }
    let written = Closure::once(move |_: JsValue| {
        copied.try_set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            COPIED,
        );
    });
    let refused = Closure::once(move |_: JsValue| select_before(button));
    let _ = window()
        .navigator()
        .clipboard()
        .write_text(&text)
        .then2(&written, &refused);
    // The browser calls exactly one of them, after this function has returned.
    written.forget();
    refused.forget();
}

fn select_before(button: NodeRef<html::Button>) {
    let before = button
        .get_untracked()
        .and_then(|button| button.previous_element_sibling());
    let selection = window().get_selection().ok().flatten();
    if let (Some(before), Some(selection)) = (before, selection) {
        // Without a selection, the text can still be read.
        let _ = selection.select_all_children(&before);
    }
}
