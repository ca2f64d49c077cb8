//! `/system/api-clients`: every client, newest first, with filters in the address.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::filters::Filters;
use super::list_query::ListQuery;
use super::revoked_notice::RevokedNotice;
use crate::domain::Time;
use crate::domain::client::{ClientFilter, ClientState, StatusFilter};
use crate::domain::count::Count;
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::view::{ClientList, ClientRow};
use crate::ui::addresses::CLIENTS;
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::list_clients;
use crate::ui::components::badges::{LastUsed, ScopeChips, StatusBadge, counted};
use crate::ui::components::button::CopyButton;
use crate::ui::components::empty::{Empty, Failed, KeyDrawing};
use crate::ui::components::icon::Icon;
use crate::ui::components::key::DrawnKey;
use crate::ui::components::pager::Pager;
use crate::ui::components::sparkline::Sparkline;
use crate::ui::components::table::{Column, Table};
use crate::ui::root::Reloading;
use crate::ui::viewer::{use_may, watch_session};

/// The variants of the page.
#[derive(Clone, PartialEq)]
enum ListContents {
    Nothing,
    NoClientsYet,
    List,
    Failed(ApiRefusal),
}

/// The list of clients.
#[component]
pub fn ClientsPage() -> impl IntoView {
    let query = use_location().search;
    let query = Memo::new(move |_| query.with(|query| ListQuery::read(query)));
    let answer = Resource::new(
        move || query.get(),
        |query| list_clients(query.filter, query.cursor),
    );
    watch_session(move || answer.get().and_then(Result::err));

    view! {
        <Title text="API clients"/>
        <Reloading>
            <Loaded query answer/>
        </Reloading>
    }
}

/// The loaded page.
#[component]
fn Loaded(
    query: Memo<ListQuery>,
    answer: Resource<Result<ClientList, ApiRefusal>>,
) -> impl IntoView {
    let list = Signal::derive(move || answer.get().and_then(Result::ok));
    let contents = Memo::new(move |_| match answer.get() {
        None => ListContents::Nothing,
        Some(Err(refusal)) => ListContents::Failed(refusal),
        Some(Ok(list))
            if !query.get().is_filtered()
                && list
                    .counts
                    .is_some_and(|counts| counts.all.plus(counts.revoked).is_none()) =>
        {
            ListContents::NoClientsYet
        }
        Some(Ok(_)) => ListContents::List,
    });
    let may_change = use_may(Right::ChangeClients);
    let actions = move || {
        (contents.get() == ListContents::List && may_change.get())
            .then(|| view! { <div class="row push"><NewClientLink/></div> })
    };
    view! {
        <header class="page-head">
            <div class="row title">
                <h1>"API clients"</h1>
                {actions}
            </div>
            <RevokedNotice/>
        </header>
        {move || match contents.get() {
            ListContents::Nothing => ().into_any(),
            ListContents::NoClientsYet => view! { <NoClientsYet/> }.into_any(),
            ListContents::List => view! { <FilteredList query list/> }.into_any(),
            ListContents::Failed(refusal) => {
                view! {
                    <div class="body">
                        <Failed what="The clients could not be loaded" refusal/>
                    </div>
                }
                .into_any()
            }
        }}
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
fn NoClientsYet() -> impl IntoView {
    let may_change = use_may(Right::ChangeClients);
    view! {
        <div class="body">
            <Empty title="No API clients yet" drawing=|| view! { <KeyDrawing/> }>
                <p>
                    "A client is a key for one program. It belongs to an organization, opens only the scopes you choose, and can be revoked at any time."
                </p>
                <Show when=move || may_change.get()>
                    <div class="row">
                        <NewClientLink/>
                    </div>
                </Show>
                <p class="hint">
                    "Prefer a terminal? Run "
                    <code>"api-client create --scope public --organization-id 2"</code>
                    " on the server."
                </p>
            </Empty>
        </div>
    }
}

/// The filters and their result.
#[component]
fn FilteredList(query: Memo<ListQuery>, list: Signal<Option<ClientList>>) -> impl IntoView {
    let rows = move || {
        list.get().map(|list| {
            if list.page.items.is_empty() {
                view! { <NoMatch query=query.get() list/> }.into_any()
            } else {
                view! { <ClientTable query=query.get() list/> }.into_any()
            }
        })
    };
    view! {
        <Filters query list/>
        {rows}
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
    let of = total.map(|total| format!(" of {}", counted(total)));
    let noun = match (rows, total) {
        (1, None) | (_, Some(Count { number: 1, .. })) => "client",
        _ => "clients",
    };
    let shown = format!("Showing {rows}{} {noun}", of.unwrap_or_default());
    let newer = list
        .page
        .before
        .map(|key| query.at(Cursor::Before(key)).href());
    let older = list
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
        <Pager label="Pages of clients" shown newer older/>
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
        IntoAny::into_any,
    );
    view! {
        <tr role="row" class=(state == ClientState::Revoked).then_some("gone")>
            <th role="rowheader" scope="row" class="who">
                <DrawnKey cuts=client.id.cuts()/>
                <a class="lead" href=format!("{CLIENTS}/{id}")>
                    {client.name}
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
