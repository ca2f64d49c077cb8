//! The rows of a list of clients: what others changed is written where they are, and new ones are offered.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::{Document, Element};

use super::super::browser::{find, find_all};
use super::super::toasts::{Toast, toaster};
use super::in_use::is_in_use;
use crate::domain::view::SentUpdate;

/// How long a row that changed is highlighted.
const HIGHLIGHTED: Duration = Duration::from_secs(3);

/// The ids of the clients that the list shows.
pub fn ids() -> Vec<String> {
    let rows = find::<Element>("#results tbody").map(|body| rows(&body));
    rows.unwrap_or_default().iter().map(id).collect()
}

/// The row of a client.
pub fn of_client(client: &str) -> Option<Element> {
    let body = find::<Element>("#results tbody")?;
    rows(&body).into_iter().find(|row| id(row) == client)
}

fn rows(body: &Element) -> Vec<Element> {
    find_all(body, "tr")
}

/// The id of a row's client: the end of its link.
fn id(row: &Element) -> String {
    let link = row.query_selector(".lead").ok().flatten();
    let link = link.and_then(|link| link.get_attribute("href"));
    let link = link.unwrap_or_default();
    link.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Writes the rows that changed where they are, and says how many are new.
pub fn show(page: &Document, news: &[SentUpdate]) {
    let Some(results) = find::<Element>("#results tbody") else {
        return;
    };
    let new = page.query_selector("#results tbody").ok().flatten();
    let new_rows = new.as_ref().map(rows).unwrap_or_default();
    let olds = rows(&results);
    for old in &olds {
        let client = id(old);
        let is_about = |update: &&SentUpdate| update.about.strip_prefix("client:") == Some(&client);
        let update = news.iter().find(is_about);
        if let Some(new) = new_rows.iter().find(|new| id(new) == client) {
            if write_row(old, new) && update.is_some() {
                highlight(old);
            }
        } else if update.is_some() {
            // It fits the filters no longer.
            let _ = old.class_list().add_1("gone");
        }
        if let Some(update) = update.filter(|update| !update.mine) {
            say(&update.by, &name_of(old));
        }
    }
    let known: Vec<String> = olds.iter().map(id).collect();
    let is_new = |row: &&Element| !known.contains(&id(row));
    let fresh = new_rows.iter().take_while(is_new).count();
    if fresh > 0 && news.iter().any(|update| !update.mine) {
        offer(fresh);
    }
}

fn name_of(row: &Element) -> String {
    let name = row.query_selector(".lead").ok().flatten();
    let name = name
        .and_then(|name| name.text_content())
        .unwrap_or_default();
    name.trim().to_owned()
}

/// Writes the cells that differ, but for one that the user interacts with. True when there was one.
fn write_row(old: &Element, new: &Element) -> bool {
    let cells = |row: &Element| find_all::<Element>(row, "th, td");
    let mut has_changed = false;
    for (old, new) in cells(old).iter().zip(cells(new)) {
        let is_choice = old.query_selector("input").ok().flatten().is_some();
        if is_choice || old.inner_html() == new.inner_html() || is_in_use(old) {
            continue;
        }
        old.set_inner_html(&new.inner_html());
        has_changed = true;
    }
    old.set_class_name(&new.class_name());
    has_changed
}

/// Highlights a row for a moment.
fn highlight(row: &Element) {
    let _ = row.set_attribute("data-changed", "");
    let row = row.clone();
    set_timeout(
        move || drop(row.remove_attribute("data-changed")),
        HIGHLIGHTED,
    );
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
