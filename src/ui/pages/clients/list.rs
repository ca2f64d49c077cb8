//! `/system/api-clients`: every client, newest first, with filters in the address.

use axum::response::Response;
use leptos::prelude::*;

use super::filters::{FilterChoices, Filters};
use super::list_query::ListQuery;
use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientState, StatusFilter};
use crate::domain::count::Count;
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::view::{ClientList, ClientRow};
use crate::ui::addresses::CLIENTS;
use crate::ui::components::badges::{LastUsed, ScopeChips, StatusBadge, thousands};
use crate::ui::components::button::CopyButton;
use crate::ui::components::empty::{Empty, KeyDrawing};
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::key::DrawnKey;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::components::sparkline::Sparkline;
use crate::ui::components::table::{Column, Table};
use crate::ui::page::{AdminRequest, Page};

/// The list of clients.
pub async fn page(request: AdminRequest) -> Response {
    let query = ListQuery::read(request.page.query());
    let console = request.console();
    let loaded = console
        .list_clients(&request.actor, &query.filter, query.cursor)
        .await;
    let revoked = match request.page.parameter("revoked") {
        Some(id) => console.get_client(&request.actor, &id).await.ok(),
        None => None,
    };
    let revoked = revoked
        .filter(|client| client.lifecycle.is_revoked())
        .map(|client| client.name);
    let may_change = request.may(Right::ChangeClients);
    match loaded {
        Ok(list) => {
            let page = Page::new("API clients", move || {
                view! { <Contents query list revoked may_change/> }
            });
            request.answer(page).await
        }
        Err(error) => {
            request
                .failed("The clients could not be loaded", error)
                .await
        }
    }
}

/// The loaded page.
#[component]
fn Contents(
    query: ListQuery,
    list: ClientList,
    /// The name of the client that was just revoked.
    revoked: Option<String>,
    may_change: bool,
) -> impl IntoView {
    let is_empty = !query.is_filtered()
        && list
            .counts
            .is_some_and(|counts| counts.all.plus(counts.revoked).is_none());
    let action = (may_change && !is_empty).then(|| view! { <NewClientLink/> }.into_any());
    let contents = if is_empty {
        view! { <NoClientsYet may_change/> }.into_any()
    } else {
        view! { <FilteredList query list/> }.into_any()
    };
    view! {
        <PageHead title="API clients" action>
            {revoked.map(|name| view! { <RevokedNotice name/> })}
        </PageHead>
        {contents}
    }
}

/// The notice after a client was revoked.
#[component]
fn RevokedNotice(name: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong><bdi>{name}</bdi> " was revoked."</strong>
            " Its tokens stopped working at once."
        </Notice>
    }
}

/// The link to the form for a new client.
#[component]
fn NewClientLink() -> impl IntoView {
    view! {
        <a class="btn fill" href="/system/api-clients/new">
            <Icon name="plus"/>
            "New client"
        </a>
    }
}

/// The empty state before the first client.
#[component]
fn NoClientsYet(may_change: bool) -> impl IntoView {
    view! {
        <div class="body">
            <Empty title="No API clients yet" drawing=|| view! { <KeyDrawing/> }>
                <p>
                    "A client is a key for one program. It belongs to an organization, opens only the scopes you choose, and can be revoked at any time."
                </p>
                {may_change.then(|| view! { <div class="row"><NewClientLink/></div> })}
                <p class="hint">
                    "Prefer a terminal? Run "
                    <code>"api-client create --scope public --organization-id 2"</code>
                    " on the server."
                </p>
            </Empty>
        </div>
    }
}

/// The filters and their result. What changes with the filters is inside `#results`, see `islands::filters`.
#[component]
fn FilteredList(query: ListQuery, list: ClientList) -> impl IntoView {
    let filters = FilterChoices::of(&list);
    let rows = if list.page.items.is_empty() {
        view! { <NoMatch query=query.clone() list/> }.into_any()
    } else {
        view! { <ClientTable query=query.clone() list/> }.into_any()
    };
    view! {
        <Filters query choices=filters/>
        <div class="results" id="results">{rows}</div>
    }
}

