//! The clients of an act on several, each with what somebody has to know before.

use leptos::prelude::*;

use super::bulk_done::number_of_clients;
use crate::domain::Time;
use crate::domain::client::{BulkAct, BulkPreview, BulkRow, Obstacle};
use crate::domain::words::en::event::author;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::components::badges::{StatusBadge, Timestamp, UsedOrNever};
use crate::ui::components::table::{Column, Table};

const ABLE: &[Column] = &[
    Column::new("Name and client ID"),
    Column::new("Organization"),
    Column::new("Last used"),
    Column::new("Status"),
];

const UNABLE: &[Column] = &[
    Column::new("Name and client ID"),
    Column::new("Organization"),
    Column::with_class("Why not", "full"),
];

/// Those that the act is done to.
#[component]
pub(super) fn AbleCard(preview: BulkPreview) -> impl IntoView {
    let clients = number_of_clients(preview.able.len());
    let now = preview.now;
    let rows = preview.able.into_iter().map(move |row| {
        let (used, state) = (row.usage.last_used_at, row.state);
        view! {
            <tr role="row">
                <Name row=row.clone()/>
                <Organization row/>
                <td role="cell" class="nowrap">
                    <UsedOrNever at=used now/>
                </td>
                <td role="cell">
                    <StatusBadge state/>
                </td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="able">
            <header class="row">
                <h2 id="able">{clients}</h2>
            </header>
            <Table class="chosen" caption="The chosen clients" columns=ABLE>
                {rows.collect_view()}
            </Table>
        </section>
    }
}

/// Those that it cannot be done to, with the reasons; nothing where there is none.
#[component]
pub(super) fn UnableCard(preview: BulkPreview) -> impl IntoView {
    let number = preview.unable.len() + preview.unknown.len();
    let now = preview.now;
    let rows = preview.unable.into_iter().map(move |unable| {
        view! {
            <tr role="row">
                <Name row=unable.row.clone()/>
                <Organization row=unable.row/>
                <td role="cell" class="full">
                    <Why obstacle=unable.obstacle now/>
                </td>
            </tr>
        }
    });
    let unknown = preview.unknown.into_iter().map(|id| {
        view! {
            <tr role="row">
                <th role="rowheader" scope="row">
                    <code>{id}</code>
                </th>
                <td role="cell"></td>
                <td role="cell" class="full">
                    "There is no such client."
                </td>
            </tr>
        }
    });
    let participle = match preview.act {
        BulkAct::Revoke => "revoked",
        BulkAct::Suspend => "suspended",
        BulkAct::Resume => "resumed",
        BulkAct::Expire => "given an expiry",
    };
    let heading = format!("{} cannot be {participle}", number_of_clients(number));
    (number > 0).then(|| {
        view! {
            <section class="card" aria-labelledby="unable">
                <header class="row">
                    <h2 id="unable">{heading}</h2>
                </header>
                <Table class="chosen left-out" caption="Clients that stay as they are" columns=UNABLE>
                    {rows.collect_view()}
                    {unknown.collect_view()}
                </Table>
            </section>
        }
    })
}

#[component]
fn Name(row: BulkRow) -> impl IntoView {
    let client = row.summary.client;
    view! {
        <th role="rowheader" scope="row">
            <a class="lead" href=client_page(client.id.as_str(), Tab::Credentials)>
                <bdi>{client.name}</bdi>
            </a>
            <small>
                <code>{client.id.to_string()}</code>
            </small>
        </th>
    }
}

#[component]
fn Organization(row: BulkRow) -> impl IntoView {
    let organization = row.summary.organization.map_or_else(
        || view! { <span class="hint">"All organizations"</span> }.into_any(),
        |name| view! { <bdi>{name}</bdi> }.into_any(),
    );
    view! { <td role="cell">{organization}</td> }
}

/// Why an act cannot be done to a client.
#[component]
fn Why(obstacle: Obstacle, now: Time) -> impl IntoView {
    match obstacle {
        Obstacle::Revoked { at, by } => view! {
            "It was revoked by "
            <bdi>{author(&by)}</bdi>
            ", "
            <Timestamp at now inside=true/>
            "."
        }
        .into_any(),
        Obstacle::Suspended { since } => view! {
            "It was suspended "
            <Timestamp at=since now inside=true/>
            "."
        }
        .into_any(),
        Obstacle::NotSuspended => "It is not suspended.".into_any(),
    }
}
