//! The filters of the list of clients.

use leptos::prelude::*;

use super::list_query::ListQuery;
use crate::domain::client::{StatusCounts, StatusFilter};
use crate::domain::organization::OrganizationChoice;
use crate::domain::view::ClientList;
use crate::ui::addresses::CLIENTS;
use crate::ui::components::badges::counted;
use crate::ui::components::field::SearchField;
use crate::ui::islands::filters::LiveFilters;

/// What the filters offer.
pub struct FilterChoices {
    counts: Option<StatusCounts>,
    organizations: Vec<OrganizationChoice>,
    has_more_organizations: bool,
    scopes: Vec<String>,
}

impl FilterChoices {
    /// The choices of a list.
    #[must_use]
    pub fn of(list: &ClientList) -> Self {
        Self {
            counts: list.counts,
            organizations: list.organizations.clone(),
            has_more_organizations: list.has_more_organizations,
            scopes: list.scopes.clone(),
        }
    }
}

/// The filters: a plain form, which `islands::filters` sends while it is filled in.
#[component]
pub fn Filters(
    /// The query of the address.
    query: ListQuery,
    /// What is offered.
    choices: FilterChoices,
) -> impl IntoView {
    let FilterChoices {
        counts,
        organizations,
        has_more_organizations,
        scopes,
    } = choices;
    let filter = query.filter.clone();
    let status = Some(filter.status).filter(|status| *status != StatusFilter::All);
    let order = query.place.order.as_str();
    let more = has_more_organizations.then_some("Others: on the page Organizations");
    let organizations = organizations
        .into_iter()
        .map(|choice| (choice.id.to_string(), choice.name))
        .collect();
    let scopes = scopes
        .into_iter()
        .map(|scope| (scope.clone(), scope))
        .collect();
    let permission = filter
        .permission
        .map(|permission| view! { <PermissionSelect permission/> });
    let organization = filter
        .organization
        .map(|id| id.to_string())
        .unwrap_or_default();
    view! {
        <form class="filters row" id="filters" action=CLIENTS method="get" aria-label="Filter clients">
            {status.map(|status| view! { <input type="hidden" name="status" value=status.as_str()/> })}
            {order.map(|order| view! { <input type="hidden" name="sort" value=order/> })}
            <StatusPills query counts/>
            <SearchField value=filter.search placeholder="Name or client ID" label="Search by name or client ID"/>
            <FilterSelect
                name="organization"
                label="Organization"
                any="Any organization"
                choices=organizations
                chosen=organization
                more
            />
            <FilterSelect
                name="scope"
                label="Scope"
                any="Any scope"
                choices=scopes
                chosen=filter.scope.unwrap_or_default()
                more=None
            />
            {permission}
            <button class="btn no-js" type="submit">
                "Apply"
            </button>
        </form>
        <LiveFilters/>
    }
}

/// The permission of the address. The catalogue leads here with one; the list itself does not offer so many.
#[component]
fn PermissionSelect(permission: String) -> impl IntoView {
    let choices = vec![(permission.clone(), permission.clone())];
    view! {
        <FilterSelect
            name="permission"
            label="Permission"
            any="Any permission"
            choices
            chosen=permission
            more=None
        />
    }
}

/// One link for each status, with its number of clients where they are counted.
#[component]
fn StatusPills(query: ListQuery, counts: Option<StatusCounts>) -> impl IntoView {
    let chosen = query.filter.status;
    let offered = |status: &StatusFilter| {
        *status != StatusFilter::Suspended
            || chosen == *status
            || counts.is_none_or(|counts| !counts.suspended.is_none())
    };
    let pill = |status: StatusFilter| {
        let count = counts.map(|counts| {
            view! {
                " "
                <span class="count">{counted(counts.of(status))}</span>
            }
        });
        view! {
            <a href=query.with_status(status).href() aria-current=(chosen == status).then_some("true")>
                {label(status)}
                {count}
            </a>
        }
    };
    view! {
        <div class="pills" id="statuses" role="group" aria-label="Status">
            {StatusFilter::EVERY.into_iter().filter(offered).map(pill).collect_view()}
        </div>
    }
}

fn label(status: StatusFilter) -> &'static str {
    match status {
        StatusFilter::All => "All",
        StatusFilter::Active => "Active",
        StatusFilter::Expiring => "Expiring",
        StatusFilter::Expired => "Expired",
        StatusFilter::Suspended => "Suspended",
        StatusFilter::Revoked => "Revoked",
    }
}

/// A select element with one value or any.
#[component]
pub fn FilterSelect(
    /// The field's name.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The words for any value.
    any: &'static str,
    /// Values and their words.
    choices: Vec<(String, String)>,
    /// The chosen value.
    chosen: String,
    /// A hint on how to find values that are not in the list.
    more: Option<&'static str>,
) -> impl IntoView {
    let option = move |(value, words): (String, String)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{words}</option> }
    };
    view! {
        <select class="input" name=name aria-label=label autocomplete="off">
            <option value="">{any}</option>
            {choices.into_iter().map(option).collect_view()}
            {more.map(|words| view! { <option disabled>{words}</option> })}
        </select>
    }
}
