//! The table of the list of clients, with a box for each row and what can be done to those that are chosen.

use leptos::prelude::*;

use super::list_query::ListQuery;
use super::row::{RowStyle, rows};
use crate::domain::client::{BulkAct, ClientOrder};
use crate::domain::count::Count;
use crate::domain::page::Cursor;
use crate::domain::view::ClientList;
use crate::ui::addresses::CHANGE_CLIENTS;
use crate::ui::components::badges::thousands;
use crate::ui::components::icon::Icon;
use crate::ui::components::pager::{ListOrder, Pager};

/// One page of clients.
#[component]
pub(super) fn ClientTable(
    query: ListQuery,
    list: ClientList,
    /// Whether the administrator may change clients.
    may_change: bool,
) -> impl IntoView {
    let count = list.page.items.len();
    let total = list.counts.map(|counts| counts.of(query.filter.status));
    let of = total.map(|total| format!(" of {}", total_in_words(total)));
    let noun = match (count, total) {
        (1, None) | (_, Some(Count { number: 1, .. })) => "client",
        _ => "clients",
    };
    let shown = format!("Showing {count}{} {noun}", of.unwrap_or_default());
    let (before, after) = (list.page.before, list.page.after);
    let previous = before.map(|key| query.at(Cursor::Before(key), list.first_used_at).href());
    let next = after.map(|key| query.at(Cursor::After(key), list.last_used_at).href());
    let order = match query.place.order {
        ClientOrder::Newest => ListOrder::Newest,
        ClientOrder::Name | ClientOrder::Used => ListOrder::Name,
    };
    let style = RowStyle {
        has_box: may_change,
        now: list.now,
    };
    let body = rows(&list.page.items, style);
    let table = view! {
        <table class="table clients" role="table">
            <caption class="sr">{caption(query.place.order)}</caption>
            <Head query=query.clone() has_boxes=may_change/>
            <tbody role="rowgroup" inner_html=body></tbody>
        </table>
    };
    let table = if may_change {
        view! { <Choosable query>{table}</Choosable> }.into_any()
    } else {
        table.into_any()
    };
    view! {
        {table}
        <Pager label="Pages of clients" order previous next>
            {shown}
        </Pager>
    }
}

fn caption(order: ClientOrder) -> &'static str {
    match order {
        ClientOrder::Newest => "API clients, newest first",
        ClientOrder::Name => "API clients by name",
        ClientOrder::Used => "API clients, most recently used first",
    }
}

/// The form around a table whose rows can be chosen. It leads to a page that asks; nothing is changed before. The bar is
/// shown while a box is ticked, by the stylesheet.
#[component]
fn Choosable(query: ListQuery, children: Children) -> impl IntoView {
    let fields = query
        .parameters()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <form class="picks" id="picks" action=CHANGE_CLIENTS method="get" aria-label="Clients" autocomplete="off">
            {fields}
            {children()}
            <div class="bulk row" role="group" aria-label="Selected clients">
                <span class="picked"></span>
                {BulkAct::EVERY.map(|act| view! { <ActButton act/> }).into_iter().collect_view()}
                <button class="btn small" type="reset">
                    "Clear"
                </button>
            </div>
        </form>
    }
}

#[component]
fn ActButton(act: BulkAct) -> impl IntoView {
    let (class, icon, words) = match act {
        BulkAct::Suspend => ("btn small", "lock", "Suspend…"),
        BulkAct::Resume => ("btn small", "retry", "Resume…"),
        BulkAct::Expire => ("btn small", "clock", "Set expiry…"),
        BulkAct::Revoke => ("btn small warns", "ban", "Revoke…"),
    };
    view! {
        <button class=class name="do" value=act.as_str()>
            <Icon name=icon/>
            {words}
        </button>
    }
}

/// The column headers; two of them sort the list.
#[component]
fn Head(query: ListQuery, has_boxes: bool) -> impl IntoView {
    let all = has_boxes.then(|| {
        view! {
            <td role="cell">
                <label class="hit needs-js">
                    <input
                        class="check"
                        type="checkbox"
                        data-all
                        aria-label="Select every client on this page"
                    />
                </label>
            </td>
        }
    });
    let plain = |title: &'static str, class: Option<&'static str>| {
        view! { <th role="columnheader" scope="col" class=class>{title}</th> }
    };
    let name = Sorted {
        title: "Name and client ID",
        order: ClientOrder::Name,
        is_ascending: true,
    };
    let used = Sorted {
        title: "Last used",
        order: ClientOrder::Used,
        is_ascending: false,
    };
    view! {
        <thead role="rowgroup">
            <tr role="row">
                {all}
                {name.head(&query)}
                {plain("Organization", None)}
                {plain("Scopes", None)}
                {plain("Granted", Some("fold"))}
                {plain("14 days", None)}
                {used.head(&query)}
                {plain("Status", None)}
            </tr>
        </thead>
    }
}

/// A column that the list can be sorted by.
struct Sorted {
    title: &'static str,
    order: ClientOrder,
    is_ascending: bool,
}

impl Sorted {
    /// The header, a link: to the list in this order or, where it is, to the usual one.
    fn head(self, query: &ListQuery) -> impl IntoView {
        let is_sorted = query.place.order == self.order;
        let (wanted, hint) = match (is_sorted, self.order) {
            (true, _) => (ClientOrder::Newest, "Show the newest first"),
            (false, ClientOrder::Name) => (self.order, "Sort by name"),
            (false, _) => (self.order, "Show the most recently used first"),
        };
        let (sort, arrow) = match (is_sorted, self.is_ascending) {
            (false, _) => (None, ""),
            (true, true) => (Some("ascending"), " ↑"),
            (true, false) => (Some("descending"), " ↓"),
        };
        let arrow = (!arrow.is_empty()).then(|| view! { <span aria-hidden="true">{arrow}</span> });
        view! {
            <th role="columnheader" scope="col" class="sorts" aria-sort=sort>
                <a href=query.in_order(wanted).href() title=hint>
                    {self.title}
                    {arrow}
                </a>
            </th>
        }
    }
}

/// How many there are in a sentence, such as "47" or "more than 500".
fn total_in_words(total: Count) -> String {
    let number = thousands(total.number);
    if total.or_more {
        format!("more than {number}")
    } else {
        number
    }
}
