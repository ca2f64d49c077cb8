//! `/system/organizations`: the list of organizations.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_query_map;

use super::done::{DoneNotice, OrganizationChange};
use crate::domain::count::Count;
use crate::domain::organization::OrganizationSummary;
use crate::domain::rights::Right;
use crate::domain::view::OrganizationList;
use crate::ui::addresses::{
    ARCHIVED_ORGANIZATIONS, CLIENTS, NEW_ORGANIZATION, new_client, organization_host,
};
use crate::ui::api::ApiRefusal;
use crate::ui::api::organizations::list_organizations;
use crate::ui::components::badges::{counted, thousands};
use crate::ui::components::empty::{Empty, Failed};
use crate::ui::components::icon::Icon;
use crate::ui::components::table::{Column, Table};
use crate::ui::viewer::{use_may, use_viewer, watch_session};

const COLUMNS: &[Column] = &[
    Column::new("Organization"),
    Column::new("Clients"),
    Column::with_class("ID", "end"),
    Column::new(""),
];

/// The list, below an open dialog.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(OrganizationChange::in_query));
    let answer = Resource::new(move || done.get(), |_| list_organizations());
    watch_session(move || answer.get().and_then(Result::err));
    let viewer = use_viewer();
    Effect::new(move || {
        if done.get().is_some() {
            viewer.refetch();
        }
    });
    view! {
        <Title text="Organizations"/>
        <Transition>
            <Loaded answer done/>
        </Transition>
        <Outlet/>
    }
}

/// The loaded page.
#[component]
fn Loaded(
    answer: Resource<Result<OrganizationList, ApiRefusal>>,
    done: Memo<Option<(OrganizationChange, crate::domain::ids::OrganizationId)>>,
) -> impl IntoView {
    let may_change = use_may(Right::ChangeOrganizations);
    let is_empty =
        Memo::new(move |_| matches!(answer.get(), Some(Ok(list)) if list.organizations.is_empty()));
    let contents = move || match answer.get() {
        None => ().into_any(),
        Some(Ok(list)) if list.organizations.is_empty() => {
            view! { <NoOrganizationsYet archived=list.archived/> }.into_any()
        }
        Some(Ok(list)) => view! { <OrganizationTable list/> }.into_any(),
        Some(Err(refusal)) => view! {
            <div class="body">
                <Failed what="The organizations could not be loaded" refusal/>
            </div>
        }
        .into_any(),
    };
    let notice = move || {
        let (change, id) = done.get()?;
        let list = answer.get()?.ok()?;
        let row = list
            .organizations
            .into_iter()
            .find(|row| row.organization.id == id)?;
        Some((change, row))
    };
    view! {
        <header class="page-head">
            <div class="row title">
                <h1>"Organizations"</h1>
                <Show when=move || may_change.get() && !is_empty.get()>
                    <div class="row push">
                        <AddLink/>
                    </div>
                </Show>
            </div>
            <p class="sub">"The tenants of this platform. A client belongs to one of them and sees nothing of the others."</p>
            {move || notice().map(|(change, row)| view! { <DoneNotice change row/> })}
        </header>
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
) -> impl IntoView {
    let may_change = use_may(Right::ChangeOrganizations);
    view! {
        <div class="body">
            <Empty title="No organizations yet">
                <p>
                    "An organization is a tenant of your platform. Add the first one, then give its programs their clients."
                </p>
                <Show when=move || may_change.get()>
                    <div class="row">
                        <AddLink/>
                    </div>
                </Show>
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

/// Every organization, by name.
#[component]
fn OrganizationTable(list: OrganizationList) -> impl IntoView {
    let total = match list.organizations.len() {
        1 => "1 organization.".to_owned(),
        count => format!(
            "{} organizations.",
            thousands(i64::try_from(count).unwrap_or(i64::MAX))
        ),
    };
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
    let rows = list
        .organizations
        .into_iter()
        .map(|row| view! { <OrganizationRow row/> })
        .collect_view();
    view! {
        <Table class="orgs" caption="Organizations by name" columns=COLUMNS>
            {rows}
        </Table>
        <p class="pager row">
            <span>{total} {unbound} " " <ArchivedLink archived=list.archived/></span>
        </p>
    }
}

/// One organization. Its id is shown because `api-client` needs it.
#[component]
fn OrganizationRow(row: OrganizationSummary) -> impl IntoView {
    let OrganizationSummary {
        organization,
        active_clients,
        revoked_clients,
    } = row;
    let may_change = use_may(Right::ChangeOrganizations);
    let revoked = (!revoked_clients.is_none())
        .then(|| view! { <span class="hint">", " {counted(revoked_clients)} " revoked"</span> });
    let id = organization.id;
    let name = organization.name.clone();
    let action = move || {
        let (for_client, for_host) = (name.clone(), name.clone());
        may_change.get().then(|| {
            view! {
                <div class="row">
                    <a class="btn quiet small" href=organization_host(id)>
                        "Host"
                        <span class="sr">" of " {for_host}</span>
                    </a>
                    <a class="btn quiet small" href=new_client(id)>
                        <Icon name="plus"/>
                        "Client"
                        <span class="sr">" for " {for_client}</span>
                    </a>
                </div>
            }
        })
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a class="lead" href=format!("{CLIENTS}?organization={}", organization.id)>
                    {organization.name}
                </a>
                {organization.host.map(|host| view! { <small>{host.to_string()}</small> })}
            </th>
            <td role="cell">{counted(active_clients)} " active" {revoked}</td>
            <td role="cell" class="end" data-label="(ID)">
                <code>{organization.id.0}</code>
            </td>
            <td role="cell" class="end do">
                {action}
            </td>
        </tr>
    }
}
