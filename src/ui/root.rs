//! Attributes of the document's root element for the stylesheets: hydrated, offline, loading, and the theme.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_router::hooks::use_location;
use web_sys::HtmlElement;

use super::browser::{IN_BROWSER, ReturnFocus, focus_id, is_offline};
use super::refused::RefusedFormContext;

/// How long a navigation may take before the loading indicator appears.
const TIMEOUTS: Duration = Duration::from_millis(300);

/// The theme of the cookie; none follows the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme(pub Option<String>);

/// Set while a page loads data.
#[derive(Clone, Copy)]
struct Loading(RwSignal<bool>);

/// A `Transition`: shows the previous contents until the next are loaded, with the loading indicator.
#[component]
pub fn Reloading<C: IntoView + Send + 'static>(children: TypedChildren<C>) -> impl IntoView {
    let mut transition = TransitionProps::builder().children(children).build();
    // On the server the indicator is not needed, and a `set_pending` callback, even an empty one, reads state that
    // another thread may be writing, and panics.
    transition.set_pending = IN_BROWSER.then(|| {
        let Loading(loading) = expect_context();
        loading.into()
    });
    Transition(transition)
}

/// Replaces the form's address by the page's own after a refused form, because the router matches by address.
pub fn restore_page_address() {
    let address = root().and_then(|root| root.get_attribute("data-address"));
    if let (Some(address), Ok(history)) = (address, window().history()) {
        // On failure the router shows the not-found page.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// The title of a page.
#[must_use]
pub fn titled(page: String) -> String {
    let title = format!("{page} · Claviger");
    if IN_BROWSER {
        return title;
    }
    // The framework does not escape a title, and names are user input.
    title.replace('&', "&amp;").replace('<', "&lt;")
}

/// The chosen theme: `system`, `light` or `dark`.
#[must_use]
pub fn theme() -> String {
    let chosen = if IN_BROWSER {
        root().and_then(|root| root.get_attribute("data-theme"))
    } else {
        use_context().and_then(|Theme(name)| name)
    };
    chosen.unwrap_or_else(|| "system".to_owned())
}

/// Applies a theme.
pub fn show_theme(theme: &str) {
    set_root_attribute("data-theme", (theme != "system").then_some(theme));
}

/// Updates the root element's attributes, and moves the focus after each client-side navigation.
pub fn follow_window(is_routing: Signal<bool>) {
    let loading = RwSignal::new(false);
    let return_focus = ReturnFocus(StoredValue::new(None));
    provide_context(Loading(loading));
    provide_context(return_focus);

    Effect::new(|| {
        set_root_attribute("data-hydrated", Some(""));
        let update_offline = || set_root_attribute("data-net", is_offline().then_some("offline"));
        update_offline();
        window_event_listener(ev::online, move |_| update_offline());
        window_event_listener(ev::offline, move |_| update_offline());
    });

    let is_pending = Memo::new(move |_| is_routing.get() || loading.get());
    Effect::new(move || {
        if !is_pending.get() {
            set_root_attribute("data-nav", None);
            return;
        }
        set_timeout(
            move || {
                if is_pending.get_untracked() {
                    set_root_attribute("data-nav", Some("pending"));
                }
            },
            TIMEOUTS,
        );
    });

    let path = use_location().pathname;
    let RefusedFormContext(refused_form) = expect_context();
    Effect::new(move |previous: Option<String>| {
        let on_its_way = is_routing.get();
        let here = path.get_untracked();
        match previous {
            Some(previous) if on_its_way => previous,
            Some(previous) if previous != here => {
                refused_form.set_value(None);
                move_focus(return_focus);
                here
            }
            _ => here,
        }
    });
}

/// Moves the focus to the page, or to the link that led to a dialog when the dialog was closed.
fn move_focus(closed_dialog: ReturnFocus) {
    // In the next frame: the new page is rendered, and the cleanup of the closed dialog has stored its address.
    request_animation_frame(move || {
        let address = closed_dialog.0.try_update_value(Option::take).flatten();
        let opener = address.and_then(|address| {
            let link = format!("#main a[href=\"{address}\"]");
            document()
                .query_selector(&link)
                .ok()
                .flatten()?
                .dyn_into::<HtmlElement>()
                .ok()
        });
        match opener {
            // On failure the focus stays.
            Some(link) => drop(link.focus()),
            None => focus_id("main"),
        }
    });
}

fn root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Sets an attribute of the root element, or removes it.
fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = root() else { return };
    // Neither fails for valid names.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}
