//! `/system/organizations/:id`: one organization with its clients and participants, also below its dialogs.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::done::{DoneNotice, OrganizationChange};
use super::facts::Facts;
use crate::domain::organization::Organization;
use crate::domain::view::{OrganizationPage, UsedClient};
use crate::ui::addresses::{
    ARCHIVED_ORGANIZATIONS, AUDIT, ORGANIZATIONS, OrganizationAct, Tab, client_page, clients_of,
    new_client, of_organization, organization_dialog,
};
use crate::ui::components::audit_log::NewestEntries;
use crate::ui::components::badges::{StatusBadge, UsedOrNever};
use crate::ui::components::icon::Icon;
use crate::ui::components::key::DrawnKey;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::sparkline::Sparkline;
use crate::ui::components::table::{Column, Table};
use crate::ui::page::{AdminRequest, Page};

/// The page of an organization.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    answer(request, &id, ToOwned::to_owned, |_| ()).await
}

/// Answers with the page, and a dialog over it. `title_of` makes the title of the name.
pub(super) async fn answer<V: IntoView + 'static>(
    request: AdminRequest,
    id: &str,
    title_of: impl FnOnce(&str) -> String,
    dialog: impl FnOnce(OrganizationPage) -> V + Send + 'static,
) -> Response {
    // What is no number is no organization's id.
    let id = id.parse().unwrap_or_default();
    let loaded = request
        .console()
        .show_organization(&request.actor, id)
        .await;
    match loaded {
        Ok(page) => {
            let done = OrganizationChange::on_page(request.page.query(), id);
            let title = title_of(&page.summary.organization.name);
            let page = Page::new(title, move || {
                view! {
                    <Contents page=page.clone() done/>
                    {dialog(page)}
                }
            });
            request.answer(page).await
        }
        Err(error) => {
            request
                .failed("The organization could not be loaded", error)
                .await
        }
    }
}

/// The loaded page.
#[component]
fn Contents(page: OrganizationPage, done: Option<OrganizationChange>) -> impl IntoView {
    let organization = page.summary.organization.clone();
    let is_archived = organization.archived_at.is_some();
    let row = page.summary.clone();
    view! {
        <header class="page-head">
            <Crumbs organization=organization.clone()/>
            <div class="row title">
                <h1>
                    <bdi>{organization.name.clone()}</bdi>
                </h1>
                <State is_archived/>
                {page.may_change.then(|| view! { <Actions organization=organization.clone()/> })}
            </div>
            <Facts page=page.clone()/>
            {done.map(|change| view! { <DoneNotice change row/> })}
            {is_archived
                .then(|| {
                    view! {
                        <Notice tone=Tone::Warn icon="info">
                            "This organization is archived: its clients get no tokens, those they have do not work, and nobody can act for its participants."
                        </Notice>
                    }
                })}
        </header>
        <div class="body">
            <ClientsCard page=page.clone()/>
            <NewestEntries
                title="Recent changes"
                entries=page.changes
                none="Nothing was changed here yet."
                all=of_organization(AUDIT, organization.id)
                now=page.now
            />
        </div>
    }
}

/// The way back to the list that has the organization.
#[component]
fn Crumbs(organization: Organization) -> impl IntoView {
    let (href, list) = match organization.archived_at {
        Some(_) => (ARCHIVED_ORGANIZATIONS, "Archived organizations"),
        None => (ORGANIZATIONS, "Organizations"),
    };
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol class="row hint">
                <li>
                    <a href=href>{list}</a>
                </li>
                <li aria-current="page">
                    <bdi>{organization.name}</bdi>
                </li>
            </ol>
        </nav>
    }
}

/// Whether it is archived, as a shape and a word.
#[component]
fn State(is_archived: bool) -> impl IntoView {
    let (tone, word) = if is_archived {
        (Tone::Neutral, "Archived")
    } else {
        (Tone::Accent, "Active")
    };
    view! { <span class="status" data-tone=tone.as_str()>{word}</span> }
}

/// What can be done with it.
#[component]
fn Actions(organization: Organization) -> impl IntoView {
    let Organization {
        id, archived_at, ..
    } = organization;
    let last = if archived_at.is_some() {
        view! {
            <a class="btn" href=organization_dialog(id, OrganizationAct::Restore)>
                <Icon name="retry"/>
                "Restore…"
            </a>
        }
        .into_any()
    } else {
        view! {
            <a class="btn" href=organization_dialog(id, OrganizationAct::Host)>
                <Icon name="pencil"/>
                "Change host"
            </a>
            <a class="btn warns" href=organization_dialog(id, OrganizationAct::Archive)>
                <Icon name="ban"/>
                "Archive…"
            </a>
        }
        .into_any()
    };
    view! {
        <div class="row push">
            <a class="btn" href=organization_dialog(id, OrganizationAct::Rename)>
                <Icon name="pencil"/>
                "Rename"
            </a>
            {last}
        </div>
    }
}

const COLUMNS: &[Column] = &[
    Column::new("Client"),
    Column::new("14 days"),
    Column::new("Last used"),
    Column::new("Status"),
];

/// The busiest of its clients.
#[component]
fn ClientsCard(page: OrganizationPage) -> impl IntoView {
    let now = page.now;
    let organization = page.summary.organization;
    let id = organization.id;
    let add = (page.may_add_clients && organization.archived_at.is_none()).then(|| {
        view! {
            <a class="btn quiet small" href=new_client(id)>
                <Icon name="plus"/>
                "Client"
                <span class="sr">" for " {organization.name}</span>
            </a>
        }
    });
    let order = if page.usage.is_partial {
        let read = page.usage.read;
        format!("The busiest of {read} of its clients, then the newest")
    } else {
        "The busiest first, then the newest".to_owned()
    };
    let contents = if page.usage.clients.is_empty() {
        view! {
            <p class="pad hint">"It has no client that is not revoked."</p>
        }
        .into_any()
    } else {
        let rows = page
            .usage
            .clients
            .into_iter()
            .map(|used| view! { <ClientRow used now/> })
            .collect_view();
        view! {
            <Table
                class="used-clients"
                caption="Clients of this organization, the busiest of two weeks first, then the newest"
                columns=COLUMNS
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="clients">
            <header class="row">
                <h2 id="clients">"Clients"</h2>
                <span class="hint">{order}</span>
                <span class="row push">
                    {add}
                    <a class="btn quiet small" href=clients_of(id)>
                        "All clients"
                    </a>
                </span>
            </header>
            {contents}
        </section>
    }
}

#[component]
fn ClientRow(used: UsedClient, now: crate::domain::Time) -> impl IntoView {
    let UsedClient {
        client,
        state,
        usage,
    } = used;
    let id = client.id.to_string();
    let last_used_at = usage.last_used_at;
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <span class="who">
                    <DrawnKey cuts=client.id.cuts()/>
                    <a class="lead" href=client_page(&id, Tab::Credentials)>
                        <bdi>{client.name}</bdi>
                    </a>
                </span>
            </th>
            <td role="cell">
                <Sparkline usage/>
            </td>
            <td role="cell">
                <UsedOrNever at=last_used_at now/>
            </td>
            <td role="cell">
                <StatusBadge state/>
            </td>
        </tr>
    }
}
