//! What a permission says when its change did not happen, beside its switch and in a toast.

use leptos::prelude::*;

use crate::ui::components::toast::Toast;

/// Changes that did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The permissions, and whether each is held all the same.
    pub permissions: Vec<(String, bool)>,
    /// Why.
    pub reason: FailureReason,
}

/// Why a change did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// No answer, or none that makes sense.
    NoAnswer,
    /// The browser is offline; nothing was sent.
    Offline,
    /// The server's own sentence.
    Refused(String),
}

impl FailureReason {
    /// What stands below the switch of a permission that is held, or not, all the same.
    #[must_use]
    pub fn sentence(&self, held: bool) -> String {
        let state = word(held);
        match self {
            Self::NoAnswer => {
                format!("Not saved: the server did not answer. This permission is still {state}.")
            }
            Self::Offline => {
                format!("Not saved: you are offline. This permission is still {state}.")
            }
            Self::Refused(sentence) => {
                format!("Not saved. {sentence} This permission is still {state}.")
            }
        }
    }

    /// What follows after the names of permissions and their state.
    fn after_names(&self) -> String {
        match self {
            Self::NoAnswer => ": the server did not answer.".to_owned(),
            Self::Offline => ": you are offline.".to_owned(),
            Self::Refused(sentence) => format!(". {sentence}"),
        }
    }
}

/// The same failure again, for rows out of sight. `retry` tries again what did not happen.
#[must_use]
pub fn toast(failure: Failure, retry: impl Fn(&Failure) + Send + Sync + 'static) -> Toast {
    let after = failure.reason.after_names();
    let (title, names, state) = match failure.permissions.as_slice() {
        [(name, held)] => (
            "One permission was not saved".to_owned(),
            name.clone(),
            format!(" is still {}{after}", word(*held)),
        ),
        several => {
            let names = several
                .iter()
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            (
                format!("{} permissions were not saved", several.len()),
                names,
                format!(" are as they were{after}"),
            )
        }
    };
    let text = move || view! { <code>{names.clone()}</code> {state.clone()} };
    Toast::failure(title)
        .showing(text)
        .with_retry(Callback::new(move |()| retry(&failure)))
}

fn word(held: bool) -> &'static str {
    if held { "on" } else { "off" }
}
