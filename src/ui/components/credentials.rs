//! A client's id and secrets: values to select and copy, and a secret that can be revealed.

use leptos::prelude::*;

use super::icon::Icon;

/// The mask of a secret; its length is independent of the secret's.
pub const DOTS: &str = "••••••••••••••••••••••••";

/// A labelled value; one click selects it.
#[component]
pub fn Credential(
    /// The id of the label.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: ViewFn,
    /// What stands beside the label.
    #[prop(optional_no_strip)]
    badge: Option<ViewFn>,
    /// A sentence below it.
    #[prop(optional, into)]
    hint: Option<ViewFn>,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    let name = view! { <strong id=id.clone()>{label}</strong> };
    let label = match badge {
        Some(badge) => view! { <div class="row tight">{name} {badge.run()}</div> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <div class="field">
            {label}
            <div class="row">
                <span class="value" aria-labelledby=id role="group">{value.run()}</span>
                {children()}
            </div>
            {hint.map(|hint| view! { <p class="hint">{hint.run()}</p> })}
        </div>
    }
}

/// A secret that is on the page: masked, or in plain text while a [`RevealToggle`] is on.
#[component]
pub fn MaskedSecret(
    /// The secret.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <span class="masked">{DOTS}</span>
        <span class="shown">{text}</span>
    }
}

/// Switches the secrets of the page between plain text and mask. Needs no script.
#[component]
pub fn RevealToggle(
    /// Whether it is on initially. It then takes the focus, because the form to reveal the secret had it before.
    checked: bool,
) -> impl IntoView {
    view! {
        <label class="btn toggle">
            <input type="checkbox" id="reveal" checked=checked autofocus=checked autocomplete="off"/>
            <span class="row masked"><Icon name="eye"/>"Reveal"</span>
            <span class="row shown"><Icon name="eye-off"/>"Hide"</span>
            <span class="sr">" client secret"</span>
        </label>
    }
}
