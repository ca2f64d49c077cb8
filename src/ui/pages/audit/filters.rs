//! The filters of the audit log: a plain form, which `islands::filters` sends while it is filled in.

use leptos::prelude::*;

use super::list_query::AuditQuery;
use crate::domain::audit::{Action, AuditChoices, Topic};
use crate::domain::words::en::event;
use crate::ui::addresses::AUDIT;
use crate::ui::islands::filters::LiveFilters;
use crate::ui::pages::clients::filters::FilterSelect;

/// The filters.
#[component]
pub fn AuditFilters(
    /// The query of the address.
    query: AuditQuery,
    /// What is offered.
    choices: AuditChoices,
) -> impl IntoView {
    let AuditChoices {
        admins,
        organizations,
        has_more_organizations,
    } = choices;
    let (first, last) = (query.first_day(), query.last_day());
    let filter = query.filter;
    let organization = filter.organization.map(|id| id.to_string());
    let organizations = organizations
        .into_iter()
        .map(|choice| (choice.id.to_string(), choice.name))
        .collect();
    let more = has_more_organizations.then_some("Others: by ?organization= and the ID");
    let actors = admins.into_iter().chain(["visitor".to_owned()]);
    let actors = actors.map(|actor| view! { <option value=actor></option> });
    view! {
        <form class="filters row" id="filters" action=AUDIT method="get" aria-label="Filter the audit log">
            <input
                class="input fits"
                type="search"
                name="client"
                value=filter.client
                placeholder="Client name or ID"
                aria-label="Client, by name or ID"
                autocomplete="off"
            />
            <input
                class="input fits"
                type="search"
                name="actor"
                value=filter.actor
                list="actors"
                placeholder="Any actor"
                aria-label="Actor: an email address, a client ID, or a user of the server"
                autocomplete="off"
            />
            <datalist id="actors">{actors.collect_view()}</datalist>
            <ActionSelect chosen=filter.action/>
            <FilterSelect
                name="organization"
                label="Organization"
                any="Any organization"
                choices=organizations
                chosen=organization.unwrap_or_default()
                more
            />
            <label class="row">
                "From "
                <input class="input" type="date" name="from" value=first autocomplete="off"/>
            </label>
            <label class="row">
                "to "
                <input class="input" type="date" name="to" value=last autocomplete="off"/>
            </label>
            <button class="btn no-js" type="submit">
                "Apply"
            </button>
        </form>
        <LiveFilters/>
    }
}

/// The actions: for each topic anything of it, and its kinds.
#[component]
fn ActionSelect(chosen: Option<Action>) -> impl IntoView {
    let option = move |action: Action| {
        let is_chosen = chosen == Some(action);
        view! {
            <option value=action.as_str() selected=is_chosen>
                {event::action(action)}
            </option>
        }
    };
    let group = move |topic: Topic| {
        let words = event::topic(topic);
        let kinds = topic.kinds().map(|kind| option(Action::Kind(kind)));
        view! {
            <optgroup label=words>
                {option(Action::Topic(topic))}
                {kinds.collect_view()}
            </optgroup>
        }
    };
    view! {
        <select class="input" name="action" aria-label="Action" autocomplete="off">
            <option value="">"Any action"</option>
            {Topic::EVERY.map(group)}
        </select>
    }
}
