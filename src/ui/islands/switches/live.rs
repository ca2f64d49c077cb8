//! Moves of the switches, their requests, and what becomes of them. Only for the browser.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, Storage, UrlSearchParams};

use super::failures::Failures;
use super::filter::PermissionFilter;
use super::group::{GroupAction, Question};
use super::row::Row;
use super::sheet::Sheet;
use super::wishes::{Request, Stop, Wishes};
use crate::ui::api::permissions::{HeldPermissions, SetPermissions};
use crate::ui::api::{ApiRefusal, RefusalReason};
use crate::ui::islands::browser::{announce, around, is_offline, listen};
use crate::ui::islands::fetch;
use crate::ui::islands::toasts::{Toaster, toaster};

/// How long "Saved" is shown.
const SAVED_DURATION: Duration = Duration::from_secs(2);

/// The page, for everything that happens to it.
#[derive(Clone, Copy)]
pub struct Live {
    page: StoredValue<Option<LivePage>, LocalStorage>,
    /// The question before a grant of high risk.
    pub question: RwSignal<Option<Question>>,
}

/// What is known of the page.
pub struct LivePage {
    /// The markup.
    pub sheet: Sheet,
    /// What is wanted.
    pub wishes: Wishes,
    /// The filter.
    pub filter: PermissionFilter,
    failures: Failures,
    /// The client.
    id: String,
    /// Where the wishes are kept when the page is left: by client and administrator.
    storage_key: String,
    /// Asks before the page is left.
    guard: JsValue,
    is_guarded: bool,
}

impl Live {
    /// Before the page is read.
    pub fn new() -> Self {
        Self {
            page: StoredValue::new_local(None),
            question: RwSignal::new(None),
        }
    }

    /// Calls a function with the page, if there is one. It must not call this again.
    pub fn with<R>(self, act: impl FnOnce(&mut LivePage) -> R) -> Option<R> {
        self.page
            .try_update_value(|page| page.as_mut().map(act))
            .flatten()
    }

    /// Reads the page, follows it, and says on the form that it is alive.
    pub fn start(self) {
        let Some(sheet) = Sheet::read() else { return };
        let form = sheet.form.clone();
        self.page.set_value(Some(LivePage::new(sheet, toaster())));
        listen(&form, "change", move |event| {
            if let Some(input) = around::<HtmlInputElement>(&event, "input.switch") {
                self.moved(&input);
            }
        });
        listen(&form, "click", move |event| {
            if let Some(button) = around::<HtmlElement>(&event, "[name=\"form[group]\"]") {
                event.prevent_default();
                self.press_group(&button);
            } else if let Some(row) = around::<HtmlElement>(&event, "[data-retry]") {
                self.retry_row(&row);
            }
        });
        // Enter in a switch sends its form (HTML, "implicit submission").
        listen(&form, "submit", |event| event.prevent_default());
        window_event_listener(ev::online, move |_| {
            self.with(LivePage::ask_again_all);
            self.send();
        });
        window_event_listener_untyped("pagehide", move |_| {
            self.with(|page| page.keep_unsaved());
        });
        // A page from the back-forward cache still knows what it wants.
        window_event_listener_untyped("pageshow", move |_| {
            self.with(|page| page.storage(Storage::remove_item));
        });
        let _ = form.set_attribute("data-live", "");
        self.with(LivePage::take_up);
        self.send();
    }

    /// Wants switches on or off.
    pub fn wish(self, positions: &[usize], on: bool) {
        self.with(|page| {
            for &position in positions {
                page.wishes.wish(position, on);
            }
            if is_offline() {
                page.wishes
                    .set_back(positions, on, "Not saved: you are offline.");
            }
        });
        self.send();
    }

    /// Tries again what was not saved.
    pub fn retry_all(self) {
        self.with(|page| {
            for position in page.failures.positions() {
                page.wishes.retry(position);
            }
        });
        self.send();
    }

    fn moved(self, input: &HtmlInputElement) {
        let position = self.with(|page| page.wishes.position(&input.value()));
        if let Some(position) = position.flatten() {
            self.wish(&[position], input.checked());
        }
    }

    fn retry_row(self, button: &HtmlElement) {
        self.with(|page| {
            let row = |row: &Row| row.element.contains(Some(button));
            if let Some(position) = page.sheet.rows.iter().position(row) {
                page.wishes.retry(position);
            }
        });
        self.send();
    }

    fn press_group(self, button: &HtmlElement) {
        let action = self.with(|page| page.sheet.action_of(button, &page.wishes));
        match action.flatten() {
            Some((GroupAction::Remove(positions), _)) => self.wish(&positions, false),
            Some((GroupAction::Grant { harmless, risky }, _)) if risky.is_empty() => {
                self.wish(&harmless, true);
            }
            Some((GroupAction::Grant { harmless, risky }, heading)) => {
                let labels = self.with(|page| {
                    let label = |&position: &usize| page.sheet.rows[position].label.clone();
                    risky.iter().map(label).collect::<Vec<_>>()
                });
                self.question.set(Some(Question {
                    heading,
                    labels: labels.unwrap_or_default(),
                    harmless,
                    risky,
                }));
            }
            Some((GroupAction::Nothing, _)) | None => {}
        }
    }

    /// Sends what is to be sent, and shows where everything stands.
    pub fn send(self) {
        while let Some(Some(request)) = self.with(|page| page.wishes.next_request()) {
            let fields = self.with(|page| page.fields(&request)).flatten();
            spawn_local(async move {
                let answer = match fields {
                    Some(fields) => fetch::post(SetPermissions::PATH, &fields).await,
                    None => return,
                };
                self.take(request, answer);
            });
        }
        let retry = Callback::new(move |()| self.retry_all());
        self.with(|page| page.paint(retry));
    }

