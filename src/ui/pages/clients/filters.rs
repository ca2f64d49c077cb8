//! The filters of the list of clients.

use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::list_query::ListQuery;
use crate::domain::client::StatusFilter;
use crate::domain::view::ClientList;
use crate::ui::addresses::CLIENTS;
use crate::ui::components::badges::counted;
use crate::ui::components::icon::Icon;

/// The debounce of typing before the list is loaded.
const REST: Duration = Duration::from_millis(250);

/// The filters. Without script a plain form; with script the list is updated while typing.
#[component]
pub fn Filters(
    /// The query of the address.
    query: Memo<ListQuery>,
    /// The list's data: choices, and counts by status.
    list: Signal<Option<ClientList>>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let navigate = use_navigate();
    let apply = move || {
        let current = query.get_untracked();
        let next = form.get_untracked().and_then(|form| current.in_form(&form));
        if let Some(next) = next.filter(|next| next.filter != current.filter) {
            navigate(
                &next.href(),
                NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                },
            );
        }
    };
    let mut apply_soon = debounce(REST, {
        let apply = apply.clone();
        move |()| apply()
    });
    let apply_now = {
        let apply = apply.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            apply();
        }
    };
    let status = move || query.with(|query| query.filter.status.as_str());
    view! {
        <form
            class="filters row"
            action=CLIENTS
            method="get"
            aria-label="Filter clients"
            node_ref=form
            on:submit=apply_now
            on:input=move |_| apply_soon(())
            on:change=move |_| apply()
        >
            <input type="hidden" name="status" value=status/>
            <StatusPills query list/>
            <SearchField query/>
            <OrganizationSelect query list/>
            <ScopeSelect query list/>
            <button class="btn no-js" type="submit">
                "Apply"
            </button>
        </form>
    }
}

/// One link for each status, with its number of clients where they are counted.
#[component]
fn StatusPills(query: Memo<ListQuery>, list: Signal<Option<ClientList>>) -> impl IntoView {
    let counts = Memo::new(move |_| list.with(|list| list.as_ref().and_then(|list| list.counts)));
    let pills = move || {
        let query = query.get();
        let counts = counts.get();
        let chosen = query.filter.status;
        let offered = move |status: &StatusFilter| {
            *status != StatusFilter::Suspended
                || chosen == *status
                || counts.is_none_or(|counts| !counts.suspended.is_none())
        };
        StatusFilter::EVERY
            .into_iter()
            .filter(offered)
            .map(|status| {
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
            })
            .collect_view()
    };
    view! {
        <div class="pills" role="group" aria-label="Status">
            {pills}
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

/// The search by word beginnings of names and ids.
#[component]
fn SearchField(query: Memo<ListQuery>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let search = move || query.with(|query| query.filter.search.clone());
    Effect::new(move || {
        let search = search();
        let Some(input) = input.get() else { return };
        // The address is older than the text while typing.
        let is_typing = document()
            .active_element()
            .is_some_and(|active| active.is_same_node(Some(&input)));
        if !is_typing && input.value() != search {
            input.set_value(&search);
        }
    });
    view! {
        <div class="find">
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                name="q"
                value=search
                placeholder="Name or client ID"
                aria-label="Search by name or client ID"
                node_ref=input
            />
        </div>
    }
}

/// The filter by organization.
#[component]
fn OrganizationSelect(query: Memo<ListQuery>, list: Signal<Option<ClientList>>) -> impl IntoView {
    let organizations = Memo::new(move |_| {
        list.with(|list| {
            list.as_ref()
                .map(|list| list.organizations.clone())
                .unwrap_or_default()
        })
    });
    let choices = Signal::derive(move || {
        organizations
            .get()
            .into_iter()
            .map(|choice| (choice.id.to_string(), choice.name))
            .collect()
    });
    let chosen = Memo::new(move |_| {
        query.with(|query| {
            query
                .filter
                .organization
                .map(|id| id.to_string())
                .unwrap_or_default()
        })
    });
    let has_more = Signal::derive(move || {
        list.with(|list| {
            list.as_ref()
                .is_some_and(|list| list.has_more_organizations)
        })
    });
    let more = Signal::derive(move || {
        has_more
            .get()
            .then_some("Others: on the page Organizations")
    });
    view! {
        <FilterSelect name="organization" label="Organization" any="Any organization" choices chosen more/>
    }
}

/// The filter by scope.
#[component]
fn ScopeSelect(query: Memo<ListQuery>, list: Signal<Option<ClientList>>) -> impl IntoView {
    let scopes = Memo::new(move |_| {
        list.with(|list| {
            list.as_ref()
                .map(|list| list.scopes.clone())
                .unwrap_or_default()
        })
    });
    let choices = Signal::derive(move || {
        scopes
            .get()
            .into_iter()
            .map(|scope| (scope.clone(), scope))
            .collect()
    });
    let chosen =
        Memo::new(move |_| query.with(|query| query.filter.scope.clone().unwrap_or_default()));
    view! { <FilterSelect name="scope" label="Scope" any="Any scope" choices chosen/> }
}

/// A select element with one value or any.
#[component]
fn FilterSelect(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    choices: Signal<Vec<(String, String)>>,
    chosen: Memo<String>,
    /// A hint on how to find values that are not in the list.
    #[prop(optional)]
    more: Signal<Option<&'static str>>,
) -> impl IntoView {
    let select = NodeRef::<html::Select>::new();
    Effect::new(move || {
        choices.track();
        let chosen = chosen.get();
        if let Some(select) = select.get() {
            select.set_value(&chosen);
        }
    });
    let options = move || {
        choices
            .get()
            .into_iter()
            .map(|(value, words)| {
                let is_chosen = chosen.get_untracked() == value;
                view! { <option value=value selected=is_chosen>{words}</option> }
            })
            .collect_view()
    };
    view! {
        <select class="input" name=name aria-label=label node_ref=select>
            <option value="">{any}</option>
            {options}
            {move || more.get().map(|words| view! { <option disabled>{words}</option> })}
        </select>
    }
}
