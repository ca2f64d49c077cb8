//! Files that are being sent: how far they are, and their end. Only for the browser.
//!
//! The browser saves the file, as it does without script. The form names the transfer, and the page asks how far it is (see
//! `http/console/transfers.rs`).

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::browser::find_all;
use super::load_page::call_in_background;
use super::toasts::{Toast, toaster};
use crate::domain::view::{TransferProgress, TransferState};
use crate::ui::addresses::TRANSFERS;
use crate::ui::components::badges::thousands;

/// How often is asked.
const EVERY: Duration = Duration::from_millis(500);

/// After how many questions without an answer the page gives up.
const MOST_UNANSWERED: u32 = 20;

/// The field that names the transfer.
const FIELD: &str = "transfer";

/// A download that the page follows.
#[derive(Clone, Copy)]
struct Download {
    address: StoredValue<String>,
    progress: RwSignal<Option<TransferProgress>>,
    /// The toast that shows it, from the first answer on.
    shown: StoredValue<Option<u64>>,
    /// How many questions in a row had no answer.
    unanswered: StoredValue<u32>,
}

/// Names the transfer of a form that is about to be sent, and follows it.
pub fn follow(form: &HtmlFormElement) {
    let key = format!("{:x}", js_sys::Math::random().to_bits());
    if !name(form, &key) {
        return;
    }
    let download = Download {
        address: StoredValue::new(format!("{TRANSFERS}/{key}")),
        progress: RwSignal::new(None),
        shown: StoredValue::new(None),
        unanswered: StoredValue::new(0),
    };
    download.ask_later();
}

/// Writes the key into the form; the browser reads its fields after this.
fn name(form: &HtmlFormElement, key: &str) -> bool {
    let selector = format!("input[name={FIELD}]");
    let field = find_all::<HtmlInputElement>(form, &selector)
        .into_iter()
        .next();
    let field = field.or_else(|| {
        let field: HtmlInputElement = document().create_element("input").ok()?.dyn_into().ok()?;
        field.set_type("hidden");
        field.set_name(FIELD);
        form.append_child(&field).ok()?;
        Some(field)
    });
    let is_there = field.is_some();
    if let Some(field) = field {
        field.set_value(key);
    }
    is_there
}

impl Download {
    fn ask_later(self) {
        set_timeout(move || spawn_local(self.ask()), EVERY);
    }

    async fn ask(self) {
        let address = self.address.get_value();
        let progress = call_in_background::<Option<TransferProgress>>(&address, "GET").await;
        let Ok(Some(progress)) = progress else {
            self.unanswered.update_value(|count| *count += 1);
            if self.unanswered.get_value() < MOST_UNANSWERED {
                self.ask_later();
            } else {
                self.give_up();
            }
            return;
        };
        self.unanswered.set_value(0);
        self.progress.set(Some(progress));
        if progress.state == TransferState::Sending {
            if self.shown.get_value().is_none() {
                self.shown.set_value(Some(toaster().show(self.toast())));
            }
            self.ask_later();
        } else {
            self.end(progress);
        }
    }

    fn end(self, progress: TransferProgress) {
        toaster().dismiss_kept(self.shown);
        let rows = rows(progress.rows);
        toaster().show(match progress.state {
            TransferState::Complete | TransferState::Sending => {
                Toast::success("The file was sent").with_text(format!("It has {rows}."))
            }
            TransferState::Broken => Toast::failure("The export broke off").with_text(format!(
                "The file is not whole: {rows} were sent. Delete it and export again."
            )),
            TransferState::Cancelled => Toast::success("The export was cancelled")
                .with_text("What the browser has of the file is not whole."),
        });
    }

    /// Without an answer nobody can say what became of the file; what was never known needs no word.
    fn give_up(self) {
        if self.progress.get_untracked().is_some() {
            toaster().dismiss_kept(self.shown);
            toaster().show(Toast::failure("The connection was lost").with_text(
                "Unless the browser says that the file is complete, it is not whole. Delete it and export again.",
            ));
        }
    }

    fn cancel(self) {
        let address = self.address.get_value();
        spawn_local(async move {
            // What cannot be cancelled goes on, and is shown going on.
            let _ = call_in_background::<Option<TransferProgress>>(&address, "POST").await;
        });
    }

    fn toast(self) -> Toast {
        // An `i64` would be a BigInt, which the element refuses.
        let done = move || {
            let progress = self.progress.get();
            let done = progress.map_or(0, |progress| progress.thousandths);
            i32::try_from(done).unwrap_or_default()
        };
        let sent = move || rows(self.progress.get().map_or(0, |progress| progress.rows));
        Toast::progress("Exporting…").with_view(move || {
            view! {
                <progress max="1000" prop:value=done aria-label="Part of the file that was sent"></progress>
                <div class="row">
                    <span class="hint">{sent}</span>
                    <button class="btn small push" type="button" on:click=move |_| self.cancel()>
                        "Cancel export"
                    </button>
                </div>
            }
        })
    }
}

fn rows(count: i64) -> String {
    let noun = if count == 1 { "row" } else { "rows" };
    format!("{} {noun}", thousands(count))
}
