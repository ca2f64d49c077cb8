//! Choices: cards with a checkbox or a switch, and pills for one choice of several.

use leptos::prelude::*;

use crate::domain::catalog::Risk;

/// The control of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceKind {
    /// A checkbox of several.
    Box,
    /// A single switch.
    Switch,
}

/// A card with a control: a label, a code beside it, and a sentence.
#[component]
pub fn Choice(
    /// The control.
    kind: ChoiceKind,
    /// The field's name.
    #[prop(into)]
    name: String,
    /// The field's value when it is on.
    #[prop(into, default = "on".to_owned())]
    value: String,
    /// Whether it is on initially.
    checked: bool,
    /// The label.
    #[prop(into)]
    label: String,
    /// The code.
    #[prop(optional, into)]
    code: Option<String>,
    /// Whether it allows something of high risk.
    #[prop(optional)]
    risk: Risk,
    /// The id of its error, while there is one.
    #[prop(optional_no_strip)]
    error_id: Option<&'static str>,
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
                aria-invalid=error_id.map(|_| "true")
                aria-describedby=error_id
            />
            <strong>{label} " " {(risk == Risk::High).then(HighRisk)}</strong>
            {code.map(|code| view! { <code>{code}</code> })}
            <span>{children()}</span>
        </label>
    }
}

/// The badge of high risk.
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
    /// The field's value when it is on.
    #[prop(into)]
    value: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// Whether it is on initially.
    checked: bool,
    /// The id of its form, when it is outside of it.
    #[prop(optional, into)]
    form: Option<String>,
) -> impl IntoView {
    view! {
        <label>
            <input type="radio" name=name value=value checked=checked form=form autocomplete="off"/>
            {label}
        </label>
    }
}
