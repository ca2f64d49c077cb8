//! `/system/api-clients/:id/activity`: what was done to a client, by whom, with what was before and after.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::head::{ClientHead, ClientNotices};
use crate::domain::address::in_query;
use crate::domain::audit::{Action, AuditFilter, AuditPage, Topic};
use crate::domain::error::Error;
use crate::domain::event::Target;
use crate::domain::page::Cursor;
use crate::domain::view::ClientPage;
use crate::domain::words::en::event;
use crate::ui::addresses::{AUDIT_EXPORT, Tab, client_page, cursor_in, list_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::UpdateClient;
use crate::ui::components::audit_entry::Here;
use crate::ui::components::audit_log::Timeline;
use crate::ui::components::empty::Empty;
use crate::ui::components::icon::Icon;
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::components::part::Part;
use crate::ui::page::{AdminRequest, Page};

/// The topics that concern a client.
const TOPICS: [Topic; 4] = [
    Topic::Clients,
    Topic::Permissions,
    Topic::Secrets,
    Topic::Tokens,
];

/// What the page is rendered from.
struct Activity {
    page: ClientPage,
    topic: Option<Topic>,
    list: AuditPage,
    is_first: bool,
    details: Option<ApiRefusal>,
}

/// A client's activity.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    match read(&request, &id).await {
        Ok(activity) => {
            let title = format!("Activity of {}", activity.page.client.name);
            let page = Page::new(title, move || view! { <Contents activity/> });
            request.answer(page).await
        }
        Err(error) => {
            let what = "The client could not be loaded";
            request.failed(what, error).await
        }
    }
}

async fn read(request: &AdminRequest, id: &str) -> Result<Activity, Error> {
    let (console, actor) = (request.console(), &request.actor);
    let page = console.show_client(actor, id).await?;
    let show = request.page.parameter("show").unwrap_or_default();
    let topic = TOPICS.into_iter().find(|topic| topic.as_str() == show);
    let filter = AuditFilter {
        target: Some(Target::Client {
            id: page.client.id.clone(),
        }),
        action: topic.map(Action::Topic),
        ..AuditFilter::default()
    };
    let cursor = cursor_in(request.page.query());
    Ok(Activity {
        list: console.list_audit_log(actor, &filter, cursor).await?,
        is_first: cursor == Cursor::First,
        details: request.page.refusal::<UpdateClient>(),
        topic,
        page,
    })
}

/// The loaded page.
#[component]
fn Contents(activity: Activity) -> impl IntoView {
    let Activity {
        page,
        topic,
        list,
        is_first,
        details,
    } = activity;
    let here = client_page(page.client.id.as_str(), Tab::Activity);
    let id = page.client.id.clone();
    let at = |cursor| address(&here, topic, cursor);
    let previous = list.page.before.map(|key| at(Cursor::Before(key)));
    let next = list.page.after.map(|key| at(Cursor::After(key)));
    let shown = match (next.is_some(), list.is_partial) {
        (_, true) => "Older goes on searching.",
        (true, false) => "Older entries follow.",
        (false, false) => "The beginning of this client’s history.",
    };
    let entries = if list.page.items.is_empty() {
        let is_everything = topic.is_none() && is_first && !list.is_partial;
        let title = if is_everything {
            "Nothing was changed here yet"
        } else if is_first && !list.is_partial {
            "Nothing of this kind"
        } else {
            "No more on this page"
        };
        let all = here.clone();
        let all = (!is_everything).then(|| {
            view! {
                <a class="btn small" href=all>
                    "Show everything"
                </a>
            }
        });
        view! { <Empty title>{all}</Empty> }.into_any()
    } else {
        let about = Some(Here {
            target: Target::Client { id: id.clone() },
            words: "this client",
        });
        view! { <Timeline rows=list.page.items now=list.now here=about/> }.into_any()
    };
    view! {
        <ClientHead page=page.clone() tab=Tab::Activity details=details.clone()/>
        <div class="body narrow">
            <ClientNotices page details saved=None/>
            <Choice here topic id=id.to_string()/>
            <Part name="entries">{entries}</Part>
        </div>
        <Pager label="Pages of activity" order=ListOrder::Newest previous next>
            {shown}
        </Pager>
    }
}

/// The topics as links, and the export.
#[component]
fn Choice(
    /// The address of the page.
    here: String,
    /// The chosen topic.
    topic: Option<Topic>,
    /// The client's id.
    id: String,
) -> impl IntoView {
    let link = |shown: Option<Topic>| {
        let words = shown.map_or("Everything", event::topic);
        let href = address(&here, shown, Cursor::First);
        view! {
            <a href=href aria-current=(shown == topic).then_some("true")>
                {words}
            </a>
        }
    };
    let links = [None].into_iter().chain(TOPICS.map(Some)).map(link);
    let action = topic.map(|topic| format!("&action={}", topic.as_str()));
    let export = format!(
        "{AUDIT_EXPORT}?client={}{}",
        in_query(&id),
        action.unwrap_or_default()
    );
    view! {
        <div class="row">
            <div class="pills" role="group" aria-label="Show">
                {links.collect_view()}
            </div>
            <a class="btn quiet push" href=export>
                <Icon name="download"/>
                "Export…"
            </a>
        </div>
    }
}

fn address(here: &str, topic: Option<Topic>, cursor: Cursor) -> String {
    let show = topic.map(|topic| format!("show={}", topic.as_str()));
    list_page(here, show.into_iter().collect(), cursor)
}
