//! `/system/audit`: the audit log, with its filters in the address.

use axum::response::Response;
use leptos::prelude::*;

use super::chain::ChainLine;
use super::filters::AuditFilters;
use super::list_query::AuditQuery;
use crate::domain::audit::{AuditChoices, AuditPage, CONTENT_DAYS, ChainState};
use crate::domain::error::Error;
use crate::domain::page::Cursor;
use crate::ui::addresses::{AUDIT, AUDIT_EXPORT};
use crate::ui::api::ApiRefusal;
use crate::ui::api::audit::VerifyAuditLog;
use crate::ui::components::audit_log::AuditTable;
use crate::ui::components::empty::EmptyList;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::page::{AdminRequest, Page};

/// What the page is rendered from.
struct Shown {
    query: AuditQuery,
    list: AuditPage,
    choices: AuditChoices,
    chain: ChainState,
    address: String,
    refusal: Option<ApiRefusal>,
}

/// The audit log.
pub async fn page(request: AdminRequest) -> Response {
    match read(&request).await {
        Ok(shown) => {
            let page = Page::new("Audit log", move || view! { <Contents shown/> });
            request.answer(page).await
        }
        Err(error) => {
            let what = "The audit log could not be loaded";
            request.failed(what, error).await
        }
    }
}

async fn read(request: &AdminRequest) -> Result<Shown, Error> {
    let query = AuditQuery::read(request.page.query());
    let (console, actor) = (request.console(), &request.actor);
    Ok(Shown {
        list: console
            .list_audit_log(actor, &query.filter, query.cursor)
            .await?,
        choices: console
            .audit_choices(actor, query.filter.organization)
            .await?,
        chain: console.audit_chain(actor).await?,
        address: request.page.uri.to_string(),
        refusal: request.page.refusal::<VerifyAuditLog>(),
        query,
    })
}

/// The loaded page. What changes with the filters is inside `#results` and `#export`, see `islands::filters`.
#[component]
fn Contents(shown: Shown) -> impl IntoView {
    let Shown {
        query,
        list,
        choices,
        chain,
        address,
        refusal,
    } = shown;
    let now = list.now;
    let export = query.at(Cursor::First).href(AUDIT_EXPORT);
    let action = view! {
        <span id="export">
            <a class="btn" href=export>
                <Icon name="download"/>
                "Export…"
            </a>
        </span>
    };
    let results = if list.page.items.is_empty() {
        view! { <NoEntry query=query.clone() list/> }.into_any()
    } else {
        view! { <Entries query=query.clone() list/> }.into_any()
    };
    view! {
        <PageHead title="Audit log" action=Some(action.into_any())>
            <p class="sub">
                "Every change and every sign-in, in the order in which they were committed. Entries cannot be edited or deleted. Those that outsiders can cause in any number, such as failed sign-ins, lose their content after "
                {CONTENT_DAYS} " days."
            </p>
            <ChainLine chain now address refusal/>
        </PageHead>
        <AuditFilters query choices/>
        <div class="results" id="results">
            {results}
        </div>
    }
}

/// One page of entries.
#[component]
fn Entries(query: AuditQuery, list: AuditPage) -> impl IntoView {
    let count = list.page.items.len();
    let shown = match (count, list.is_partial) {
        (1, false) => "1 entry shown".to_owned(),
        (_, false) => format!("{count} entries shown"),
        (_, true) => format!("{count} found so far; Older goes on searching"),
    };
    let (previous, next) = links(&query, &list);
    view! {
        <AuditTable rows=list.page.items now=list.now/>
        <Pager label="Pages of the audit log" order=ListOrder::Newest previous next>
            {shown}
        </Pager>
    }
}

fn links(query: &AuditQuery, list: &AuditPage) -> (Option<String>, Option<String>) {
    let previous = list.page.before.map(|key| query.at(Cursor::Before(key)));
    let next = list.page.after.map(|key| query.at(Cursor::After(key)));
    (
        previous.map(|query| query.href(AUDIT)),
        next.map(|query| query.href(AUDIT)),
    )
}

/// The empty state: no entry fits, or none of the part that was searched.
#[component]
fn NoEntry(query: AuditQuery, list: AuditPage) -> impl IntoView {
    let (_, next) = links(&query, &list);
    let is_first = query.cursor == Cursor::First;
    let (title, advice, href, words) = match (list.is_partial, next) {
        (true, Some(next)) => (
            "Nothing found so far",
            "Many entries fit a part of these filters. Go on to older ones, or narrow the days.",
            next,
            "Search older entries",
        ),
        _ if !is_first => (
            "No more entries on this page",
            "There are no others in this direction.",
            query.at(Cursor::First).href(AUDIT),
            "First page",
        ),
        _ if query.is_filtered() => (
            "No entry fits these filters",
            "Check the spelling of actor and client. Entries whose content was removed are found by action and day alone.",
            AUDIT.to_owned(),
            "Clear filters",
        ),
        _ => (
            "Nothing yet",
            "Whatever is changed from now on stands here.",
            AUDIT.to_owned(),
            "Load again",
        ),
    };
    view! { <EmptyList title=title.to_owned() advice=advice.to_owned() href words/> }
}
