//! Granting or removing a whole group, and the question that a high risk raises first.

use leptos::html;
use leptos::prelude::*;

use super::sections::PermissionFilter;
use super::switch_queue::SwitchQueue;
use crate::domain::catalog::Risk;
use crate::ui::components::permission::PermissionWords;

/// What a page of permissions shares between its parts.
#[derive(Clone, Copy)]
pub struct PermissionsContext {
    /// The switches.
    pub queue: StoredValue<SwitchQueue>,
    /// Which of them are shown.
    pub filter: RwSignal<PermissionFilter>,
    /// Whether they can be moved.
    pub may_move: bool,
    /// Whether the switches may have been moved before the page was live.
    pub is_first_view: bool,
    /// Whether the page is live.
    pub is_live: RwSignal<bool>,
    /// The question that is being asked.
    pub question: RwSignal<Option<HighRiskGrant>>,
}

/// Whether to grant what can hurt, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HighRiskGrant {
    heading: String,
    harmless: Vec<String>,
    risky: Vec<PermissionWords>,
}

/// What a group's button would do.
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

    /// True when only a question could grant it.
    fn needs_question(&self) -> bool {
        matches!(self, Self::Grant { harmless, .. } if harmless.is_empty())
    }

    /// What the form sends: without script nothing can be asked, so nothing risky is granted.
    fn value(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Remove(names) => format!("remove:{}", names.join(",")),
            Self::Grant { harmless, .. } => format!("grant:{}", harmless.join(",")),
        }
    }

    fn words(&self, is_live: bool, is_filtered: bool) -> &'static str {
        match (self, is_filtered) {
            (Self::Nothing, _) => "",
            (Self::Remove(_), false) => "Remove all",
            (Self::Remove(_), true) => "Remove all shown",
            (Self::Grant { risky, .. }, false) if risky.is_empty() => "Grant all",
            (Self::Grant { risky, .. }, true) if risky.is_empty() => "Grant all shown",
            (action @ Self::Grant { .. }, false) if is_live || action.needs_question() => {
                "Grant all…"
            }
            (action @ Self::Grant { .. }, true) if is_live || action.needs_question() => {
                "Grant all shown…"
            }
            (Self::Grant { .. }, false) => "Grant all but high risk",
            (Self::Grant { .. }, true) => "Grant all shown but high risk",
        }
    }
}

/// Grants or removes what a group shows.
#[component]
pub fn GroupButton(
    /// The page.
    context: PermissionsContext,
    /// The heading of the group.
    heading: String,
    /// The group.
    permissions: Vec<PermissionWords>,
) -> impl IntoView {
    let action = Memo::new(move |_| GroupAction::of(context, &permissions));
    let is_disabled = move || action.with(GroupAction::needs_question) && !context.is_live.get();
    let label = move || {
        action.with(|action| {
            action.words(
                context.is_live.get(),
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
            class=move || if action.with(GroupAction::needs_question) { "btn quiet small needs-js" } else { "btn quiet small" }
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
    /// Does what a group's button says, or asks first.
    fn act(self, heading: &str, action: GroupAction) {
        match action {
            GroupAction::Nothing => {}
            GroupAction::Remove(names) => self.queue.with_value(|queue| queue.change(names, false)),
            GroupAction::Grant { harmless, risky } if risky.is_empty() => {
                self.queue.with_value(|queue| queue.change(harmless, true));
            }
            GroupAction::Grant { harmless, risky } => self.question.set(Some(HighRiskGrant {
                heading: heading.to_owned(),
                harmless,
                risky,
            })),
        }
    }
}

/// The question, once on the page.
#[component]
pub fn GrantQuestion(
    /// The page.
    context: PermissionsContext,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let is_asked = context.question.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if is_asked && !dialog.open() {
            // It is in the document and closed, so it can be opened.
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
            on:close=move |_| context.question.set(None)
        >
            {move || context.question.get().map(|question| view! { <Answers context question/> })}
        </dialog>
    }
}

#[component]
fn Answers(context: PermissionsContext, question: HighRiskGrant) -> impl IntoView {
    let HighRiskGrant {
        heading,
        harmless,
        risky,
    } = question;
    let labels = listed(&risky);
    let pronoun = if risky.len() == 1 { "it" } else { "them" };
    let all: Vec<String> = harmless.iter().cloned().chain(names(&risky)).collect();
    let (others, total) = (harmless.len(), all.len());
    let grant = move |names: Vec<String>| {
        context.question.set(None);
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
                <button class="btn quiet" type="button" on:click=move |_| context.question.set(None)>"Cancel"</button>
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

/// The labels as a list in a sentence.
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
