//! `/system/organizations`: the tenants, and the dialog that adds one.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_query_map;

use crate::domain::count::Count;
use crate::domain::organization::{NewOrganization, OrganizationSummary};
use crate::domain::rights::Right;
use crate::domain::view::OrganizationList;
use crate::ui::api::Refusal;
use crate::ui::api::organizations::{CreateOrganization, list_organizations};
use crate::ui::components::badges::{counted, thousands};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::empty::{Empty, Failed};
use crate::ui::components::field::{
    Answer, ErrorSummary, Field, Input, PostForm, field_error, refusal_of,
};
use crate::ui::components::frame::{CLIENTS, ORGANIZATIONS, use_may, use_viewer, watch_session};
use crate::ui::components::icon::Icon;
use crate::ui::components::table::{Column, Table};
use crate::ui::refused::form_action;

pub mod archived;
mod done;
pub mod host;

use done::{Change, DoneNotice};

/// The address of the dialog.
const NEW: &str = "/system/organizations/new";

/// The address of the archived ones.
const ARCHIVED: &str = "/system/organizations/archived";

const ANSWERS: &[Answer] = &[
    Answer {
        field: "name",
        label: "Name",
        id: "organization-name",
    },
    Answer {
        field: "host",
        label: "Host",
        id: "organization-host",
    },
];

const COLUMNS: &[Column] = &[
    Column::new("Organization"),
    Column::new("Clients"),
    Column::with_class("ID", "end"),
    Column::new(""),
];

/// The list, under the dialog when that is open.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(Change::in_query));
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

/// The page once there is an answer.
#[component]
fn Loaded(
    answer: Resource<Result<OrganizationList, Refusal>>,
    done: Memo<Option<(Change, i64)>>,
) -> impl IntoView {
    let may_change = use_may(Right::ChangeOrganizations);
    let is_empty =
        Memo::new(move |_| matches!(answer.get(), Some(Ok(list)) if list.organizations.is_empty()));
    let contents = move || match answer.get() {
        None => ().into_any(),
        Some(Ok(list)) if list.organizations.is_empty() => {
            view! { <NeverAny archived=list.archived/> }.into_any()
        }
        Some(Ok(list)) => view! { <Rows list/> }.into_any(),
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

/// The way to the dialog.
#[component]
fn AddLink() -> impl IntoView {
    view! {
        <a class="btn fill" href=NEW>
            <Icon name="plus"/>
            "Add organization"
        </a>
    }
}

/// The page before the first organization.
#[component]
fn NeverAny(
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

/// The way to the archived ones, when there are any.
#[component]
fn ArchivedLink(
    /// How many are archived.
    archived: i64,
) -> impl IntoView {
    (archived > 0).then(|| {
        view! {
            <a class="link" href=ARCHIVED>
                {thousands(archived)}
                " archived"
            </a>
        }
    })
}

/// Every organization, by name.
#[component]
fn Rows(list: OrganizationList) -> impl IntoView {
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
        .map(|row| view! { <Row row/> })
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

/// One organization. Its id is shown because people type it.
#[component]
fn Row(row: OrganizationSummary) -> impl IntoView {
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
                    <a class="btn quiet small" href=host_page(id)>
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
                <code>{organization.id}</code>
            </td>
            <td role="cell" class="end do">
                {action}
            </td>
        </tr>
    }
}

fn host_page(organization: i64) -> String {
    format!("{ORGANIZATIONS}/{organization}/host")
}

fn new_client(organization: i64) -> String {
    format!("{CLIENTS}/new?organization={organization}")
}

/// `/system/organizations/new`: adds an organization, over the list.
#[component]
pub fn NewOrganizationDialog() -> impl IntoView {
    let create = form_action::<CreateOrganization>();
    let refusal = refusal_of(create);
    let typed: NewOrganization = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed())
        .unwrap_or_default();
    let error = move |field| field_error(refusal, field);
    view! {
        <Title text="Add organization"/>
        <Dialog title_id="new-organization" close_href=ORGANIZATIONS>
            <PostForm action=create back=NEW class="pad" {..} novalidate=true>
                <h2 id="new-organization">"Add organization"</h2>
                <ErrorSummary what="The organization was not added" refusal answers=ANSWERS/>
                <Field id="organization-name" label=|| "Name" error=error("name")>
                    <Input {..} name="form[name]" required=true maxlength="120" autocomplete="off" autofocus=true value=typed.name/>
                </Field>
                <Field
                    id="organization-host"
                    label=|| "Host (optional)"
                    hint=|| "The address participants use, without https://"
                    error=error("host")
                >
                    <Input
                        {..}
                        class:mono=true
                        name="form[host]"
                        inputmode="url"
                        placeholder="participate.city.example"
                        autocomplete="off"
                        value=typed.host
                    />
                </Field>
                <footer class="row">
                    <a class="btn" href=ORGANIZATIONS>
                        "Cancel"
                    </a>
                    <SubmitButton label="Add organization" pending_label="Adding…" pending=create.pending()/>
                </footer>
            </PostForm>
        </Dialog>
    }
}
