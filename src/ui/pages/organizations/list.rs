//! `/system/organizations`: the organizations by name, with a search in the address.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::done::{DoneNotice, OrganizationChange};
use super::list_query::ListQuery;
use crate::domain::Time;
use crate::domain::count::Count;
use crate::domain::organization::OrganizationSummary;
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::usage::OrganizationUsed;
use crate::domain::view::OrganizationList;
use crate::ui::addresses::{
    ARCHIVED_ORGANIZATIONS, NEW_ORGANIZATION, ORGANIZATIONS, clients_of, new_client,
    organization_host, organization_page,
};
use crate::ui::components::badges::{LastUsed, counted, thousands, up_to};
use crate::ui::components::empty::{Empty, EmptyList, OrganizationDrawing};
use crate::ui::components::field::SearchField;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::components::sparkline::Sparkline;
use crate::ui::components::table::{Column, Table};
use crate::ui::islands::filters::LiveFilters;
use crate::ui::page::{AdminRequest, Page};

const COLUMNS: &[Column] = &[
    Column::new("Organization"),
    Column::new("Clients"),
    Column::with_class("ID", "end"),
    Column::with_class("Live tokens", "end live"),
    Column::with_class("14 days", "drawn"),
    Column::with_class("Requests", "end counted"),
    Column::with_class("Last used", "used"),
    Column::new(""),
];

/// The list of organizations.
pub async fn page(request: AdminRequest) -> Response {
    answer(request, "Organizations".into(), StatusCode::OK, || ()).await
}

/// Answers with the list, and a dialog over it.
pub(super) async fn answer<V: IntoView + 'static>(
    request: AdminRequest,
    title: String,
    status: StatusCode,
    dialog: impl FnOnce() -> V + Send + 'static,
) -> Response {
    let query = ListQuery::read(request.page.query());
    let console = request.console();
    let done = match OrganizationChange::in_query(request.page.query()) {
        Some(change) => {
            let id = change.organization();
            let found = console.summarize_organization(&request.actor, id).await;
            // Without its notice the list is still of use.
            found.ok().map(|row| (change, row))
        }
        None => None,
    };
    let may_change = request.may(Right::ChangeOrganizations);
    let loaded = console
        .list_organizations(&request.actor, &query.search, query.cursor)
        .await;
    match loaded {
        Ok(list) => {
            let page = Page::new(title, move || {
                let notice = done.map(|(change, row)| view! { <DoneNotice change row/> });
                let notice = notice.map(IntoAny::into_any);
                view! {
                    <Contents query list notice may_change/>
                    {dialog()}
                }
            });
            request.answer(page.with_status(status)).await
        }
        Err(error) => {
            request
                .failed("The organizations could not be loaded", error)
                .await
        }
    }
}

/// The loaded page.
#[component]
fn Contents(
    query: ListQuery,
    list: OrganizationList,
    /// The notice after a change.
    notice: Option<AnyView>,
    may_change: bool,
) -> impl IntoView {
    let is_empty = list.total == Some(0);
    let contents = if is_empty {
        view! { <NoOrganizationsYet archived=list.archived may_change/> }.into_any()
    } else {
        view! { <FilteredList query list may_change/> }.into_any()
    };
    let action = (may_change && !is_empty).then(|| view! { <AddLink/> }.into_any());
    view! {
        <PageHead title="Organizations" action>
            <p class="sub">"The tenants of this platform. A client belongs to one of them and sees nothing of the others."</p>
            {notice}
        </PageHead>
        {contents}
    }
}

/// The link to the dialog for a new organization.
#[component]
fn AddLink() -> impl IntoView {
    view! {
        <a class="btn fill" href=NEW_ORGANIZATION>
            <Icon name="plus"/>
            "Add organization"
        </a>
    }
}

/// The empty state before the first organization.
#[component]
fn NoOrganizationsYet(
    /// How many are archived.
    archived: i64,
    may_change: bool,
) -> impl IntoView {
    view! {
        <div class="body">
            <Empty title="No organizations yet" drawing=|| view! { <OrganizationDrawing/> }>
                <p>
                    "An organization is a tenant of your platform. Add the first one, then give its programs their clients."
                </p>
                {may_change.then(|| view! { <div class="row"><AddLink/></div> })}
                <ArchivedLink archived/>
                <p class="hint">
                    "Prefer a terminal? Run "
                    <code>"claviger organization create --name NAME"</code>
                    " on the server."
                </p>
            </Empty>
        </div>
    }
}

/// The link to the archived organizations, if there are any.
#[component]
fn ArchivedLink(
    /// How many are archived.
    archived: i64,
) -> impl IntoView {
    (archived > 0).then(|| {
        view! {
            <a class="link" href=ARCHIVED_ORGANIZATIONS>
                {thousands(archived)}
                " archived"
            </a>
        }
    })
}

