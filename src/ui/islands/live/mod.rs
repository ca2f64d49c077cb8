//! Live updates: a page shows what others change, and how clients are used, within two seconds. Only for the browser.
//!
//! A page that follows says so with `data-follow`: `clients` on a list of clients, `client:<id>` on a page of a client; and every
//! page what it knows already with `data-since`, the number of the newest record of the audit log before it was made. An
//! update says what is concerned and by whom; what changed is taken from the page itself, loaded again ([`rows`], [`parts`]). The
//! use of clients comes with the stream as markup ([`uses`]). Nothing moves: a row keeps its place, and what the
//! user interacts with is not written ([`in_use`]).

mod in_use;
mod parts;
mod rows;
mod uses;

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, EventSource, MessageEvent};

use super::browser::{find, listen, set_root_attribute};
use super::load_page::load_in_background;
use crate::domain::address::in_query;
use crate::domain::view::SentUpdate;
use crate::ui::addresses::LIVE;

/// The pause after an update, in which others may come.
const GATHERED: Duration = Duration::from_millis(300);

/// The shortest time between two loads.
const EVERY: Duration = Duration::from_millis(1_500);

/// Says on the root element that the stream is open: from then on nothing is missed.
const STREAM: &str = "data-stream";

/// What the page follows, and what is under way.
#[derive(Clone, Copy)]
struct Following {
    /// `clients`, or `client:<id>`.
    what: StoredValue<String>,
    /// The newest entry of the audit log when the page was made, until a stream begins there.
    since: StoredValue<String>,
    source: StoredValue<Option<EventSource>, LocalStorage>,
    /// Whether something may have been missed since the page was loaded, because no stream was open.
    has_gap: StoredValue<bool>,
    /// The address of the stream.
    address: StoredValue<String>,
    /// What came since the last load.
    news: StoredValue<Vec<SentUpdate>>,
    /// Whether something came since that nobody is named for.
    is_due: StoredValue<bool>,
    is_loading: StoredValue<bool>,
}

thread_local! {
    /// What this page follows.
    static FOLLOWING: Cell<Option<Following>> = const { Cell::new(None) };
}

/// Follows what the page shows, if it follows anything. A page that nobody sees does not.
pub fn follow() {
    let attribute = |name: &str| find::<Element>(&format!("[{name}]"))?.get_attribute(name);
    let Some(what) = attribute("data-follow") else {
        return;
    };
    let following = Following {
        what: StoredValue::new(what),
        since: StoredValue::new(attribute("data-since").unwrap_or_default()),
        source: StoredValue::new_local(None),
        has_gap: StoredValue::new(document().hidden()),
        address: StoredValue::new(String::new()),
        news: StoredValue::new(Vec::new()),
        is_due: StoredValue::new(false),
        is_loading: StoredValue::new(false),
    };
    FOLLOWING.set(Some(following));
    following.connect();
    listen(&document(), "visibilitychange", move |_| {
        if document().hidden() {
            following.disconnect();
        } else {
            following.connect();
        }
    });
    // An open stream would keep the page out of the back-forward cache.
    listen(&window(), "pagehide", move |_| following.disconnect());
    listen(&window(), "pageshow", move |_| following.connect());
}

/// Follows the clients that the list shows now.
pub fn follow_rows() {
    if let Some(following) = FOLLOWING.get()
        && following.address.get_value() != following.wanted_address()
    {
        following.disconnect();
        following.connect();
    }
}

impl Following {
    fn connect(self) {
        if document().hidden() || self.source.with_value(Option::is_some) {
            return;
        }
        let address = self.wanted_address();
        // A later stream follows a gap, after which the whole page is loaded again.
        let since = self
            .since
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        // Without a stream the page is as it was loaded.
        let Ok(source) = EventSource::new(&format!("{address}&since={since}")) else {
            return;
        };
        self.address.set_value(address);
        listen(&source, "open", move |_| {
            set_root_attribute(STREAM, Some("open"));
            // Only now: what comes after a load and before the stream is open would be missed.
            if self.has_gap.get_value() {
                self.has_gap.set_value(false);
                self.load_later();
            }
        });
        listen(&source, "error", move |_| self.mark_gap());
        listen(&source, "message", move |event| {
            let update =
                data(event).and_then(|data| serde_json::from_str::<SentUpdate>(&data).ok());
            if let Some(update) = update.filter(|update| self.concerns(update)) {
                self.news.update_value(|news| news.push(update));
                self.load_later();
            }
        });
        listen(&source, "use", move |event| {
            // Secrets and tokens are not in the stream.
            let load_parts = move || {
                if find::<Element>("[data-on-use]").is_some() {
                    self.load_later();
                }
            };
            if let Some(data) = data(event) {
                uses::write(&data, load_parts);
            }
        });
        self.source.set_value(Some(source));
    }

    /// The address of the stream, with the clients that the page shows.
    fn wanted_address(self) -> String {
        let shown = self
            .what
            .with_value(|what| match what.strip_prefix("client:") {
                Some(id) => id.to_owned(),
                None => rows::ids().join(","),
            });
        format!("{LIVE}?show={}", in_query(&shown))
    }

    fn disconnect(self) {
        let source = self.source.try_update_value(Option::take).flatten();
        if let Some(source) = source {
            source.close();
        }
        self.mark_gap();
    }

    fn mark_gap(self) {
        set_root_attribute(STREAM, None);
        self.has_gap.set_value(true);
    }

    fn concerns(self, update: &SentUpdate) -> bool {
        self.what.with_value(|what| match what.as_str() {
            "clients" => update.about.starts_with("client:") || update.about == "directory",
            client => update.about == client,
        })
    }

    fn load_later(self) {
        self.is_due.set_value(true);
        if self.is_loading.get_value() {
            return;
        }
        self.is_loading.set_value(true);
        set_timeout(move || self.load(), GATHERED);
    }

    fn load(self) {
        self.is_due.set_value(false);
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
                    if self.is_due.get_value() {
                        self.load_later();
                    }
                },
                EVERY,
            );
        });
    }

    fn show(self, page: &Document, news: &[SentUpdate]) {
        if self.what.with_value(|what| what == "clients") {
            rows::show(page, news);
        } else {
            parts::show(page, news);
        }
    }
}

fn data(event: Event) -> Option<String> {
    event.dyn_into::<MessageEvent>().ok()?.data().as_string()
}
