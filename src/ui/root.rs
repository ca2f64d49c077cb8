//! What the document's root element says about the window, in attributes that the stylesheets read: hydrated, offline,
//! loading, and the theme.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_router::hooks::use_location;
use web_sys::HtmlElement;

use super::browser::{IN_BROWSER, ReturnFocus, focus_id, is_offline};
use super::refused::RefusedFormContext;

/// How long a page may be on its way before the window says so.
const TIMEOUTS: Duration = Duration::from_millis(300);

/// The theme that somebody chose, from the cookie; none follows the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme(pub Option<String>);

/// Raised while a page loads more of itself.
#[derive(Clone, Copy)]
struct Loading(RwSignal<bool>);

/// Keeps showing what there was until the next has come, and says in the window that it is on its way.
#[component]
pub fn Reloading<C: IntoView + Send + 'static>(children: TypedChildren<C>) -> impl IntoView {
    let mut transition = TransitionProps::builder().children(children).build();
    // On the server nobody sees it; and whatever is told of it there, even if it does nothing, reads what another
    // thread may be changing, and panics.
    transition.set_pending = IN_BROWSER.then(|| {
        let Loading(loading) = expect_context();
        loading.into()
    });
    Transition(transition)
}

/// Gives a page that answered a refused form its own address, by which the router knows it, in place of the form's.
pub fn take_address() {
    let address = root().and_then(|root| root.get_attribute("data-address"));
    if let (Some(address), Ok(history)) = (address, window().history()) {
        // A browser that refuses shows that no page fits the address.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// The title of a page, as the document takes it.
#[must_use]
pub fn titled(page: String) -> String {
    let title = format!("{page} · Claviger");
    if IN_BROWSER {
        return title;
    }
    // The framework writes a title into the document as it is, and names come from people.
    title.replace('&', "&amp;").replace('<', "&lt;")
}

/// The theme that is chosen: `system`, `light` or `dark`.
#[must_use]
pub fn theme() -> String {
    let chosen = if IN_BROWSER {
        root().and_then(|root| root.get_attribute("data-theme"))
    } else {
        use_context().and_then(|Theme(name)| name)
    };
    chosen.unwrap_or_else(|| "system".to_owned())
}

/// Shows a theme at once.
pub fn show_theme(theme: &str) {
    set_root_attribute("data-theme", (theme != "system").then_some(theme));
}

/// Keeps the root element's attributes true, and moves the focus to each page that is reached without a full load.
pub fn follow_window(is_routing: Signal<bool>) {
    let loading = RwSignal::new(false);
    let return_focus = ReturnFocus(StoredValue::new(None));
    provide_context(Loading(loading));
    provide_context(return_focus);

    Effect::new(|| {
        set_root_attribute("data-hydrated", Some(""));
        let show_net = || set_root_attribute("data-net", is_offline().then_some("offline"));
        show_net();
        window_event_listener(ev::online, move |_| show_net());
        window_event_listener(ev::offline, move |_| show_net());
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
    let RefusedFormContext(came_back) = expect_context();
    Effect::new(move |previous: Option<String>| {
        let on_its_way = is_routing.get();
        let here = path.get_untracked();
        match previous {
            Some(previous) if on_its_way => previous,
            Some(previous) if previous != here => {
                came_back.set_value(None);
                move_focus(return_focus);
                here
            }
            _ => here,
        }
    });
}

/// Moves the focus to the page, or to the link that led to a dialog when the dialog was closed.
fn move_focus(closed_dialog: ReturnFocus) {
    // The new page is put in place first, and the closed dialog says its address as it goes.
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
            // Where it cannot go, it stays.
            Some(link) => drop(link.focus()),
            None => focus_id("main"),
        }
    });
}

fn root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Writes an attribute of the root element, or takes it away.
fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = root() else { return };
    // Neither can fail for these names.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}
