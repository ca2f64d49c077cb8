//! The document, for islands and listeners. Only for the browser.

use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, EventTarget, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, UrlSearchParams,
};

/// Whether the browser reports that it is offline.
#[must_use]
pub fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// The first element that matches a selector.
#[must_use]
pub fn find<E: JsCast>(selector: &str) -> Option<E> {
    let found = document().query_selector(selector).ok().flatten()?;
    found.dyn_into().ok()
}

/// All elements that match a selector below another element.
#[must_use]
pub fn find_all<E: JsCast>(below: &Element, selector: &str) -> Vec<E> {
    let Ok(found) = below.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into().ok())
        .collect()
}

/// The nearest element around the target of an event that matches a selector.
#[must_use]
pub fn around<E: JsCast>(event: &Event, selector: &str) -> Option<E> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()?.dyn_into().ok()
}

/// Whether a selection reaches into an element.
#[must_use]
pub fn is_selected(element: &Element) -> bool {
    let selection = document().get_selection().ok().flatten();
    selection.is_some_and(|selection| {
        !selection.is_collapsed()
            && selection
                .contains_node_with_allow_partial_containment(element, true)
                .unwrap_or(false)
    })
}

/// Whether a field below an element differs from what the server sent, for those fields that a condition lets through.
#[must_use]
pub fn has_changed_field(below: &Element, counts: impl Fn(&Element) -> bool) -> bool {
    find_all(below, "input, select, textarea")
        .iter()
        .any(|field| counts(field) && is_changed(field))
}

fn is_changed(field: &Element) -> bool {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "hidden" => false,
            "checkbox" | "radio" => input.checked() != input.default_checked(),
            _ => input.value() != input.default_value(),
        };
    }
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        return area.default_value() != Ok(area.value());
    }
    field
        .dyn_ref::<HtmlSelectElement>()
        .is_some_and(|select| sent_choice(select).is_some_and(|sent| sent != select.value()))
}

/// The value of the option that the server marked as selected; where it marked none, a browser shows the first.
fn sent_choice(select: &HtmlSelectElement) -> Option<String> {
    let option = |selector| select.query_selector(selector).ok().flatten();
    let sent = option("option[selected]").or_else(|| option("option"));
    sent.and_then(|option| option.get_attribute("value"))
}

/// Listens to an event of an element, for as long as the page is there; also to one that does not bubble.
pub fn listen(element: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    // It fails for no valid name.
    let _ = element.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Focuses an element; when that fails, the focus stays.
pub fn focus(element: &HtmlElement) {
    let _ = element.focus();
}

/// Sets an attribute of the root element, or removes it; the stylesheets look at it.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else {
        return;
    };
    // Neither fails for valid names.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Gives a page that answers a refused form its own address, so that reloading it sends nothing again.
pub fn take_page_address() {
    let root = document().document_element();
    let address = root.and_then(|root| root.get_attribute("data-address"));
    if let (Some(address), Ok(history)) = (address, window().history()) {
        // When that fails, reloading asks whether to send the form again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// The parameters of an address that only say what has just been done.
const NOTICES: [&str; 6] = ["saved", "created", "changed", "restored", "revoked", "done"];

/// Takes what has just been done out of the address, so that reloading or keeping it says nothing untrue.
pub fn forget_notices() {
    let location = window().location();
    let (Ok(path), Ok(query), Ok(history)) =
        (location.pathname(), location.search(), window().history())
    else {
        return;
    };
    let Ok(parameters) = UrlSearchParams::new_with_str(&query) else {
        return;
    };
    if !NOTICES.iter().any(|name| parameters.has(name)) {
        return;
    }
    for name in NOTICES {
        parameters.delete(name);
    }
    let rest = String::from(parameters.to_string());
    let address = if rest.is_empty() {
        path
    } else {
        path + "?" + &rest
    };
    // When that fails, reloading says it again.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}

/// Says a sentence to assistive technology, in the live region of the frame.
pub fn announce(sentence: &str) {
    if let Some(region) = find::<Element>("#announcements") {
        region.set_text_content(Some(sentence));
    }
}
