//! Things to choose: cards with a box or a switch, and pills of which one is on.

use leptos::prelude::*;

use crate::domain::catalog::Risk;

/// What a card is ticked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceKind {
    /// One of several boxes.
    Box,
    /// A switch of its own.
    Switch,
}

/// A card that can be ticked: a name, a code beside it, and a sentence.
///
/// The browser owns the tick; nothing here sets it again, so what somebody ticked before the page was live stays.
#[component]
pub fn Choice(
    /// What the card is ticked with.
    kind: ChoiceKind,
    /// The field's name.
    #[prop(into)]
    name: String,
    /// What is sent when it is on.
    #[prop(into, default = "on".to_owned())]
    value: String,
    /// Whether it is on at first.
    checked: bool,
    /// The name for people.
    #[prop(into)]
    label: String,
    /// The name for machines.
    #[prop(optional, into)]
    code: Option<String>,
    /// Whether it opens something that hurts.
    #[prop(optional)]
    risk: Risk,
    /// The id of an error that belongs to it, while there is one.
    #[prop(optional, into)]
    error_id: Signal<Option<&'static str>>,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let is_switch = kind == ChoiceKind::Switch;
    view! {
        <label class="choice">
            <input
                class=if is_switch { "switch" } else { "check" }
                role=is_switch.then_some("switch")
                type="checkbox"
                name=name
                value=value
                checked=checked
                autocomplete="off"
                aria-invalid=move || error_id.get().map(|_| "true")
                aria-describedby=move || error_id.get()
            />
            <strong>{label} " " {(risk == Risk::High).then(HighRisk)}</strong>
            {code.map(|code| view! { <code>{code}</code> })}
            <span>{children()}</span>
        </label>
    }
}

/// The mark of what is worth a second look.
#[component]
pub fn HighRisk() -> impl IntoView {
    view! { <span class="badge" data-tone="warn">"High risk"</span> }
}

/// One of a row of pills.
#[component]
pub fn PillRadio(
    /// The field's name, the same for the whole row.
    #[prop(into)]
    name: String,
    /// What is sent when it is on.
    #[prop(into)]
    value: String,
    /// The words on it.
    #[prop(into)]
    label: String,
    /// Whether it is on at first.
    checked: bool,
    /// The form it belongs to, when that is not around it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Told the value when it is chosen.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let choose = move |event: leptos::ev::Event| {
        if let Some(on_choose) = on_choose {
            on_choose.run(event_target_value(&event));
        }
    };
    view! {
        <label>
            <input type="radio" name=name value=value checked=checked form=form autocomplete="off" on:change=choose />
            {label}
        </label>
    }
}
