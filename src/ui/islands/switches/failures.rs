//! The toast about switches that were not saved, while their rows are out of sight. Only for the browser.

use leptos::prelude::*;

use super::row::UNKNOWN;
use super::sheet::Sheet;
use super::wishes::{State, Stop, Wishes};
use crate::domain::address::in_query;
use crate::ui::addresses::{CONFIRM, SIGN_IN};
use crate::ui::islands::toasts::{Toast, Toaster};

/// What was not saved, and the toast about it.
pub struct Failures {
    toaster: Toaster,
    failed: Vec<Failed>,
    toast: Option<u64>,
    stop_toast: Option<u64>,
}

#[derive(Clone, PartialEq, Eq)]
struct Failed {
    position: usize,
    /// The reason; none when it is not known whether it was saved.
    reason: Option<String>,
}

impl Failures {
    /// Without failures.
    pub fn new(toaster: Toaster) -> Self {
        Self {
            toaster,
            failed: Vec::new(),
            toast: None,
            stop_toast: None,
        }
    }

    /// The switches that were not saved.
    #[must_use]
    pub fn positions(&self) -> Vec<usize> {
        self.failed.iter().map(|failed| failed.position).collect()
    }

    /// Shows, changes or removes the toast. Returns the row that has to announce its failure itself, if any.
    pub fn update(&mut self, sheet: &Sheet, wishes: &Wishes, retry: Callback<()>) -> Option<usize> {
        let failed: Vec<Failed> = (0..sheet.rows.len())
            .filter_map(|position| {
                let reason = match wishes.shown(position).state {
                    State::Refused(sentence) => Some(sentence),
                    State::Unknown { .. } => None,
                    _ => return None,
                };
                Some(Failed { position, reason })
            })
            .collect();
        if !wishes.is_stopped()
            && let Some(toast) = self.stop_toast.take()
        {
            self.toaster.dismiss(toast);
        }
        if failed == self.failed {
            return None;
        }
        let is_new = |found: &&Failed| !self.failed.contains(found);
        let new: Vec<usize> = failed
            .iter()
            .filter(is_new)
            .map(|new| new.position)
            .collect();
        let was_shown = self
            .toast
            .take()
            .is_some_and(|toast| self.toaster.dismiss(toast));
        self.failed = failed;
        // Why nothing is sent has a toast of its own.
        if self.failed.is_empty() || wishes.is_stopped() {
            return None;
        }
        let is_in_sight = |&position: &usize| sheet.rows[position].is_in_sight();
        if was_shown || new.len() > 1 || !new.iter().all(is_in_sight) {
            self.toast = Some(self.toaster.show(self.toast(wishes, retry)));
            return None;
        }
        new.first().copied()
    }

    fn toast(&self, wishes: &Wishes, retry: Callback<()>) -> Toast {
        let reason = self
            .failed
            .iter()
            .find_map(|failed| failed.reason.as_deref());
        let title = match (reason.is_some(), self.failed.len()) {
            (true, 1) => "One permission was not saved".to_owned(),
            (true, number) => format!("{number} permissions were not saved"),
            (false, 1) => "One permission has no answer".to_owned(),
            (false, number) => format!("{number} permissions have no answer"),
        };
        let reason = reason.unwrap_or(UNKNOWN).to_owned();
        let mut names = String::new();
        for failed in &self.failed {
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(wishes.name(failed.position));
        }
        let text = move || {
            view! {
                <p>
                    <code translate="no">{names.clone()}</code>
                    " "
                    <span>{reason.clone()}</span>
                </p>
            }
        };
        Toast::failure(title).with_view(text).with_retry(retry)
    }

    /// Says, once, why nothing is sent, with a link that leads back.
    pub fn stop(&mut self, why: Stop) {
        let location = window().location();
        let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        let here = in_query(&here);
        let (title, words, href) = match why {
            Stop::SessionEnded => (
                "Your session has ended",
                "Sign in again",
                format!("{SIGN_IN}?next={here}&ended=1"),
            ),
            Stop::PasswordNeeded => (
                "This needs your password",
                "Confirm it is you",
                format!("{CONFIRM}?next={here}"),
            ),
        };
        let text = move || {
            view! {
                <p>
                    <span>"What was not saved is kept in this tab and saved when you are back. "</span>
                    <a class="link" href=href.clone()>{words}</a>
                </p>
            }
        };
        if let Some(toast) = self.stop_toast.take() {
            self.toaster.dismiss(toast);
        }
        let toast = Toast::failure(title).with_view(text);
        self.stop_toast = Some(self.toaster.show(toast));
    }
}
