//! The filter of permissions: a plain form, which `islands::switches` applies while it is filled in.

use leptos::prelude::*;

use crate::ui::components::choice::PillRadio;
use crate::ui::components::empty::Empty;
use crate::ui::components::icon::Icon;
use crate::ui::islands::switches::filter::{GrantedFilter, PermissionFilter};

/// The form of the filter.
#[component]
pub fn FilterRow(
    /// The filter.
    filter: PermissionFilter,
    /// The address of the page.
    here: String,
    /// The id of the client that this one is compared with.
    compare: Option<String>,
) -> impl IntoView {
    let chosen = filter.show;
    let pill = |(show, label): (GrantedFilter, &'static str)| {
        view! { <PillRadio name="show" value=show.as_str() label checked=show == chosen/> }
    };
    view! {
        <form class="row" id="perm-filter" role="search" aria-label="Permissions" action=here method="get">
            {compare.map(|id| view! { <input type="hidden" name="compare" value=id/> })}
            <div class="find">
                <Icon name="search"/>
                <input
                    class="input"
                    type="search"
                    name="filter"
                    placeholder="Filter permissions"
                    aria-label="Filter permissions by label or string"
                    autocomplete="off"
                    value=filter.text
                />
            </div>
            <fieldset class="pills">
                <legend class="sr">"Show"</legend>
                {GrantedFilter::EVERY.map(pill).into_iter().collect_view()}
            </fieldset>
            <button class="btn stand-in" type="submit">
                "Filter"
            </button>
        </form>
    }
}

/// The empty state of a filter without a match.
#[component]
pub fn NoMatch(
    /// The filter.
    filter: PermissionFilter,
    /// Whether nothing matches.
    is_shown: bool,
    /// The address of the page.
    here: String,
) -> impl IntoView {
    view! {
        <div id="no-match" hidden=!is_shown>
            <Empty title=filter.no_match()>
                <p>{filter.advice()}</p>
                <a class="btn small" href=here>
                    "Clear filter"
                </a>
            </Empty>
        </div>
    }
}
