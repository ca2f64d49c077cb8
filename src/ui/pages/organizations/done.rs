//! The notice on the list after a change of an organization.

use leptos::prelude::*;

use crate::domain::address::parameter;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::{Organization, OrganizationSummary};
use crate::ui::addresses::{OrganizationAct, new_client, organization_dialog};
use crate::ui::components::notice::{Notice, Tone};

/// A change of an organization, as the address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrganizationChange {
    /// Created.
    Created(OrganizationId),
    /// Its host was changed or removed.
    HostChanged(OrganizationId),
    /// Restored; said on its page alone.
    Restored(OrganizationId),
    /// Renamed; said on its page alone.
    Renamed(OrganizationId),
    /// Archived; said on its page alone.
    Archived(OrganizationId),
}

impl OrganizationChange {
    /// The change in the query of the address.
    pub(super) fn in_query(query: &str) -> Option<Self> {
        let id = |name| parameter(query, name)?.parse().ok();
        None.or_else(|| id("created").map(Self::Created))
            .or_else(|| id("changed").map(Self::HostChanged))
    }

    /// The change in the query of the organization's own page.
    pub(super) fn on_page(query: &str, id: OrganizationId) -> Option<Self> {
        let is_done = |name| parameter(query, name).is_some();
        let done = [
            ("renamed", Self::Renamed(id)),
            ("changed", Self::HostChanged(id)),
            ("archived", Self::Archived(id)),
            ("restored", Self::Restored(id)),
        ];
        done.into_iter()
            .find_map(|(name, change)| is_done(name).then_some(change))
    }

    /// The organization.
    pub(super) fn organization(self) -> OrganizationId {
        let (Self::Created(id)
        | Self::HostChanged(id)
        | Self::Restored(id)
        | Self::Renamed(id)
        | Self::Archived(id)) = self;
        id
    }
}

/// The notice.
#[component]
pub(super) fn DoneNotice(change: OrganizationChange, row: OrganizationSummary) -> impl IntoView {
    match change {
        OrganizationChange::Created(_) => view! { <CreatedNotice row/> }.into_any(),
        OrganizationChange::HostChanged(_) => {
            view! { <HostNotice organization=row.organization/> }.into_any()
        }
        OrganizationChange::Restored(_) => {
            view! { <RestoredNotice organization=row.organization/> }.into_any()
        }
        OrganizationChange::Renamed(_) => view! {
            <Notice tone=Tone::Accent icon="check">
                <strong>"It is called " <bdi>{row.organization.name}</bdi> " from now on."</strong>
                " Its ID, its clients and their tokens stay as they were."
            </Notice>
        }
        .into_any(),
        OrganizationChange::Archived(_) => view! {
            <Notice tone=Tone::Accent icon="check">
                <strong><bdi>{row.organization.name}</bdi> " was archived."</strong>
                " Its clients and their tokens stopped working at once. It can be restored."
            </Notice>
        }
        .into_any(),
    }
}

/// An organization was added; with the next step.
#[component]
fn CreatedNotice(row: OrganizationSummary) -> impl IntoView {
    let next = row
        .active_clients
        .plus(row.revoked_clients)
        .is_none()
        .then(|| {
            view! {
                <a class="link" href=new_client(row.organization.id)>
                    "Create its first client"
                </a>
            }
        });
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong><bdi>{row.organization.name}</bdi> " was added."</strong>
            " Its ID is "
            <code>{row.organization.id.0}</code>
            ". "
            {next}
        </Notice>
    }
}

/// An organization's host was changed.
#[component]
fn HostNotice(organization: Organization) -> impl IntoView {
    let Organization { name, host, .. } = organization;
    let sentence = match host {
        Some(host) => view! {
            <strong><bdi>{name}</bdi> " has the host " <code>{host.to_string()}</code> "."</strong>
            " From now on this host accepts only this organization’s clients. No token was revoked."
        }
        .into_any(),
        None => view! {
            <strong><bdi>{name}</bdi> " has no host of its own."</strong>
            " Its clients use this server's address. No token was revoked."
        }
        .into_any(),
    };
    view! { <Notice tone=Tone::Accent icon="check">{sentence}</Notice> }
}

/// An organization was restored; with the next step.
#[component]
fn RestoredNotice(organization: Organization) -> impl IntoView {
    let host = organization.host.is_none().then(|| {
        view! {
            " It has no host of its own. "
            <a class="link" href=organization_dialog(organization.id, OrganizationAct::Host)>
                "Give it one"
            </a>
        }
    });
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong><bdi>{organization.name}</bdi> " was restored."</strong>
            " Its clients work again; tokens that were issued before do not."
            {host}
        </Notice>
    }
}
