//! Granting or removing a whole group, and the confirmation for high-risk permissions.

use leptos::html;
use leptos::prelude::*;

use super::sections::PermissionFilter;
use super::switch_queue::SwitchQueue;
use crate::domain::catalog::Risk;
use crate::ui::components::permission::PermissionWords;

/// What the components of the permissions page share.
#[derive(Clone, Copy)]
pub struct PermissionsContext {
    /// The switch queue.
    pub queue: StoredValue<SwitchQueue>,
    /// The filter.
    pub filter: RwSignal<PermissionFilter>,
    /// Whether the administrator may change the client.
    pub may_move: bool,
    /// Whether the switches may have been moved before hydration.
    pub is_first_view: bool,
    /// Whether the page is hydrated.
    pub is_hydrated: RwSignal<bool>,
    /// The grant to be confirmed.
    pub confirmation: RwSignal<Option<HighRiskGrant>>,
}

/// Granting a group that has high-risk permissions, to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HighRiskGrant {
    heading: String,
    harmless: Vec<String>,
    risky: Vec<PermissionWords>,
}

/// The action of a group's button.
#[derive(Clone, Debug, PartialEq, Eq)]
enum GroupAction {
    Nothing,
    Remove(Vec<String>),
    Grant {
        harmless: Vec<String>,
        risky: Vec<PermissionWords>,
    },
}

impl GroupAction {
    fn of(context: PermissionsContext, permissions: &[PermissionWords]) -> Self {
        let shown = context.filter.with(|filter| {
            permissions
                .iter()
                .filter(|words| filter.lets_through(words))
                .cloned()
                .collect::<Vec<_>>()
        });
        let (held, off): (Vec<_>, Vec<_>) = context.queue.with_value(|queue| {
            shown
                .into_iter()
                .partition(|words| queue.holds(&words.name))
        });
        if off.is_empty() {
            return if held.is_empty() {
                Self::Nothing
            } else {
                Self::Remove(names(&held))
            };
        }
        let (risky, harmless): (Vec<_>, Vec<_>) =
            off.into_iter().partition(|words| words.risk == Risk::High);
        Self::Grant {
            harmless: names(&harmless),
            risky,
        }
    }

    /// Whether all its permissions are high risk, so that it needs a confirmation.
    fn needs_confirmation(&self) -> bool {
        matches!(self, Self::Grant { harmless, .. } if harmless.is_empty())
    }

    /// The button's value in the form. Without script there is no confirmation, so no high-risk permission is granted.
    fn value(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Remove(names) => format!("remove:{}", names.join(",")),
            Self::Grant { harmless, .. } => format!("grant:{}", harmless.join(",")),
        }
    }

    fn words(&self, is_hydrated: bool, is_filtered: bool) -> &'static str {
        match (self, is_filtered) {
            (Self::Nothing, _) => "",
            (Self::Remove(_), false) => "Remove all",
            (Self::Remove(_), true) => "Remove all shown",
            (Self::Grant { risky, .. }, false) if risky.is_empty() => "Grant all",
            (Self::Grant { risky, .. }, true) if risky.is_empty() => "Grant all shown",
            (action @ Self::Grant { .. }, false) if is_hydrated || action.needs_confirmation() => {
                "Grant all…"
            }
            (action @ Self::Grant { .. }, true) if is_hydrated || action.needs_confirmation() => {
                "Grant all shown…"
            }
            (Self::Grant { .. }, false) => "Grant all but high risk",
            (Self::Grant { .. }, true) => "Grant all shown but high risk",
        }
    }
}

/// The button that grants or removes the visible permissions of a group.
#[component]
pub fn GroupButton(
    /// The page.
    context: PermissionsContext,
    /// The heading of the group, for the accessible name.
    heading: String,
    /// The group.
    permissions: Vec<PermissionWords>,
) -> impl IntoView {
    let action = Memo::new(move |_| GroupAction::of(context, &permissions));
    let is_disabled =
        move || action.with(GroupAction::needs_confirmation) && !context.is_hydrated.get();
    let label = move || {
        action.with(|action| {
            action.words(
                context.is_hydrated.get(),
                context.filter.with(PermissionFilter::is_set),
            )
        })
    };
    let press = {
        let heading = heading.clone();
        move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            context.act(&heading, action.get_untracked());
        }
    };
    view! {
        <button
            class=move || if action.with(GroupAction::needs_confirmation) { "btn quiet small needs-js" } else { "btn quiet small" }
            type="submit"
            name="form[group]"
            value=move || action.with(GroupAction::value)
            hidden=move || action.with(|action| *action == GroupAction::Nothing)
            disabled=is_disabled
            on:click=press
        >
            {label}
            <span class="sr">" in " {heading}</span>
        </button>
    }
}

