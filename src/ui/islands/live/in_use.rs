//! Which elements the user interacts with (focus, selection, open dialog, hover): updates are deferred there, and they do not move.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use super::super::browser::{has_changed_field, is_selected};

/// What somebody is about to press, or has open or under way.
const BUSY: &str = "dialog[open], :popover-open, form[aria-busy], a:hover, button:hover, label:hover, summary:hover";

/// What would be lost: a shown secret, and a form as it was refused.
const KEPT: &str = "[data-keep], [data-open], [role=\"alert\"]";

/// Whether somebody is in an element: the focus, a selection, an open dialog, a form under way, or a pointer on what can be
/// pressed. It passes by itself.
pub fn is_in_use(element: &Element) -> bool {
    let focus = document().active_element();
    let has_focus = focus.is_some_and(|focus| element.contains(Some(&focus)));
    has_focus || is_selected(element) || has(element, BUSY)
}

/// Whether writing an element anew would lose what somebody typed there, or what is shown once.
pub fn is_kept(element: &Element) -> bool {
    has(element, KEPT)
        || has_changed_field(element, |field| {
            field.closest(CLOSED).is_ok_and(|closed| closed.is_none())
        })
}

/// Whether the element, or one below it, matches.
fn has(element: &Element, selector: &str) -> bool {
    element.matches(selector).unwrap_or(false)
        || element.query_selector(selector).ok().flatten().is_some()
}

/// What is typed into a dialog is given up when the dialog is closed.
const CLOSED: &str = "dialog:not([open], :popover-open)";

/// What somebody looks at or types into, and where it was on the screen.
pub struct Anchor(Option<(Element, f64)>);

impl Anchor {
    /// The field that has the focus, else what is under the pointer.
    pub fn take() -> Self {
        let field = document()
            .active_element()
            .filter(|focus| focus.matches("input, select, textarea").unwrap_or(false));
        let hovered = || {
            let below = document().query_selector_all("main :hover").ok()?;
            below.item(below.length().checked_sub(1)?)?.dyn_into().ok()
        };
        let element: Option<Element> = field.or_else(hovered);
        Self(element.map(|element| {
            let top = element.get_bounding_client_rect().top();
            (element, top)
        }))
    }

    /// Scrolls so that it is where it was, before the page is painted again.
    pub fn hold(self) {
        let Some((element, top)) = self.0 else { return };
        request_animation_frame(move || {
            if element.is_connected() {
                let moved = element.get_bounding_client_rect().top() - top;
                if moved.abs() >= 1.0 {
                    window().scroll_by_with_x_and_y(0.0, moved);
                }
            }
        });
    }
}
