//! The row of one permission. Only for the browser.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::wishes::{Shown, State};
use crate::ui::islands::browser::focus;

/// What is beside a switch that is being saved.
const SAVING: &str = r#"<span class="spinner"></span><span>Saving…</span>"#;

/// What is beside a switch that was saved.
const SAVED: &str = r##"<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#check"></use></svg><span>Saved</span>"##;

/// What is beside a switch that was not saved.
const RETRY: &str = r##"<button class="btn small" type="button" data-retry><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#retry"></use></svg><span>Retry</span></button>"##;

/// The beginning of a message below a row.
const WARNING: &str = r##"<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#warn"></use></svg><span></span>"##;

/// What is said when no answer came.
pub const UNKNOWN: &str = "It is not known whether this was saved.";

/// One permission.
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The row.
    pub element: HtmlElement,
    /// The switch.
    pub input: HtmlInputElement,
    /// Whether it is of high risk.
    pub is_risky: bool,
    /// Whether it can only be removed.
    pub is_retired: bool,
    /// The position when the filter was chosen.
    pub was_on: bool,
    shown: State,
}

impl Row {
    /// The row around a switch.
    #[must_use]
    pub fn read(input: HtmlInputElement) -> Option<Self> {
        let element = input.closest(".perm").ok().flatten()?;
        let label = element.query_selector("[data-label]").ok().flatten();
        Some(Self {
            name: input.value(),
            label: label
                .and_then(|label| label.text_content())
                .unwrap_or_default(),
            element: element.dyn_into().ok()?,
            is_risky: input.has_attribute("data-risky"),
            is_retired: input.has_attribute("data-retired"),
            was_on: input.default_checked(),
            input,
            shown: State::Settled,
        })
    }

    /// Whether the filter shows it.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        !self.element.hidden()
    }

    /// Whether a person sees it at the moment.
    #[must_use]
    pub fn is_in_sight(&self) -> bool {
        let bounds = self.element.get_bounding_client_rect();
        let height = window().inner_height().ok();
        let height = height
            .and_then(|height| height.as_f64())
            .unwrap_or_default();
        bounds.height() > 0.0 && bounds.top() >= 0.0 && bounds.bottom() <= height
    }

    /// Writes what the row shows. `is_loud` has its message announced.
    pub fn paint(&mut self, Shown { on, state }: Shown, is_loud: bool) {
        if self.input.checked() != on {
            self.input.set_checked(on);
        }
        if self.is_retired {
            self.input.set_disabled(state == State::Settled && !on);
        }
        if self.shown == state {
            return;
        }
        let (word, contents) = match &state {
            State::Settled => (None, ""),
            State::Saving => (Some("saving"), SAVING),
            State::Saved => (Some("saved"), SAVED),
            State::Refused(_) => (Some("failed"), RETRY),
            State::Unknown { is_asking: true } => (Some("unknown"), SAVING),
            State::Unknown { is_asking: false } => (Some("unknown"), RETRY),
        };
        let _ = match word {
            Some(word) => self.element.set_attribute("data-state", word),
            None => self.element.remove_attribute("data-state"),
        };
        self.write_state(contents);
        self.write_message(
            match &state {
                State::Refused(sentence) => Some(sentence),
                State::Unknown { .. } => Some(UNKNOWN),
                _ => None,
            },
            is_loud,
        );
        self.shown = state;
    }

    fn write_state(&self, contents: &str) {
        let Some(beside) = self.find(".state") else {
            return;
        };
        // The button that has the focus is about to be removed.
        let is_focused = matches!(beside.query_selector(":focus"), Ok(Some(_)));
        beside.set_inner_html(contents);
        if is_focused {
            focus(&self.input);
        }
    }

    fn write_message(&self, sentence: Option<&str>, is_loud: bool) {
        let message = self.find(".error");
        let Some(sentence) = sentence else {
            let _ = self.input.remove_attribute("aria-describedby");
            if let Some(message) = message {
                message.remove();
            }
            return;
        };
        let Some(message) = message.or_else(|| document().create_element("p").ok()) else {
            return;
        };
        let text = message.query_selector("span").ok().flatten();
        let text = text.and_then(|text| text.text_content());
        if text.as_deref() == Some(sentence) {
            // Written again, it would be announced again.
            return;
        }
        let id = format!("err-{}", self.name);
        let _ = self.input.set_attribute("aria-describedby", &id);
        let _ = message.set_attribute("class", "error");
        message.set_id(&id);
        if is_loud {
            let _ = message.set_attribute("role", "alert");
        }
        message.set_inner_html(WARNING);
        if let Ok(Some(text)) = message.query_selector("span") {
            text.set_text_content(Some(sentence));
        }
        let _ = self.element.append_child(&message);
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.element.query_selector(selector).ok().flatten()
    }
}
