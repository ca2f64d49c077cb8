//! The header of a client's pages, with properties and tabs, and the notices below it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::addressed::AddressedClient;
use super::details::{DetailsRefused, EditDetails, OPENER};
use crate::domain::client::{Client, ClientState, Lifecycle};
use crate::domain::permission;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::components::badges::{LastUsed, ScopeChips, StatusBadge, Timestamp};
use crate::ui::components::button::CopyButton;
use crate::ui::components::icon::Icon;
use crate::ui::components::key::KeyTile;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::sparkline::Sparkline;

/// The header of a client's pages.
#[component]
pub fn ClientHead(
    /// The client.
    page: ClientPage,
    /// The client's resource.
    client: AddressedClient,
    /// The current tab.
    tab: Tab,
    /// The number of granted permissions, where it can change on the page.
    #[prop(optional, into)]
    granted: Option<Signal<usize>>,
) -> impl IntoView {
    let granted = granted.unwrap_or_else(|| Signal::stored(granted_count(&page)));
    let name = page.client.name.clone();
    let may_act = page.may_change && !page.client.lifecycle.is_revoked();
    let id = page.client.id.to_string();
    view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol class="row hint">
                    <li><a href="/system/api-clients">"API clients"</a></li>
                    <li aria-current="page">{name.clone()}</li>
                </ol>
            </nav>
            <div class="row title">
                <KeyTile cuts=page.client.id.cuts()/>
                <h1>{name}</h1>
                <StatusBadge state=page.state/>
                {may_act.then(|| view! { <ClientActions id=id.clone()/> })}
            </div>
            <Facts page=page.clone()/>
            <Tabs id=id.clone() tab granted grantable=page.catalog.permission_count()/>
        </header>
        {may_act.then(|| view! { <EditDetails page=page.clone() client tab/> })}
    }
}

/// Notices about the client, above the contents of each of its pages.
#[component]
pub fn ClientNotices(
    /// The client.
    page: ClientPage,
    /// The client's resource.
    client: AddressedClient,
    /// The message for `?saved` on this page.
    saved: &'static str,
) -> impl IntoView {
    let query = use_query_map();
    let is_saved = move || query.read().get("saved").is_some();
    let state = match page.state {
        ClientState::Suspended => {
            Some("This client is suspended: it gets no tokens, and those it has do not work.")
        }
        ClientState::Expired => {
            Some("This client has expired: it gets no tokens, and those it has do not work.")
        }
        ClientState::Active | ClientState::Expiring { .. } | ClientState::Revoked => None,
    };
    view! {
        {move || is_saved().then(|| view! { <Notice tone=Tone::Accent icon="check">{saved}</Notice> })}
        <DetailsRefused update=client.update/>
        {state.map(|sentence| view! { <Notice tone=Tone::Warn icon="info">{sentence}</Notice> })}
    }
}

/// How many permissions of the catalogue a client has.
#[must_use]
pub fn granted_count(page: &ClientPage) -> usize {
    page.client
        .permissions
        .iter()
        .filter(|held| page.catalog.permission(held.as_str()).is_some())
        .count()
}

/// The actions on the client.
#[component]
fn ClientActions(id: String) -> impl IntoView {
    view! {
        <div class="row push">
            <button class="btn" type="button" id=OPENER popovertarget="edit-details"><Icon name="pencil"/>"Edit details"</button>
            <a class="btn warns" href=format!("/system/api-clients/{id}/revoke")><Icon name="ban"/>"Revoke…"</a>
        </div>
    }
}

#[component]
fn Facts(page: ClientPage) -> impl IntoView {
    let ClientPage {
        client,
        organization,
        usage,
        now,
        ..
    } = page;
    let id = client.id.to_string();
    let may = may(&client);
    let (expires, revoked) = match client.lifecycle {
        Lifecycle::Live { expires_at, .. } => {
            let end = match expires_at {
                Some(at) => view! { <Timestamp at now/> }.into_any(),
                None => "Never".into_any(),
            };
            (
                Some(view! { <div><dt>"Expires"</dt><dd>{end}</dd></div> }),
                None,
            )
        }
        Lifecycle::Revoked { at, by } => {
            let revoked = view! { <div><dt>"Revoked"</dt><dd><span><Timestamp at now/>" by " {by}</span></dd></div> };
            (None, Some(revoked))
        }
    };
    view! {
        <dl class="facts">
            <div>
                <dt>"Client ID"</dt>
                <dd><span class="id"><code>{id.clone()}</code><CopyButton text=id label="Copy client ID"/></span></dd>
            </div>
            <div><dt>"Organization"</dt><dd>{organization_link(client.organization_id, organization)}</dd></div>
            <div><dt>"Scopes, fixed at creation"</dt><dd><ScopeChips scopes=client.scopes/></dd></div>
            <div><dt>"May"</dt><dd>{may}</dd></div>
            {expires}
            <div><dt>"Created"</dt><dd><span><Timestamp at=client.created_at now/>" by " {client.created_by}</span></dd></div>
            <div><dt>"Last used"</dt><dd><LastUsed at=usage.last_used_at now/></dd></div>
            <div><dt>"14 days"</dt><dd><Sparkline usage/></dd></div>
            {revoked}
        </dl>
    }
}

fn organization_link(
    id: Option<crate::domain::ids::OrganizationId>,
    name: Option<String>,
) -> AnyView {
    match (id, name) {
        (Some(id), Some(name)) => {
            view! { <a class="link" href=format!("/system/api-clients?organization={id}")>{name}</a> }.into_any()
        }
        _ => "None".into_any(),
    }
}

/// The client's switches for participants, in words.
fn may(client: &Client) -> &'static str {
    match (
        client.holds(permission::IMPERSONATE),
        client.holds(permission::LOGIN),
    ) {
        (true, true) => "Impersonate, log in",
        (true, false) => "Impersonate",
        (false, true) => "Log in",
        (false, false) => "Nothing special",
    }
}

#[component]
fn Tabs(id: String, tab: Tab, granted: Signal<usize>, grantable: usize) -> impl IntoView {
    let current = move |this: Tab| (this == tab).then_some("page");
    view! {
        <nav class="tabs" aria-label="This client">
            <a href=client_page(&id, Tab::Credentials) aria-current=current(Tab::Credentials)>"Credentials"</a>
            <a href=client_page(&id, Tab::Permissions) aria-current=current(Tab::Permissions)>
                "Permissions "
                <span class="count">{move || format!("{}/{grantable}", granted.get())}</span>
            </a>
        </nav>
    }
}
