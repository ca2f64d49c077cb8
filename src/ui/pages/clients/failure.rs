//! Messages about failed changes of permissions, beside the switch and in a toast.

use leptos::prelude::*;

use crate::ui::components::toast::Toast;

/// Failed changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The permissions, and whether each is granted on the server.
    pub permissions: Vec<(String, bool)>,
    /// The reason.
    pub reason: FailureReason,
}

/// Why a change failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// The server did not answer, or its response cannot be parsed.
    NoAnswer,
    /// The browser is offline; no request was sent.
    Offline,
    /// The server's own sentence.
    Refused(String),
}

impl FailureReason {
    /// The message below a switch; `held` is the server's state.
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

    /// The end of the toast's title, after the names of permissions and their state.
    fn after_names(&self) -> String {
        match self {
            Self::NoAnswer => ": the server did not answer.".to_owned(),
            Self::Offline => ": you are offline.".to_owned(),
            Self::Refused(sentence) => format!(". {sentence}"),
        }
    }
}

/// The failure as a toast, because the row may be out of sight. `retry` queues the changes again.
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
        .with_view(text)
        .with_retry(Callback::new(move |()| retry(&failure)))
}

fn word(held: bool) -> &'static str {
    if held { "on" } else { "off" }
}
