//! Toasts: short messages over the page, about acts that do not leave it. The page shows the same information elsewhere.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::components::icon::Icon;
use crate::ui::components::notice::Tone;

/// How long a success is shown.
const SUCCESS_DURATION: Duration = Duration::from_secs(5);

/// The most toasts at a time, but for those of what is under way.
const MOST_TOASTS: usize = 3;

/// One message.
#[derive(Clone)]
pub struct Toast {
    title: String,
    text: Option<ViewFn>,
    retry: Option<Callback<()>>,
    kind: ToastKind,
}

/// What a message is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ToastKind {
    Success,
    Failure,
    Progress,
}

/// Which toast is removed for another one: the oldest success, else the oldest failure. What is under way stays, because its
/// toast is where it can be cancelled; so there may be more than [`MOST_TOASTS`] of those.
fn position_to_remove(kinds: &[ToastKind]) -> Option<usize> {
    let first = |wanted: ToastKind| kinds.iter().position(|kind| *kind == wanted);
    let is_full = kinds.len() >= MOST_TOASTS;
    let oldest = || first(ToastKind::Success).or_else(|| first(ToastKind::Failure));
    is_full.then(oldest).flatten()
}

impl Toast {
    /// A success. It disappears by itself.
    pub fn success(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: None,
            retry: None,
            kind: ToastKind::Success,
        }
    }

    /// A failure. It stays until dismissed.
    pub fn failure(title: impl Into<String>) -> Self {
        Self {
            kind: ToastKind::Failure,
            ..Self::success(title)
        }
    }

    /// Something that is under way. It stays until dismissed, and is not announced as it changes.
    pub fn progress(title: impl Into<String>) -> Self {
        Self {
            kind: ToastKind::Progress,
            ..Self::success(title)
        }
    }

    /// Adds a sentence.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.with_view(move || text.clone())
    }

    /// Adds a sentence with markup.
    #[must_use]
    pub fn with_view(mut self, text: impl Into<ViewFn>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Adds a button to retry.
    #[must_use]
    pub fn with_retry(mut self, retry: Callback<()>) -> Self {
        self.retry = Some(retry);
        self
    }
}

/// The toasts of the page.
#[derive(Clone, Copy)]
pub struct Toaster {
    shown: RwSignal<Vec<(u64, Toast)>>,
    next: StoredValue<u64>,
}

impl Toaster {
    /// Without toasts.
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    /// Shows a toast and returns its number. When there are too many, one of them is removed.
    pub fn show(self, toast: Toast) -> u64 {
        let number = self.next.try_update_value(|next| {
            *next += 1;
            *next
        });
        let number = number.unwrap_or_default();
        self.shown.try_update(|shown| {
            let kinds: Vec<ToastKind> = shown.iter().map(|(_, toast)| toast.kind).collect();
            if let Some(position) = position_to_remove(&kinds) {
                shown.remove(position);
            }
            shown.push((number, toast));
        });
        number
    }

    /// Removes the toast whose number is kept, and keeps none.
    pub fn dismiss_kept(self, kept: StoredValue<Option<u64>>) {
        let number = kept.try_update_value(Option::take).flatten();
        if let Some(number) = number {
            self.dismiss(number);
        }
    }

    /// Removes a toast. False when it was not shown any more.
    pub fn dismiss(self, number: u64) -> bool {
        let is_it = |(shown, _): &(u64, Toast)| *shown == number;
        let shown = self.shown;
        let is_shown = shown.try_with_untracked(|shown| shown.iter().any(is_it)) == Some(true);
        if is_shown {
            shown.try_update(|shown| shown.retain(|toast| !is_it(toast)));
        }
        is_shown
    }
}

impl Default for Toaster {
    fn default() -> Self {
        Self::new()
    }
}

/// Provides the toasts of the page, for all islands.
pub fn provide() {
    provide_context(Toaster::new());
}

/// The toasts of the page.
#[must_use]
pub fn toaster() -> Toaster {
    use_context().unwrap_or_default()
}

/// Shows toasts. Their list is made for the first one: most pages never show any.
#[island]
pub fn Toasts() -> impl IntoView {
    let shown = toaster().shown;
    Effect::new(move |is_mounted: Option<bool>| {
        if is_mounted == Some(true) {
            return true;
        }
        let is_due = !shown.read().is_empty();
        if is_due {
            mount_to_body(|| view! { <ToastList/> });
        }
        is_due
    });
}

/// The toasts that are shown. They never take the focus.
#[component]
fn ToastList() -> impl IntoView {
    let toaster = toaster();
    view! {
        <div class="toasts stack tight" role="region" aria-label="Notifications">
            <For each=move || toaster.shown.get() key=|(number, _)| *number let((number, toast))>
                <ToastCard toaster number toast/>
            </For>
        </div>
    }
}

/// One toast.
#[component]
fn ToastCard(toaster: Toaster, number: u64, toast: Toast) -> impl IntoView {
    let held = RwSignal::new(false);
    let leaves = toast.kind == ToastKind::Success;
    let leave_later = move || {
        if leaves {
            set_timeout(
                move || {
                    if held.try_get_untracked() == Some(false) {
                        toaster.dismiss(number);
                    }
                },
                SUCCESS_DURATION,
            );
        }
    };
    let hold = move || held.set(true);
    let release = move || {
        held.set(false);
        leave_later();
    };
    Effect::new(leave_later);

    let (tone, icon, role) = match toast.kind {
        ToastKind::Failure => (Tone::Danger, "warn", "alert"),
        ToastKind::Success => (Tone::Accent, "check", "status"),
        ToastKind::Progress => (Tone::Neutral, "download", "group"),
    };
    view! {
        <div
            class="toast"
            data-tone=tone.as_str()
            role=role
            on:pointerenter=move |_| hold()
            on:pointerleave=move |_| release()
            on:focusin=move |_| hold()
            on:focusout=move |_| release()
        >
            <Icon name=icon/>
            <div>
                <strong>{toast.title}</strong>
                {toast.text.map(|text| text.run())}
                {toast.retry.map(|retry| view! { <RetryRow toaster retry number/> })}
            </div>
            <button class="icon-btn" type="button" aria-label="Dismiss" on:click=move |_| { toaster.dismiss(number); }>
                <Icon name="x"/>
            </button>
        </div>
    }
}

/// The button to retry.
#[component]
fn RetryRow(toaster: Toaster, retry: Callback<()>, number: u64) -> impl IntoView {
    let again = move |_| {
        toaster.dismiss(number);
        retry.run(());
    };
    view! {
        <div class="row">
            <button class="btn small" type="button" on:click=again>
                <Icon name="retry"/>
                "Retry"
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::ToastKind::{Failure, Progress, Success};
    use super::*;

    #[test]
    fn the_oldest_success_goes_and_else_the_oldest_failure() {
        assert_eq!(position_to_remove(&[Failure, Success]), None);
        assert_eq!(position_to_remove(&[Failure, Success, Success]), Some(1));
        assert_eq!(position_to_remove(&[Failure, Failure, Failure]), Some(0));
    }

    #[test]
    fn what_is_under_way_stays() {
        assert_eq!(position_to_remove(&[Progress, Failure, Failure]), Some(1));
        assert_eq!(position_to_remove(&[Progress, Failure, Success]), Some(2));
        assert_eq!(position_to_remove(&[Progress, Progress, Progress]), None);
    }
}
