//! The header of a client's pages, with facts and tabs, and the notices below it.

use leptos::prelude::*;

use super::details::{DetailsRefused, EditDetails, OPENER};
use crate::domain::client::{Client, ClientState, Lifecycle};
use crate::domain::ids::OrganizationId;
use crate::domain::permission;
use crate::domain::refusal::CountedRefusal;
use crate::domain::view::ClientPage;
use crate::domain::words::en::event::author;
use crate::domain::words::en::tokens::refused_shortly;
use crate::ui::addresses::{CLIENTS, Tab, client_page, revoke_client};
use crate::ui::api::ApiRefusal;
use crate::ui::components::badges::{LastUsed, ScopeChips, StatusBadge, Timestamp};
use crate::ui::components::button::CopyButton;
use crate::ui::components::icon::Icon;
use crate::ui::components::key::KeyTile;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::part::Part;
use crate::ui::components::sparkline::Sparkline;

/// The header of a client's pages.
#[component]
pub fn ClientHead(
    /// The client.
    page: ClientPage,
    /// The current tab.
    tab: Tab,
    /// The refusal of the details form, if this page answers it.
    details: Option<ApiRefusal>,
) -> impl IntoView {
    let name = page.client.name.clone();
    let here = name.clone();
    let may_act = page.may_change && !page.client.lifecycle.is_revoked();
    let id = page.client.id.to_string();
    let granted = granted_count(&page);
    let follow = format!("client:{id}");
    view! {
        <header class="page-head" data-follow=follow>
            <Crumbs>
                <bdi data-part="name">{here}</bdi>
            </Crumbs>
            <div class="row title">
                <KeyTile cuts=page.client.id.cuts() is_gone=page.client.lifecycle.is_revoked()/>
                <h1>
                    <bdi data-part="name">{name}</bdi>
                </h1>
                <span data-part="status">
                    <StatusBadge state=page.state/>
                </span>
                <div class="row push" data-part="actions">
                    {may_act.then(|| view! { <ClientActions id=id.clone() tab/> })}
                </div>
            </div>
            <Facts page=page.clone() tab/>
            <Tabs id tab granted grantable=page.catalog.permission_count()/>
        </header>
        {may_act.then(|| view! { <EditDetails page tab refusal=details/> })}
    }
}

/// The way back to the list from the page that is named last.
#[component]
pub fn Crumbs(
    /// The name of the page.
    children: Children,
) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol class="row hint">
                <li>
                    <a href=CLIENTS>"API clients"</a>
                </li>
                <li aria-current="page">{children()}</li>
            </ol>
        </nav>
    }
}

/// Notices about the client, above the contents of each of its pages.
#[component]
pub fn ClientNotices(
    /// The client.
    page: ClientPage,
    /// The refusal of the details form, if this page answers it.
    details: Option<ApiRefusal>,
    /// What was saved, when the address has `?saved`.
    saved: Option<&'static str>,
) -> impl IntoView {
    let state = match page.state {
        ClientState::Suspended => {
            Some("This client is suspended: it gets no tokens, and those it has do not work.")
        }
        ClientState::Expired if page.may_change => Some(
            "This client has expired: it gets no tokens, and those it has do not work. Choose a later day under Edit details.",
        ),
        ClientState::Expired => {
            Some("This client has expired: it gets no tokens, and those it has do not work.")
        }
        ClientState::Active | ClientState::Expiring { .. } | ClientState::Revoked => None,
    };
    let last = page.last_refusal.clone();
    let refused = last.map(|last| view! { <RefusedLately page last/> });
    view! {
        {saved.map(|saved| view! { <Notice tone=Tone::Accent icon="check">{saved}</Notice> })}
        <DetailsRefused refusal=details/>
        <Part name="notices">
            {state.map(|sentence| view! { <Notice tone=Tone::Warn icon="info">{sentence}</Notice> })}
            {refused}
        </Part>
    }
}