impl PermissionsContext {
    /// Performs the action of a group's button, or opens the confirmation.
    fn act(self, heading: &str, action: GroupAction) {
        match action {
            GroupAction::Nothing => {}
            GroupAction::Remove(names) => self.queue.with_value(|queue| queue.change(names, false)),
            GroupAction::Grant { harmless, risky } if risky.is_empty() => {
                self.queue.with_value(|queue| queue.change(harmless, true));
            }
            GroupAction::Grant { harmless, risky } => self.confirmation.set(Some(HighRiskGrant {
                heading: heading.to_owned(),
                harmless,
                risky,
            })),
        }
    }
}

/// The confirmation dialog, once on the page.
#[component]
pub fn GrantConfirmation(
    /// The page.
    context: PermissionsContext,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let is_asked = context.confirmation.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if is_asked && !dialog.open() {
            // `showModal` fails only for an open or a detached dialog.
            let _ = dialog.show_modal();
        } else if !is_asked {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="dialog"
            aria-labelledby="grant-title"
            aria-describedby="grant-lead"
            node_ref=dialog
            on:close=move |_| context.confirmation.set(None)
        >
            {move || context.confirmation.get().map(|confirmation| view! { <GrantDetails context confirmation/> })}
        </dialog>
    }
}

#[component]
fn GrantDetails(context: PermissionsContext, confirmation: HighRiskGrant) -> impl IntoView {
    let HighRiskGrant {
        heading,
        harmless,
        risky,
    } = confirmation;
    let labels = listed(&risky);
    let pronoun = if risky.len() == 1 { "it" } else { "them" };
    let all: Vec<String> = harmless.iter().cloned().chain(names(&risky)).collect();
    let (others, total) = (harmless.len(), all.len());
    let grant = move |names: Vec<String>| {
        context.confirmation.set(None);
        context.queue.with_value(|queue| queue.change(names, true));
    };
    let grant_others = (others > 0).then(|| {
        view! {
            <button class="btn" type="button" on:click=move |_| grant(harmless.clone())>
                {format!("Grant the other {others}")}
            </button>
        }
    });
    view! {
        <div class="pad">
            <h2 id="grant-title">"Grant all in " {heading} "?"</h2>
            <p id="grant-lead">{format!("This includes {labels}. Grant {pronoun} too?")}</p>
            <footer class="row">
                <button class="btn quiet" type="button" on:click=move |_| context.confirmation.set(None)>"Cancel"</button>
                {grant_others}
                <button class="btn fill" type="button" on:click=move |_| grant(all.clone())>
                    {format!("Grant all {total}")}
                </button>
            </footer>
        </div>
    }
}

fn names(permissions: &[PermissionWords]) -> Vec<String> {
    permissions.iter().map(|words| words.name.clone()).collect()
}

/// The labels, joined as a list in a sentence.
fn listed(permissions: &[PermissionWords]) -> String {
    let labels: Vec<String> = permissions
        .iter()
        .map(|words| format!("“{}”", words.label.as_deref().unwrap_or(&words.name)))
        .collect();
    match labels.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn risky(label: &str) -> PermissionWords {
        PermissionWords {
            name: label.to_lowercase(),
            label: Some(label.to_owned()),
            risk: Risk::High,
        }
    }

    #[test]
    fn without_script_nothing_risky_is_granted() {
        let action = GroupAction::Grant {
            harmless: vec!["blogs.read".to_owned(), "blogs.write".to_owned()],
            risky: vec![risky("Delete")],
        };
        assert_eq!(action.value(), "grant:blogs.read,blogs.write");
        assert_eq!(action.words(false, false), "Grant all but high risk");
        assert_eq!(action.words(true, false), "Grant all…");
    }

    #[test]
    fn labels_read_like_a_sentence() {
        assert_eq!(listed(&[risky("A")]), "“A”");
        assert_eq!(
            listed(&[risky("A"), risky("B"), risky("C")]),
            "“A”, “B” and “C”"
        );
    }
}
