//! Live updates: a page shows what others change within two seconds, and says who did it. Only for the browser.
//!
//! A page that follows says so with `data-follow`: `clients` on a list of clients, `client:<id>` on a page of a client. An
//! update says what is concerned and by whom; what changed is taken from the page itself, loaded again. Nothing moves: a
//! row keeps its place, and nothing is written where somebody is working.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use serde::Deserialize;
use web_sys::{Document, Element, EventSource, MessageEvent};

use super::browser::{find, find_all, listen};
use super::load_page::load_in_background;
use super::switches;
use super::toasts::{Toast, toaster};
use crate::ui::addresses::LIVE;

/// The pause after an update, in which others may come.
const GATHERED: Duration = Duration::from_millis(300);

/// The shortest time between two loads.
const EVERY: Duration = Duration::from_millis(1_500);

/// How long a row that changed is marked.
const MARKED: Duration = Duration::from_secs(3);

/// The places of a client's page that are written anew.
const PARTS: &str = "[data-part]";

/// One update.
#[derive(Clone, Deserialize)]
struct Update {
    by: String,
    mine: bool,
    about: String,
}

/// What the page follows, and what is under way.
#[derive(Clone, Copy)]
struct Following {
    /// `clients`, or `client:<id>`.
    what: StoredValue<String>,
    source: StoredValue<Option<EventSource>, LocalStorage>,
    /// What came since the last load.
    news: StoredValue<Vec<Update>>,
    is_loading: StoredValue<bool>,
}

/// Follows what the page shows, if it follows anything. A page that nobody sees does not.
pub fn follow() {
    let Some(what) =
        find::<Element>("[data-follow]").and_then(|element| element.get_attribute("data-follow"))
    else {
        return;
    };
    let following = Following {
        what: StoredValue::new(what),
        source: StoredValue::new_local(None),
        news: StoredValue::new(Vec::new()),
        is_loading: StoredValue::new(false),
    };
    following.connect();
    listen(&document(), "visibilitychange", move |_| {
        if document().hidden() {
            following.disconnect();
        } else {
            following.connect();
            // What came while nobody looked.
            following.load_later();
        }
    });
    // An open stream would keep the page out of the back-forward cache.
    listen(&window(), "pagehide", move |_| following.disconnect());
    listen(&window(), "pageshow", move |_| following.connect());
}

impl Following {
    fn connect(self) {
        if document().hidden() || self.source.with_value(Option::is_some) {
            return;
        }
        // Without a stream the page is as it was loaded.
        let Ok(source) = EventSource::new(LIVE) else {
            return;
        };
        listen(&source, "message", move |event| {
            let data = event
                .dyn_into::<MessageEvent>()
                .ok()
                .and_then(|event| event.data().as_string());
            let update = data.and_then(|data| serde_json::from_str::<Update>(&data).ok());
            if let Some(update) = update.filter(|update| self.concerns(update)) {
                self.news.update_value(|news| news.push(update));
                self.load_later();
            }
        });
        self.source.set_value(Some(source));
    }

    fn disconnect(self) {
        let source = self.source.try_update_value(Option::take).flatten();
        if let Some(source) = source {
            source.close();
        }
    }

    fn concerns(self, update: &Update) -> bool {
        self.what.with_value(|what| match what.as_str() {
            "clients" => update.about.starts_with("client:") || update.about == "directory",
            client => update.about == client,
        })
    }

    fn load_later(self) {
        if self.is_loading.get_value() {
            return;
        }
        self.is_loading.set_value(true);
        set_timeout(move || self.load(), GATHERED);
    }

    fn load(self) {
        let location = window().location();
        let (Ok(path), Ok(query)) = (location.pathname(), location.search()) else {
            return;
        };
        let news = self
            .news
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        spawn_local(async move {
            // What cannot be loaded now is loaded with the next update.
            if let Ok(Some(page)) = load_in_background(&(path + &query)).await {
                self.show(&page, &news);
            }
            set_timeout(
                move || {
                    self.is_loading.set_value(false);
                    if self.news.with_value(|news| !news.is_empty()) {
                        self.load_later();
                    }
                },
                EVERY,
            );
        });
    }

    fn show(self, page: &Document, news: &[Update]) {
        if self.what.with_value(|what| what == "clients") {
            show_rows(page, news);
        } else {
            show_parts(page, news);
        }
    }
}

