//! One permission as a switch. In the browser `islands::switches` writes beside it whether it is saved.

use leptos::prelude::*;

use super::badges::{Timestamp, date};
use super::choice::HighRisk;
use crate::domain::Time;
use crate::domain::catalog::Risk;

/// One permission of a form: `form[granted][]` names those that are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The permission's name.
    pub name: String,
    /// The label; the name when the catalogue has none.
    pub label: String,
    /// Whether the catalogue marks it as high risk.
    pub risk: Risk,
    /// Whether it is granted.
    pub is_granted: bool,
    /// Whether it can be removed only.
    pub is_retired: bool,
    /// Whether the filter hides it.
    pub is_hidden: bool,
    /// What is said beside it.
    pub note: PermissionNote,
}

/// What is said beside a permission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionNote {
    /// When it was last exercised, where that is known.
    pub exercised: Option<Exercised>,
    /// Whether the client that this one is compared with has it.
    pub theirs: Option<bool>,
}

/// When a permission that a client holds was last exercised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exercised {
    /// At a moment; with the present one.
    At {
        /// When.
        at: Time,
        /// When the page was rendered.
        now: Time,
    },
    /// Not since it was granted.
    NotSince(Time),
}

/// The row of a permission: `form[shown][]` names the switches that were on when the page was rendered,
/// `form[granted][]` those that are on.
#[component]
pub fn PermissionRow(
    /// The permission.
    permission: Permission,
    /// Whether its switch may be moved.
    may_move: bool,
) -> impl IntoView {
    let Permission {
        name,
        label,
        risk,
        is_granted,
        is_retired,
        is_hidden,
        note,
    } = permission;
    let is_risky = risk == Risk::High;
    let code = name.clone();
    view! {
        <div class="perm" hidden=is_hidden>
            {is_granted.then(|| view! { <input type="hidden" name="form[shown][]" value=name.clone()/> })}
            <label>
                <input
                    class="switch"
                    role="switch"
                    type="checkbox"
                    name="form[granted][]"
                    value=name
                    checked=is_granted
                    disabled=!may_move
                    autocomplete="off"
                    data-risky=is_risky.then_some("")
                    data-retired=is_retired.then_some("")
                />
                <span>
                    <span data-label="">{label}</span>
                    {is_risky.then(|| view! { " " <HighRisk/> })}
                </span>
                <PermissionName name=code/>
            </label>
            <span class="state"></span>
            <Note note/>
        </div>
    }
}

/// The line below a permission, if there is anything to say.
#[component]
fn Note(note: PermissionNote) -> impl IntoView {
    let PermissionNote { exercised, theirs } = note;
    let exercised = exercised.map(|exercised| match exercised {
        Exercised::At { at, now } => {
            view! { <span>"Last exercised " <Timestamp at now inside=true/></span> }.into_any()
        }
        Exercised::NotSince(granted) => {
            view! { <span>"Not exercised since it was granted on " {date(granted)}</span> }
                .into_any()
        }
    });
    // Whether it differs changes with the switch, so the stylesheet compares.
    let theirs = theirs.map(|has| {
        let (held, words) = if has {
            ("yes", "The other has it")
        } else {
            ("no", "The other does not have it")
        };
        view! { <span class="theirs" data-held=held>{words}</span> }
    });
    (exercised.is_some() || theirs.is_some())
        .then(|| view! { <p class="note">{exercised} {theirs}</p> })
}

/// A permission's name, which breaks between its words.
#[component]
pub fn PermissionName(
    /// The name.
    name: String,
) -> impl IntoView {
    let words = in_words(&name)
        .into_iter()
        .map(|word| view! { {word} <wbr/> })
        .collect_view();
    view! { <code translate="no">{words}</code> }
}

/// The words of a name, each with what is before the next; a line breaks between them.
fn in_words(name: &str) -> Vec<String> {
    name.split_inclusive(['.', '_'])
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_name_breaks_between_its_words() {
        assert_eq!(
            in_words("blogs.extended_data.read"),
            ["blogs.", "extended_", "data.", "read"]
        );
        assert_eq!(in_words("public"), ["public"]);
    }
}
