//! The facts about an organization, at the head of its page.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::organization::OrganizationSummary;
use crate::domain::usage::DAYS;
use crate::domain::view::{OrganizationPage, OrganizationUsage};
use crate::ui::addresses::{PARTICIPANTS, clients_of, of_organization};
use crate::ui::components::badges::{LastUsed, Timestamp, counted, thousands, up_to};
use crate::ui::components::frame::fact;
use crate::ui::components::sparkline::Sparkline;

/// The facts about it.
#[component]
pub(super) fn Facts(page: OrganizationPage) -> impl IntoView {
    let now = page.now;
    let OrganizationSummary {
        organization,
        active_clients,
        revoked_clients,
    } = page.summary;
    let id = organization.id;
    let host = match organization.host {
        Some(host) => view! { <code>{host.to_string()}</code> }.into_any(),
        None => "None".into_any(),
    };
    let archived = organization
        .archived_at
        .map(|at| fact("Archived", view! { <Timestamp at now/> }.into_any()));
    let noun = if (page.participants.number, page.participants.or_more) == (1, false) {
        "participant"
    } else {
        "participants"
    };
    let clients = view! {
        <span>
            <a class="link" href=clients_of(id)>
                {counted(active_clients)}
                " active"
            </a>
            {(!revoked_clients.is_none()).then(|| format!(", {} revoked", counted(revoked_clients)))}
        </span>
    };
    let participants = view! {
        <a class="link" href=of_organization(PARTICIPANTS, id)>
            {counted(page.participants)}
            " "
            {noun}
        </a>
    };
    view! {
        <dl class="facts">
            {fact("ID", view! { <code>{id.0}</code> }.into_any())}
            {fact("Host", host)}
            {fact("Created", view! { <Timestamp at=organization.created_at now/> }.into_any())}
            {archived}
            {fact("Clients", clients.into_any())}
            {fact("Participants", participants.into_any())}
            <Usage usage=page.usage now/>
        </dl>
    }
}

/// What its clients did.
#[component]
fn Usage(usage: OrganizationUsage, now: Time) -> impl IntoView {
    let requests = usage.sum.requests();
    let noun = if requests == 1 { "request" } else { "requests" };
    let of = format!("{} {noun} in {DAYS} days", thousands(requests));
    let last_used_at = usage.sum.last_used_at;
    let drawn = usage.sum.clone();
    let live = up_to(usage.live_tokens);
    view! {
        {fact("Live tokens", live.into_any())}
        {fact("Last used", view! { <LastUsed at=last_used_at now/> }.into_any())}
        {fact(
            "Requests of its clients",
            view! {
                <Sparkline usage=drawn/>
                <span class="hint">{of}</span>
            }
                .into_any(),
        )}
    }
}