/// The empty state of filters without a match, with links to clear them.
#[component]
fn NoMatch(query: ListQuery, list: ClientList) -> impl IntoView {
    let ClientFilter {
        search,
        status,
        organization,
        scope,
        permission,
    } = query.filter.clone();
    let may_have_some = list
        .counts
        .is_none_or(|counts| !counts.of(status).is_none());
    let is_past_the_end = query.cursor != Cursor::First && may_have_some;
    let all_revoked = !query.is_filtered() && !is_past_the_end;
    let title = match (is_past_the_end, search.is_empty()) {
        _ if all_revoked => "Every client is revoked".to_owned(),
        (true, _) => "No more clients on this page".to_owned(),
        (false, true) => "No client fits these filters".to_owned(),
        (false, false) => format!("No client matches “{search}”"),
    };
    let name_of = |id: crate::domain::ids::OrganizationId| {
        let found = list.organizations.iter().find(|choice| choice.id == id);
        found.map_or_else(|| id.to_string(), |choice| choice.name.clone())
    };
    let filters: Vec<String> = [
        (status != StatusFilter::All).then(|| format!("status {}", status.as_str())),
        organization.map(|id| format!("organization {}", name_of(id))),
        scope.map(|scope| format!("scope {scope}")),
        permission.map(|permission| format!("permission {permission}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let advice = match (search.is_empty(), filters.is_empty()) {
        _ if all_revoked => "None is left that could ask for a token.".to_owned(),
        _ if is_past_the_end => "They may have been revoked since.".to_owned(),
        (true, _) => format!("In force: {}.", filters.join(", ")),
        (false, true) => {
            "Check the spelling. A name is found by the beginnings of its words, an ID by its beginning.".to_owned()
        }
        (false, false) => format!(
            "Check the spelling, or clear the filters: {}.",
            filters.join(", ")
        ),
    };
    let (href, words) = if all_revoked {
        (
            query.with_status(StatusFilter::Revoked).href(),
            "Show revoked clients",
        )
    } else if is_past_the_end {
        (query.at(Cursor::First).href(), "First page")
    } else {
        (CLIENTS.to_owned(), "Clear filters")
    };
    view! {
        <div class="body">
            <Empty title>
                <p>{advice}</p>
                <a class="btn small" href=href>
                    {words}
                </a>
            </Empty>
        </div>
    }
}

const COLUMNS: &[Column] = &[
    Column::new("Name and client ID"),
    Column::new("Organization"),
    Column::new("Scopes"),
    Column::with_class("Granted", "fold"),
    Column::new("14 days"),
    Column::new("Last used"),
    Column::new("Status"),
];

/// One page of clients.
#[component]
fn ClientTable(query: ListQuery, list: ClientList) -> impl IntoView {
    let rows = list.page.items.len();
    let total = list.counts.map(|counts| counts.of(query.filter.status));
    let of = total.map(|total| format!(" of {}", total_in_words(total)));
    let noun = match (rows, total) {
        (1, None) | (_, Some(Count { number: 1, .. })) => "client",
        _ => "clients",
    };
    let shown = format!("Showing {rows}{} {noun}", of.unwrap_or_default());
    let previous = list
        .page
        .before
        .map(|key| query.at(Cursor::Before(key)).href());
    let next = list
        .page
        .after
        .map(|key| query.at(Cursor::After(key)).href());
    let now = list.now;
    let rows = list
        .page
        .items
        .into_iter()
        .map(|row| view! { <ClientTableRow row now/> })
        .collect_view();
    view! {
        <Table class="clients" caption="API clients, newest first" columns=COLUMNS>
            {rows}
        </Table>
        <Pager label="Pages of clients" order=ListOrder::Newest previous next>
            {shown}
        </Pager>
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

/// One client.
#[component]
fn ClientTableRow(row: ClientRow, now: Time) -> impl IntoView {
    let ClientRow {
        summary,
        state,
        granted,
        grantable,
        usage,
    } = row;
    let client = summary.client;
    let id = client.id.to_string();
    let copy_label = format!("Copy client ID of {}", client.name);
    let organization = summary.organization.map_or_else(
        || view! { <span class="hint">"All organizations"</span> }.into_any(),
        |name| view! { <bdi>{name}</bdi> }.into_any(),
    );
    view! {
        <tr role="row" class=(state == ClientState::Revoked).then_some("gone")>
            <th role="rowheader" scope="row" class="who">
                <DrawnKey cuts=client.id.cuts()/>
                <a class="lead" href=format!("{CLIENTS}/{id}") title=client.name.clone()>
                    <bdi>{client.name.clone()}</bdi>
                </a>
                <span class="id">
                    <code>{id.clone()}</code>
                    <CopyButton text=id label=copy_label/>
                </span>
            </th>
            <td role="cell" class="in">
                {organization}
            </td>
            <td role="cell" class="in">
                <ScopeChips scopes=client.scopes limit=2/>
            </td>
            <td role="cell" class="fold">
                <PermissionCount granted grantable/>
            </td>
            <td role="cell" class="beside">
                <Sparkline usage=usage.clone()/>
            </td>
            <td role="cell" class="beside nowrap">
                <LastUsed at=usage.last_used_at now/>
            </td>
            <td role="cell" class="top">
                <StatusBadge state/>
            </td>
        </tr>
    }
}

/// How many permissions a client has of those it could have.
#[component]
fn PermissionCount(granted: usize, grantable: usize) -> impl IntoView {
    let meter = (grantable > 0).then(|| {
        let words = format!("{granted} of {grantable} permissions granted");
        view! { <meter value=granted.to_string() max=grantable.to_string() aria-label=words></meter> }
    });
    view! {
        <span class="nowrap">{granted} <span class="hint">" / " {grantable}</span></span>
        {meter}
    }
}