/// The search and its result. What changes with the search is inside `#results`, see `islands::filters`.
#[component]
fn FilteredList(query: ListQuery, list: OrganizationList, may_change: bool) -> impl IntoView {
    let search = query.search.clone();
    let rows = if list.page.items.is_empty() {
        view! { <NoMatch query/> }.into_any()
    } else {
        view! { <OrganizationTable query list may_change/> }.into_any()
    };
    view! {
        <form class="filters row" id="filters" action=ORGANIZATIONS method="get" aria-label="Filter organizations">
            <SearchField value=search placeholder="Name, host or ID" label="Search by name, host or ID"/>
            <button class="btn no-js" type="submit">
                "Apply"
            </button>
        </form>
        <LiveFilters/>
        <div class="results" id="results">{rows}</div>
    }
}

/// The empty state of a search without a match, or of a page past the end.
#[component]
fn NoMatch(query: ListQuery) -> impl IntoView {
    let (title, advice, href, words) = if query.cursor == Cursor::First {
        (
            format!("No organization matches “{}”", query.search),
            "Check the spelling. A name or a host is found by the beginnings of its words, an ID by its beginning.",
            ORGANIZATIONS.to_owned(),
            "Clear search",
        )
    } else {
        (
            "No more organizations on this page".to_owned(),
            "They may have been archived since.",
            query.at(Cursor::First),
            "First page",
        )
    };
    view! { <EmptyList title advice=advice.to_owned() href words/> }
}

/// One page of organizations, by name.
#[component]
fn OrganizationTable(query: ListQuery, list: OrganizationList, may_change: bool) -> impl IntoView {
    let rows = list.page.items.len();
    let of = list.total.map(|total| format!(" of {}", thousands(total)));
    let noun = match (rows, list.total) {
        (1, None | Some(1)) => "organization",
        _ => "organizations",
    };
    let shown = format!("Showing {rows}{} {noun}.", of.unwrap_or_default());
    let unbound = match list.unbound_clients {
        count if count.is_none() => None,
        count if count == Count::exactly(1) => Some(
            " One more client holds the system scope alone and reaches all of them.".to_owned(),
        ),
        count => Some(format!(
            " {} more clients hold the system scope alone and reach all of them.",
            counted(count)
        )),
    };
    let previous = list.page.before.map(|key| query.at(Cursor::Before(key)));
    let next = list.page.after.map(|key| query.at(Cursor::After(key)));
    let (mut usage, now) = (list.usage, list.now);
    let rows = list
        .page
        .items
        .into_iter()
        .map(|row| {
            let used = usage.remove(&row.organization.id).unwrap_or_default();
            view! { <OrganizationRow row used now may_change/> }
        })
        .collect_view();
    view! {
        <Table class="orgs" caption="Organizations by name" columns=COLUMNS>
            {rows}
        </Table>
        <Pager label="Pages of organizations" order=ListOrder::Name previous next>
            {shown}
            {unbound}
            " "
            <ArchivedLink archived=list.archived/>
        </Pager>
    }
}

/// One organization. Its id is shown because `api-client` needs it.
#[component]
fn OrganizationRow(
    row: OrganizationSummary,
    used: OrganizationUsed,
    now: Time,
    may_change: bool,
) -> impl IntoView {
    let OrganizationSummary {
        organization,
        active_clients,
        revoked_clients,
    } = row;
    let revoked = (!revoked_clients.is_none())
        .then(|| view! { <span class="hint">", " {counted(revoked_clients)} " revoked"</span> });
    let id = organization.id;
    let name = organization.name.clone();
    let clients_name = name.clone();
    let action = may_change.then(|| {
        let host = format!("Change host of {name}");
        view! {
            <div class="row">
                <a class="icon-btn" href=organization_host(id) title="Change host" aria-label=host>
                    <Icon name="pencil"/>
                </a>
                <a class="btn quiet small" href=new_client(id)>
                    <Icon name="plus"/>
                    "Client"
                    <span class="sr">" for " {name}</span>
                </a>
            </div>
        }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a class="lead" href=organization_page(id)>
                    <bdi>{organization.name}</bdi>
                </a>
                {organization.host.map(|host| view! { <small>{host.to_string()}</small> })}
            </th>
            <td role="cell">
                <a class="link" href=clients_of(id)>
                    {counted(active_clients)}
                    " active"
                    <span class="sr">" clients of " {clients_name}</span>
                </a>
                {revoked}
            </td>
            <td role="cell" class="end" data-before="ID">
                <code>{organization.id.0}</code>
            </td>
            <Use used now/>
            <td role="cell" class="end do">
                {action}
            </td>
        </tr>
    }
}

/// The cells with what its clients did.
#[component]
fn Use(used: OrganizationUsed, now: Time) -> impl IntoView {
    let OrganizationUsed { usage, live_tokens } = used;
    let (requests, last_used_at) = (usage.requests(), usage.last_used_at);
    view! {
        <td role="cell" class="end live" data-before="Live tokens:">
            {up_to(live_tokens)}
        </td>
        <td role="cell" class="drawn">
            <Sparkline usage/>
        </td>
        <td role="cell" class="end counted" data-before="Requests:">
            {thousands(requests)}
        </td>
        <td role="cell" class="used nowrap" data-before="Last used:">
            <LastUsed at=last_used_at now/>
        </td>
    }
}
