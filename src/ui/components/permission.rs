//! One permission as a switch: on, off, on its way to the server, or back because the server said no.

use leptos::html;
use leptos::prelude::*;

use super::choice::HighRisk;
use super::icon::Icon;
use crate::domain::catalog::Risk;

/// Where a switch stands between the hand and the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SwitchState {
    /// As the server has it.
    #[default]
    Settled,
    /// On its way.
    Saving,
    /// Arrived a moment ago.
    Saved,
    /// Refused or lost, and set back: what happened, in a sentence or two.
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

/// What a row says about its permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionWords {
    /// The name on the wire.
    pub name: String,
    /// The name for people; the name on the wire alone when there is none.
    pub label: Option<String>,
    /// Whether it can hurt.
    pub risk: Risk,
}

/// One permission of a form: `form[offered][]` says that the switch was there, `form[granted][]` that it is on.
#[component]
pub fn PermissionRow(
    /// What it says.
    words: PermissionWords,
    /// Whether the switch is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Where it stands.
    #[prop(into)]
    state: Signal<SwitchState>,
    /// Whether the filter leaves it out.
    #[prop(into)]
    hidden: Signal<bool>,
    /// Whether it cannot be moved.
    #[prop(into)]
    disabled: Signal<bool>,
    /// Whether it may have been moved before the page was live.
    catches_up: bool,
    /// Told where the hand has put the switch.
    on_move: Callback<bool>,
    /// Told to try again.
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
            <input type="hidden" name="form[offered][]" value=name.clone() />
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

/// What stands beside the switch.
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

/// Lets the switch in the page follow the signal. What somebody did before the page was live goes the other
/// way once, where there is someone to tell: the switch stays as they left it, and is reported as moved.
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
