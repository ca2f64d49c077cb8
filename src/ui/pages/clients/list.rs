//! `/system/api-clients`: every client, with filters and order in the address.

use axum::response::Response;
use leptos::prelude::*;

use super::bulk_done::DoneNotice;
use super::filters::{FilterChoices, Filters};
use super::list_query::ListQuery;
use super::table::ClientTable;
use crate::domain::client::{ClientFilter, StatusFilter};
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::view::ClientList;
use crate::ui::addresses::{API_GUIDE, CLIENTS};
use crate::ui::components::empty::{Empty, EmptyList, KeyDrawing};
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::page::{AdminRequest, Page};

/// The list of clients.
pub async fn page(request: AdminRequest) -> Response {
    let query = ListQuery::read(request.page.query());
    let console = request.console();
    let loaded = console
        .list_clients_in_order(&request.actor, &query.filter, query.place)
        .await;
    let done = match request.page.parameter("done") {
        // Without its notice the list is still of use.
        Some(key) => console.find_bulk_done(&request.actor, &key).await,
        None => Ok(None),
    };
    let done = done.ok().flatten();
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
                let notices = view! {
                    {revoked.map(|name| view! { <RevokedNotice name/> })}
                    {done.map(|done| view! { <DoneNotice done/> })}
                };
                view! { <Contents query list notices=notices.into_any() may_change/> }
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
    /// What has just been done.
    notices: AnyView,
    may_change: bool,
) -> impl IntoView {
    let is_empty = !query.is_filtered()
        && list
            .counts
            .is_some_and(|counts| counts.all.plus(counts.revoked).is_none());
    let action = (!is_empty).then(|| {
        view! {
            <ExportButton query=query.clone()/>
            {may_change.then(|| view! { <NewClientLink/> })}
        }
        .into_any()
    });
    let contents = if is_empty {
        view! { <NoClientsYet may_change/> }.into_any()
    } else {
        view! { <FilteredList query list may_change/> }.into_any()
    };
    view! {
        <PageHead title="API clients" action>
            {notices}
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

/// The form that exports the list, with the filters of the page. What changes with the filters is inside `#export`, see
/// `islands::filters`. The browser stays on the page, see `islands::forms`.
#[component]
fn ExportButton(query: ListQuery) -> impl IntoView {
    let all = ListQuery {
        filter: query.filter,
        ..ListQuery::default()
    };
    view! {
        <div id="export">
            <form method="post" action=all.href() data-download>
                <button class="btn quiet" type="submit">
                    <Icon name="download"/>
                    "Export CSV"
                </button>
            </form>
        </div>
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
                <div class="row">
                    {may_change.then(|| view! { <NewClientLink/> })}
                    <a class="btn" href=API_GUIDE>
                        "Read the API guide"
                    </a>
                </div>
                <p class="hint">
                    "Prefer a terminal? Run this on the server:"
                    <br/>
                    <code>"api-client create --scope public --organization-id 1"</code>
                </p>
            </Empty>
        </div>
    }
}

/// The filters and their result. What changes with the filters is inside `#results`, see `islands::filters`.
#[component]
fn FilteredList(query: ListQuery, list: ClientList, may_change: bool) -> impl IntoView {
    let filters = FilterChoices::of(&list);
    let rows = if list.page.items.is_empty() {
        view! { <NoMatch query=query.clone() list/> }.into_any()
    } else {
        view! { <ClientTable query=query.clone() list may_change/> }.into_any()
    };
    view! {
        <Filters query choices=filters/>
        <div class="results" id="results" data-follow="clients">{rows}</div>
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
    let is_past_the_end = query.place.cursor != Cursor::First && may_have_some;
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
        (query.first_page().href(), "First page")
    } else {
        (CLIENTS.to_owned(), "Clear filters")
    };
    view! { <EmptyList title advice href words/> }
}