/// Writes the rows that changed where they are, and says how many are new.
fn show_rows(page: &Document, news: &[Update]) {
    let Some(results) = find::<Element>("#results tbody") else {
        return;
    };
    let new = page.query_selector("#results tbody").ok().flatten();
    let rows = |body: &Element| find_all::<Element>(body, "tr");
    let new_rows = new.as_ref().map(rows).unwrap_or_default();
    let key = |row: &Element| {
        let link = row.query_selector(".lead").ok().flatten();
        link.and_then(|link| link.get_attribute("href"))
            .unwrap_or_default()
    };
    let olds = rows(&results);
    for old in &olds {
        let id = key(old);
        let update = news.iter().find(|update| is_about(update, &id));
        if let Some(new) = new_rows.iter().find(|new| key(new) == id) {
            if write_row(old, new) && update.is_some() {
                mark(old);
            }
        } else if update.is_some() {
            // It fits the filters no longer.
            let _ = old.class_list().add_1("gone");
        }
        if let Some(update) = update.filter(|update| !update.mine) {
            say(&update.by, &name_of(old));
        }
    }
    let known: Vec<String> = olds.iter().map(key).collect();
    let is_new = |row: &&Element| !known.contains(&key(row));
    let fresh = new_rows.iter().take_while(is_new).count();
    if fresh > 0 && news.iter().any(|update| !update.mine) {
        offer(fresh);
    }
}

fn is_about(update: &Update, link: &str) -> bool {
    let id = update.about.strip_prefix("client:");
    id.is_some_and(|id| link.rsplit('/').next() == Some(id))
}

fn name_of(row: &Element) -> String {
    let name = row.query_selector(".lead").ok().flatten();
    let name = name
        .and_then(|name| name.text_content())
        .unwrap_or_default();
    name.trim().to_owned()
}

/// Writes the cells that differ, but for one where somebody is. True when there was one.
fn write_row(old: &Element, new: &Element) -> bool {
    let cells = |row: &Element| find_all::<Element>(row, "th, td");
    let mut has_changed = false;
    for (old, new) in cells(old).iter().zip(cells(new)) {
        let is_choice = old.query_selector("input").ok().flatten().is_some();
        if is_choice || is_in_use(old) || same_words(old, &new) {
            continue;
        }
        old.set_inner_html(&new.inner_html());
        has_changed = true;
    }
    old.set_class_name(&new.class_name());
    has_changed
}

/// Whether two elements read the same; relative times go on by themselves.
fn same_words(old: &Element, new: &Element) -> bool {
    old.inner_html() == new.inner_html()
}

/// Marks a row for a moment.
fn mark(row: &Element) {
    let _ = row.set_attribute("data-changed", "");
    let row = row.clone();
    set_timeout(move || drop(row.remove_attribute("data-changed")), MARKED);
}

/// Writes the parts of a client's page that differ, but for one where somebody is working, and says who changed it.
fn show_parts(page: &Document, news: &[Update]) {
    let Some(body) = document().body() else {
        return;
    };
    let mut is_complete = true;
    for old in find_all::<Element>(&body, PARTS) {
        let part = old.get_attribute("data-part").unwrap_or_default();
        let new = page.query_selector(&format!("[data-part=\"{part}\"]"));
        let Some(new) = new.ok().flatten() else {
            is_complete = false;
            continue;
        };
        if old.inner_html() == new.inner_html() {
            continue;
        }
        if is_in_use(&old) {
            is_complete = false;
        } else {
            old.set_inner_html(&new.inner_html());
        }
    }
    switches::learn(page);
    let others = news.iter().find(|update| !update.mine);
    if let Some(update) = others {
        let toast = Toast::success(format!("{} changed this client", update.by));
        toaster().show(if is_complete {
            toast
        } else {
            toast.with_text(
                "Reload the page to see all of it; what you are working on was left as it is.",
            )
        });
    }
}

/// Whether somebody is working there: the focus, an open dialog, or text that was typed.
fn is_in_use(element: &Element) -> bool {
    let focus = document().active_element();
    let has_focus = focus.is_some_and(|focus| element.contains(Some(&focus)));
    has_focus
        || element
            .query_selector("dialog[open], :popover-open")
            .ok()
            .flatten()
            .is_some()
}

fn say(by: &str, name: &str) {
    toaster().show(Toast::success(format!("{by} changed {name}")));
}

/// Offers to show rows that are new.
fn offer(count: usize) {
    let title = if count == 1 {
        "There is a new client".to_owned()
    } else {
        format!("There are {count} new clients")
    };
    let toast = Toast::success(title).with_view(|| {
        view! { <a class="link" href="">"Show"</a> }
    });
    toaster().show(toast);
}
