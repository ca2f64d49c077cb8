//! `/system/catalogue`: every scope and permission, what it means, and how many clients have it.

use axum::response::Response;
use leptos::prelude::*;

use crate::domain::catalog::{Group, Permission, Risk, Scope};
use crate::domain::scope::SYSTEM;
use crate::domain::view::{CatalogPage, HeldByClients, PermissionHolders};
use crate::ui::addresses::{clients_with_permission, clients_with_scope};
use crate::ui::components::catalog::{Holders, KnownPermission};
use crate::ui::components::choice::HighRisk;
use crate::ui::components::frame::PageHead;
use crate::ui::components::permission::PermissionName;
use crate::ui::page::{AdminRequest, Page};

/// The catalogue.
pub async fn page(request: AdminRequest) -> Response {
    match request.console().show_catalog(&request.actor).await {
        Ok(catalog) => {
            let page = Page::new("Catalogue", move || view! { <Contents catalog/> });
            request.answer(page).await
        }
        Err(error) => {
            request
                .failed("The catalogue could not be loaded", error)
                .await
        }
    }
}

/// The loaded page.
#[component]
fn Contents(catalog: CatalogPage) -> impl IntoView {
    let CatalogPage {
        catalog,
        held,
        retired,
    } = catalog;
    let entries = entries(&catalog.scopes, &catalog.unscoped, &retired);
    let (scopes, permissions) = (catalog.scopes.len(), catalog.permission_count());
    let scope = |scope: Scope| view! { <ScopeSection scope held=held.clone()/> };
    let sections = catalog.scopes.iter().cloned().map(scope).collect_view();
    let unscoped = (!catalog.unscoped.is_empty()).then(|| {
        let permissions = catalog.unscoped.clone();
        view! { <UnscopedSection permissions held=held.clone()/> }
    });
    let retired = (!retired.is_empty()).then(|| view! { <RetiredSection retired/> });
    view! {
        <PageHead title="Catalogue">
            <p class="sub">
                {format!("What this server knows: {scopes} scopes and {permissions} permissions. ")}
                "Clients that are revoked are not counted."
            </p>
        </PageHead>
        <div class="body">
            <div class="split">
                <nav class="toc" aria-label="Scopes">
                    <ul>{entries}</ul>
                </nav>
                <div class="stack">{sections} {unscoped} {retired}</div>
            </div>
        </div>
    }
}

/// The table of contents.
fn entries(
    scopes: &[Scope],
    unscoped: &[Permission],
    retired: &[PermissionHolders],
) -> Vec<AnyView> {
    let entry = |key: &str, title: &str, count: usize| {
        view! {
            <li>
                <a href=format!("#scope-{key}")>
                    <span>{title.to_owned()}</span>
                    <span class="count push">{count}</span>
                </a>
            </li>
        }
        .into_any()
    };
    let mut entries: Vec<AnyView> = scopes
        .iter()
        .map(|scope| entry(&scope.name, &scope.label, scope.permissions().count()))
        .collect();
    // Upper case, so that no scope's name can be equal.
    for (key, title, count) in [
        (UNSCOPED, "Participants", unscoped.len()),
        (RETIRED, "Retired", retired.len()),
    ] {
        if count > 0 {
            entries.push(entry(key, title, count));
        }
    }
    entries
}

const UNSCOPED: &str = "Participants";
const RETIRED: &str = "Retired";

/// A scope and its permissions.
#[component]
fn ScopeSection(scope: Scope, held: HeldByClients) -> impl IntoView {
    let Scope {
        name,
        label,
        description,
        risk,
        groups,
    } = scope;
    let class = if name == SYSTEM {
        "chip system"
    } else {
        "chip"
    };
    let clients = held.scopes.get(&name).copied().unwrap_or_default();
    let href = clients_with_scope(&name);
    let none = groups
        .iter()
        .all(|group| group.permissions.is_empty())
        .then(|| view! { <p class="hint">"It has no permissions of its own."</p> });
    let is_alone = groups.len() == 1;
    let of_scope = name.clone();
    let group = move |(index, group): (usize, Group)| {
        let id = format!("g-{of_scope}-{index}");
        view! { <GroupCard group id is_alone held=held.clone()/> }
    };
    let groups = groups.into_iter().enumerate().map(group).collect_view();
    view! {
        <section class="scope stack tight" id=format!("scope-{name}") aria-labelledby=format!("h-{name}")>
            <header class="row">
                <h2 id=format!("h-{name}")>{label}</h2>
                <span class=class translate="no">
                    {name.clone()}
                </span>
                {(risk == Risk::High).then(|| view! { <HighRisk/> })}
                <span class="row push">
                    <Holders clients href/>
                </span>
            </header>
            <p class="known-scope">{description}</p>
            {none}
            {groups}
        </section>
    }
}

/// A group of permissions; without a header of its own when it is the only one of its scope.
#[component]
fn GroupCard(group: Group, id: String, is_alone: bool, held: HeldByClients) -> impl IntoView {
    let heading = (!is_alone).then(|| group.label.clone());
    let header = heading.clone().map(|label| {
        view! {
            <header class="row">
                <h3 id=id>{label}</h3>
                <span class="count">{group.permissions.len()}</span>
            </header>
        }
    });
    view! {
        <div class="card group">
            {header}
            <KnownPermissions permissions=group.permissions held heading/>
        </div>
    }
}

#[component]
fn KnownPermissions(
    permissions: Vec<Permission>,
    held: HeldByClients,
    /// The heading above them.
    heading: Option<String>,
) -> impl IntoView {
    let row = |permission: Permission| {
        let clients = held.permissions.get(&permission.name);
        let clients = clients.copied().unwrap_or_default();
        view! { <KnownPermission permission clients heading=heading.clone()/> }
    };
    view! { <ul>{permissions.into_iter().map(row).collect_view()}</ul> }
}

/// The permissions that need no scope.
#[component]
fn UnscopedSection(permissions: Vec<Permission>, held: HeldByClients) -> impl IntoView {
    view! {
        <section class="scope stack tight" id=format!("scope-{UNSCOPED}") aria-labelledby=format!("h-{UNSCOPED}")>
            <header class="row">
                <h2 id=format!("h-{UNSCOPED}")>"Participants"</h2>
                <span class="hint">"Needs no scope"</span>
            </header>
            <div class="card group">
                <KnownPermissions permissions held heading=None/>
            </div>
        </section>
    }
}

/// Permissions that clients hold and the catalogue does not have.
#[component]
fn RetiredSection(retired: Vec<PermissionHolders>) -> impl IntoView {
    let row = |PermissionHolders {
                   permission,
                   clients,
               }: PermissionHolders| {
        let href = clients_with_permission(&permission);
        view! {
            <li class="known">
                <p class="hint">"Opens nothing any more"</p>
                <PermissionName name=permission/>
                <Holders clients href/>
            </li>
        }
    };
    view! {
        <section class="scope stack tight" id=format!("scope-{RETIRED}") aria-labelledby=format!("h-{RETIRED}")>
            <header class="row">
                <h2 id=format!("h-{RETIRED}")>"Retired"</h2>
                <span class="hint">"No longer in the catalogue, and still held: these open nothing and can only be removed."</span>
            </header>
            <div class="card group">
                <ul>{retired.into_iter().map(row).collect_view()}</ul>
            </div>
        </section>
    }
}
