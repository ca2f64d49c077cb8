//! A permission as the catalogue has it: what it means, and how many clients hold it.

use leptos::prelude::*;

use super::badges::counted;
use super::choice::HighRisk;
use super::permission::PermissionName;
use crate::domain::catalog::{Permission, Risk};
use crate::domain::count::Count;
use crate::ui::addresses::clients_with_permission;

/// The badge of an event, unless the heading says the same.
const EVENT: &str = "Webhook event";

/// One permission of the catalogue.
#[component]
pub fn KnownPermission(
    /// The permission.
    permission: Permission,
    /// How many clients hold it.
    clients: Count,
    /// The heading above it.
    heading: Option<String>,
) -> impl IntoView {
    let Permission {
        name,
        label,
        description,
        risk,
        event,
    } = permission;
    let is_said = heading.is_some_and(|heading| heading.starts_with(EVENT));
    let event = (event && !is_said).then(|| {
        view! { <span class="badge" data-tone="neutral">{EVENT}</span> }
    });
    let href = clients_with_permission(&name);
    view! {
        <li class="known">
            <div>
                <p class="row tight">
                    <strong>{label}</strong>
                    {(risk == Risk::High).then(|| view! { <HighRisk/> })}
                    {event}
                </p>
                <p class="hint">{description}</p>
            </div>
            <PermissionName name/>
            <Holders clients href/>
        </li>
    }
}

/// How many clients have something, with a link to them.
#[component]
pub fn Holders(
    /// How many.
    clients: Count,
    /// The list of them.
    href: String,
) -> impl IntoView {
    let noun = if clients == Count::exactly(1) {
        "client"
    } else {
        "clients"
    };
    if clients.is_none() {
        return view! { <span class="hint holders">"No client"</span> }.into_any();
    }
    view! {
        <a class="link holders" href=href>
            {counted(clients)}
            " "
            {noun}
        </a>
    }
    .into_any()
}