/// The line about requests that were refused in the last 24 hours.
#[component]
fn RefusedLately(page: ClientPage, last: CountedRefusal) -> impl IntoView {
    let why = format!(
        "{}#refused",
        client_page(page.client.id.as_str(), Tab::Tokens)
    );
    view! {
        <Notice tone=Tone::Warn icon="warn">
            {format!("Refused in the last 24 hours: {}, last ", refused_shortly(last.reason))}
            <Timestamp at=last.last_at now=page.now inside=true/>
            ". "
            <a class="link" href=why>
                "See why"
            </a>
        </Notice>
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
fn ClientActions(
    /// The client's id.
    id: String,
    /// The tab to return to.
    tab: Tab,
) -> impl IntoView {
    view! {
        <button class="btn" type="button" id=OPENER popovertarget="edit-details">
            <Icon name="pencil"/>
            "Edit details"
        </button>
        <a class="btn warns" href=revoke_client(&id, tab)>
            <Icon name="ban"/>
            "Revoke…"
        </a>
    }
}

/// The facts about a client. Its id is among them unless the tab shows it.
#[component]
fn Facts(page: ClientPage, tab: Tab) -> impl IntoView {
    let ClientPage {
        client,
        organization,
        usage,
        now,
        ..
    } = page;
    let id = (tab != Tab::Credentials).then(|| {
        let id = client.id.to_string();
        view! {
            <span class="id">
                <code>{id.clone()}</code>
                <CopyButton text=id label="Copy client ID"/>
            </span>
        }
    });
    let may = may(&client);
    let (expires, revoked) = match client.lifecycle {
        Lifecycle::Live { expires_at, .. } => {
            let term = match expires_at {
                Some(at) if at <= now => "Expired",
                _ => "Expires",
            };
            let end = match expires_at {
                Some(at) => view! { <Timestamp at now/> }.into_any(),
                None => "Never".into_any(),
            };
            (Some(view! { <Fact term>{end}</Fact> }), None)
        }
        Lifecycle::Revoked { at, by } => {
            let revoked =
                view! { <span><Timestamp at now/> " by " <bdi>{author(&by)}</bdi></span> };
            (None, Some(revoked))
        }
    };
    view! {
        <dl class="facts" data-part="facts">
            {id.map(|id| view! { <Fact term="Client ID">{id}</Fact> })}
            <Fact term="Organization">{organization_link(client.organization_id, organization)}</Fact>
            <Fact term="Scopes, fixed at creation">
                <ScopeChips scopes=client.scopes/>
            </Fact>
            {may.map(|may| view! { <Fact term="May">{may}</Fact> })}
            {expires}
            <Fact term="Created">
                <span><Timestamp at=client.created_at now/> " by " <bdi>{author(&client.created_by)}</bdi></span>
            </Fact>
            <Fact term="Last used">
                // Written anew when the client is used.
                <span data-last-used="">
                    <LastUsed at=usage.last_used_at now/>
                </span>
                // Together, so that neither is alone on a line.
                <span class="row">
                    <span class="part" data-requests="">
                        <Sparkline usage/>
                    </span>
                    <span class="hint">"14 days"</span>
                </span>
            </Fact>
            {revoked.map(|revoked| view! { <Fact term="Revoked">{revoked}</Fact> })}
        </dl>
    }
}

/// One fact.
#[component]
fn Fact(term: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

fn organization_link(id: Option<OrganizationId>, name: Option<String>) -> AnyView {
    match (id, name) {
        (Some(id), Some(name)) => view! {
            <a class="link" href=format!("{CLIENTS}?organization={id}")>
                <bdi>{name}</bdi>
            </a>
        }
        .into_any(),
        _ => "None".into_any(),
    }
}

/// The client's switches for participants, in words.
fn may(client: &Client) -> Option<&'static str> {
    match (
        client.holds(permission::IMPERSONATE),
        client.holds(permission::LOGIN),
    ) {
        (true, true) => Some("Impersonate, log in"),
        (true, false) => Some("Impersonate"),
        (false, true) => Some("Log in"),
        (false, false) => None,
    }
}

/// The tabs. The count of granted permissions has an id, so that a script can update it: that of the switches where they are.
#[component]
fn Tabs(id: String, tab: Tab, granted: usize, grantable: usize) -> impl IntoView {
    let current = move |this: Tab| (this == tab).then_some("page");
    let part = (tab != Tab::Permissions).then_some("granted");
    view! {
        <nav class="tabs" aria-label="This client">
            <a href=client_page(&id, Tab::Credentials) aria-current=current(Tab::Credentials)>
                "Credentials"
            </a>
            <a href=client_page(&id, Tab::Permissions) aria-current=current(Tab::Permissions)>
                "Permissions "
                <span class="count" id="granted-count" data-part=part>
                    {format!("{granted}/{grantable}")}
                </span>
            </a>
            <a href=client_page(&id, Tab::Tokens) aria-current=current(Tab::Tokens)>
                "Tokens"
            </a>
            <a href=client_page(&id, Tab::Activity) aria-current=current(Tab::Activity)>
                "Activity"
            </a>
        </nav>
    }
}
