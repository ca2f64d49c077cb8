//! One permission as a switch: on, off, being saved, or set back because the server refused.

use leptos::html;
use leptos::prelude::*;

use super::choice::HighRisk;
use super::icon::Icon;
use crate::domain::catalog::Risk;

/// Whether the position of a switch is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SwitchState {
    /// The same as on the server.
    #[default]
    Settled,
    /// Being saved.
    Saving,
    /// Saved a moment ago.
    Saved,
    /// Refused or unanswered, and set back; with the message.
    Failed(String),
}

impl SwitchState {
    fn as_str(&self) -> Option<&'static str> {
        match self {
            Self::Settled => None,
            Self::Saving => Some("saving"),
            Self::Saved => Some("saved"),
            Self::Failed(_) => Some("failed"),
        }
    }

    fn failure(&self) -> Option<String> {
        match self {
            Self::Failed(sentence) => Some(sentence.clone()),
            _ => None,
        }
    }
}

/// The texts of a permission's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionWords {
    /// The permission's name.
    pub name: String,
    /// The label; the name when the catalogue has none.
    pub label: Option<String>,
    /// Whether the catalogue marks it as high risk.
    pub risk: Risk,
}

/// One permission of a form: `form[shown][]` names the switches that were on when the page was rendered,
/// `form[granted][]` those that are on.
#[component]
pub fn PermissionRow(
    /// The texts.
    words: PermissionWords,
    /// Whether the switch is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Whether its position is saved.
    #[prop(into)]
    state: Signal<SwitchState>,
    /// Whether the filter hides it.
    #[prop(into)]
    hidden: Signal<bool>,
    /// Whether it is disabled.
    #[prop(into)]
    disabled: Signal<bool>,
    /// Whether it may have been moved before hydration.
    catches_up: bool,
    /// Called with the new position when the switch is moved.
    on_move: Callback<bool>,
    /// Called to retry a failed change.
    on_retry: Callback<()>,
) -> impl IntoView {
    let PermissionWords { name, label, risk } = words;
    let node = NodeRef::<html::Input>::new();
    follow(node, on, catches_up.then_some(on_move));
    let error_id = format!("err-{name}");
    let describes = {
        let error_id = error_id.clone();
        move || {
            state
                .with(|state| state.failure().is_some())
                .then(|| error_id.clone())
        }
    };
    view! {
        <div class="perm" data-state=move || state.with(SwitchState::as_str) hidden=move || hidden.get()>
            {on.get_untracked().then(|| view! { <input type="hidden" name="form[shown][]" value=name.clone() /> })}
            <label>
                <input
                    node_ref=node
                    class="switch"
                    role="switch"
                    type="checkbox"
                    name="form[granted][]"
                    value=name.clone()
                    checked=on.get_untracked()
                    disabled=move || disabled.get()
                    autocomplete="off"
                    aria-describedby=describes
                    on:change=move |event| on_move.run(event_target_checked(&event))
                />
                <span>{label.unwrap_or_else(|| name.clone())}{(risk == Risk::High).then(HighRisk)}</span>
                <code>{name}</code>
            </label>
            <output class="state">{move || state.with(|state| state_view(state, on_retry))}</output>
            {move || state.with(SwitchState::failure).map(|sentence| view! {
                <p class="error" id=error_id.clone()><Icon name="warn" />{sentence}</p>
            })}
        </div>
    }
}

/// The contents beside the switch.
fn state_view(state: &SwitchState, on_retry: Callback<()>) -> Option<AnyView> {
    match state {
        SwitchState::Settled => None,
        SwitchState::Saving => Some(view! { <span class="spinner"></span>"Saving…" }.into_any()),
        SwitchState::Saved => Some(view! { <Icon name="check" />"Saved" }.into_any()),
        SwitchState::Failed(_) => Some(
            view! {
                <button class="btn small" type="button" on:click=move |_| on_retry.run(())>
                    <Icon name="retry" />"Retry"
                </button>
            }
            .into_any(),
        ),
    }
}

/// Makes the checkbox follow the signal. A move before hydration is the exception: the checkbox keeps its position,
/// which is reported once as a change, if there is a callback.
fn follow(node: NodeRef<html::Input>, on: Signal<bool>, report: Option<Callback<bool>>) {
    Effect::new(move |met: Option<bool>| {
        let (on, is_met) = (on.get(), met.unwrap_or_default());
        let Some(input) = node.get() else {
            return is_met;
        };
        match report {
            Some(report) if !is_met && input.checked() != on => report.run(input.checked()),
            _ => input.set_checked(on),
        }
        true
    });
}