    /// Takes the answer of a request.
    fn take(self, request: Request, answer: Result<HeldPermissions, ApiRefusal>) {
        match answer {
            Ok(held) => self.saved(&request, &held),
            Err(refusal) if refusal.is_sign_in_required() => {
                self.with(|page| page.stop(&request, Stop::SessionEnded));
            }
            Err(refusal) if refusal.is_password_needed() => {
                self.with(|page| page.stop(&request, Stop::PasswordNeeded));
            }
            Err(ApiRefusal {
                reason: RefusalReason::Refused(problem),
                ..
            }) => {
                let reason = format!("Not saved. {}", problem.detail);
                self.with(|page| page.wishes.refused(&request, &reason));
            }
            Err(_) => self.ask_later(request),
        }
        self.send();
    }

    fn saved(self, request: &Request, held: &HeldPermissions) {
        let saved = self.with(|page| {
            let saved = page
                .wishes
                .answered(request, &held.permissions, held.version.0);
            page.announce_saved(&saved, request.on);
            saved
        });
        let saved = saved.unwrap_or_default();
        set_timeout(
            move || {
                self.with(|page| page.wishes.fade(&saved));
                self.send();
            },
            SAVED_DURATION,
        );
    }

    fn ask_later(self, request: Request) {
        let after = self.with(|page| page.wishes.unanswered(&request)).flatten();
        let Some(seconds) = after else { return };
        set_timeout(
            move || {
                // Offline, it is asked when the connection returns.
                if !is_offline() {
                    self.with(|page| page.wishes.ask_again(request.positions));
                    self.send();
                }
            },
            Duration::from_secs(seconds.into()),
        );
    }
}

impl LivePage {
    fn new(sheet: Sheet, toaster: Toaster) -> Self {
        let attribute = |name| sheet.form.get_attribute(name).unwrap_or_default();
        let id = attribute("data-client");
        let storage_key = format!("claviger-switches {id} {}", attribute("data-admin"));
        let switches = sheet.rows.iter();
        let switches = switches.map(|row| (row.name.clone(), row.input.default_checked()));
        Self {
            wishes: Wishes::new(switches),
            filter: PermissionFilter::default(),
            failures: Failures::new(toaster),
            id,
            storage_key,
            // A text that is returned asks whether to leave; browsers show their own words.
            guard: Closure::<dyn Fn() -> String>::new(|| "unsaved".to_owned()).into_js_value(),
            is_guarded: false,
            sheet,
        }
    }

    /// Takes up what was not saved when the page was left, then what was moved before it was live.
    fn take_up(&mut self) {
        let unsaved = self.storage(|storage, key| {
            let unsaved = storage.get_item(key)?;
            storage.remove_item(key)?;
            Ok(unsaved.unwrap_or_default())
        });
        let is_fixed = |row: &Row| row.input.disabled();
        if !self.sheet.rows.iter().all(is_fixed) {
            self.wishes.take_up(&unsaved.unwrap_or_default());
        }
        for (position, row) in self.sheet.rows.iter().enumerate() {
            if row.input.checked() != row.input.default_checked() {
                self.wishes.wish(position, row.input.checked());
            }
        }
    }

    fn fields(&self, request: &Request) -> Option<UrlSearchParams> {
        let fields = UrlSearchParams::new().ok()?;
        fields.append("id", &self.id);
        let on = if request.on { "true" } else { "false" };
        for (index, &position) in request.positions.iter().enumerate() {
            fields.append(
                &format!("switches[{index}][permission]"),
                self.wishes.name(position),
            );
            fields.append(&format!("switches[{index}][on]"), on);
        }
        Some(fields)
    }

    fn ask_again_all(&mut self) {
        self.wishes.ask_again(0..self.sheet.rows.len());
    }

    fn paint(&mut self, retry: Callback<()>) {
        let loud = self.failures.update(&self.sheet, &self.wishes, retry);
        for (position, row) in self.sheet.rows.iter_mut().enumerate() {
            row.paint(self.wishes.shown(position), loud == Some(position));
        }
        self.sheet.paint_counts(&self.wishes);
        self.sheet.paint_buttons(&self.wishes, &self.filter);
        let is_guarded = !self.wishes.is_stopped() && !self.wishes.unsaved().is_empty();
        if is_guarded != self.is_guarded {
            self.is_guarded = is_guarded;
            let guard = is_guarded.then(|| self.guard.unchecked_ref());
            window().set_onbeforeunload(guard);
        }
    }

    fn announce_saved(&self, saved: &[usize], on: bool) {
        let done = if on { "granted" } else { "removed" };
        match saved {
            [] => {}
            [position] => announce(&format!("{}: {done}.", self.sheet.rows[*position].label)),
            several => announce(&format!("{} permissions {done}.", several.len())),
        }
    }

    fn stop(&mut self, request: &Request, why: Stop) {
        self.wishes.stop(request, why);
        self.keep_unsaved();
        self.failures.stop(why);
    }

    /// Keeps what is not saved, for the next time the page is live in this tab.
    fn keep_unsaved(&self) {
        let unsaved = self.wishes.unsaved();
        self.storage(|storage, key| {
            if unsaved.is_empty() {
                storage.remove_item(key)
            } else {
                storage.set_item(key, &unsaved)
            }
        });
    }

    fn storage<R>(&self, act: impl FnOnce(&Storage, &str) -> Result<R, JsValue>) -> Option<R> {
        let storage = window().session_storage().ok().flatten()?;
        act(&storage, &self.storage_key).ok()
    }
}
