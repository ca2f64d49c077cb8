//! Dialogs: makes the dialog of a page modal and returns the focus to the link that opened it; forgets what was typed
//! into a popover that was closed.

use leptos::prelude::*;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlFormElement};

use super::browser::{find, find_all, focus, listen};

/// Where the address of the last dialog is kept until the page below is shown.
const OPENED: &str = "claviger-dialog";

/// Starts the dialogs of the page.
pub fn start() {
    match find::<HtmlDialogElement>("dialog[open][data-close]") {
        Some(dialog) => show_modal(&dialog),
        None => return_focus(),
    }
    let Some(body) = document().body() else {
        return;
    };
    for popover in find_all::<HtmlElement>(&body, "dialog[popover]") {
        forget_when_closed(&popover);
        if popover.has_attribute("data-open") {
            open(&popover);
        }
    }
}

/// Shows the page's dialog as a modal one; Escape leads to the page below.
fn show_modal(dialog: &HtmlDialogElement) {
    let storage = window().session_storage().ok().flatten();
    let location = window().location();
    if let (Some(storage), Ok(path), Ok(query)) = (storage, location.pathname(), location.search())
    {
        // Without storage the focus starts at the top of the page below.
        let _ = storage.set_item(OPENED, &(path + &query));
    }
    // `showModal` fails on an open dialog; `close` would fire a close event.
    let _ = dialog.remove_attribute("open");
    let _ = dialog.show_modal();
    let below = dialog.get_attribute("data-close").unwrap_or_default();
    listen(dialog, "cancel", move |event| {
        event.prevent_default();
        let _ = window().location().set_href(&below);
    });
}

/// Gives the focus to the link to the dialog before, if this page has it.
fn return_focus() {
    let Some(storage) = window().session_storage().ok().flatten() else {
        return;
    };
    let opened = storage.get_item(OPENED).ok().flatten();
    let _ = storage.remove_item(OPENED);
    let Some(address) = opened else { return };
    let links = document()
        .get_element_by_id("main")
        .map(|main| find_all::<HtmlElement>(&main, "a[href]"))
        .unwrap_or_default();
    let leads_there = |link: &&HtmlElement| link.get_attribute("href").as_ref() == Some(&address);
    if let Some(link) = links.iter().find(leads_there) {
        focus(link);
    }
}

/// Opens a popover through its own button, so that it knows where the focus came from.
fn open(popover: &HtmlElement) {
    let button = find::<HtmlElement>(&format!("[popovertarget=\"{}\"]", popover.id()));
    if let Some(button) = button {
        button.click();
    }
}

/// When a popover is closed, its form is as the server sent it; one that answers a refusal was sent with what was typed,
/// so its page is loaded again.
fn forget_when_closed(popover: &HtmlElement) {
    let closed = popover.clone();
    listen(popover, "toggle", move |_| {
        if closed.matches(":popover-open").unwrap_or(false) {
            return;
        }
        if closed.has_attribute("data-open") {
            let page = window().location().pathname().unwrap_or_default();
            let _ = window().location().set_href(&page);
        } else if let Some(form) = find_all::<HtmlFormElement>(&closed, "form").first() {
            form.reset();
        }
    });
}
