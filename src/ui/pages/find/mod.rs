//! `/system/find`: clients, organizations, pages and acts by a few words. The palette (`islands::palette`) shows what is in
//! `#found`.

mod acts;
mod organization_acts;

use axum::response::Response;
use leptos::prelude::*;

use self::acts::{ClientAct, destinations};
use self::organization_acts::OrganizationQuery;
use crate::domain::address::in_query;
use crate::domain::client::{Client, ClientSummary};
use crate::domain::error::Error;
use crate::domain::organization::OrganizationChoice;
use crate::domain::rights::Right;
use crate::domain::view::Found;
use crate::ui::addresses::{
    CLIENTS, FIND, ORGANIZATIONS, Tab, client_page, clients_of, organization_dialog,
    organization_page,
};
use crate::ui::components::field::SearchField;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::key::DrawnKey;
use crate::ui::page::{AdminRequest, Page};

/// The page.
pub async fn page(request: AdminRequest) -> Response {
    let words = request.page.parameter("q").unwrap_or_default();
    let act_query = ClientAct::split(&words);
    let console = request.console();
    let found = console.find_named(&request.actor, &words).await;
    let for_act = match act_query {
        Some(query) => console.find_named(&request.actor, query.client).await,
        None => Ok(Found::default()),
    };
    let (found, mut for_act) = match found.and_then(|found| Ok((found, for_act?))) {
        Ok(both) => both,
        Err(error) => return request.failed("The search failed", error).await,
    };
    let act = act_query.map(|query| query.act);
    if let Some(act) = act {
        let is_offered = |client: &Client| act.fits(client) && request.may(act.right(client));
        for_act.clients.retain(|row| is_offered(&row.client));
    }
    let acts = match organization_acts(&request, &words).await {
        Ok(lines) => lines,
        Err(error) => return request.failed("The search failed", error).await,
    };
    let destinations: Vec<Line> = destinations(&words)
        .filter(|destination| request.may(destination.right))
        .map(|destination| Line {
            href: destination.href.to_owned(),
            icon: LineIcon::Named(destination.icon),
            verb: "",
            name: destination.name.to_owned(),
            about: String::new(),
        })
        .collect();
    let clients = act.into_iter().flat_map(|act| {
        let lines = for_act.clients.iter().map(move |row| client_act(act, row));
        lines.collect::<Vec<_>>()
    });
    let acts = clients.chain(acts).collect();
    let groups = groups(&words, acts, found, destinations);
    let page = Page::new("Find", move || {
        view! {
            <PageHead title="Find"/>
            <form class="filters row" action=FIND method="get" role="search" aria-label="Everything">
                <SearchField
                    value=words.clone()
                    placeholder="Client, organization, page or action"
                    label="Find a client, an organization, a page or an action"
                />
                <button class="btn" type="submit">"Find"</button>
            </form>
            <div class="body">
                <div id="found" class="found">
                    <Results words groups/>
                </div>
            </div>
        }
    });
    request.answer(page).await
}

/// Lines of one kind.
struct Group {
    title: &'static str,
    lines: Vec<Line>,
    /// Where the others are.
    all: Option<String>,
}

/// One line: a link.
struct Line {
    href: String,
    icon: LineIcon,
    /// What is done, before the name.
    verb: &'static str,
    name: String,
    about: String,
}

/// The drawing at the beginning of a line.
enum LineIcon {
    Named(&'static str),
    Key([u8; 5]),
}

fn groups(words: &str, acts: Vec<Line>, found: Found, destinations: Vec<Line>) -> Vec<Group> {
    let more = |has_more: bool, list: &str| {
        has_more.then(|| format!("{list}?q={}", in_query(words.trim())))
    };
    let groups = vec![
        Group {
            title: "Actions",
            lines: acts,
            all: None,
        },
        Group {
            title: "Clients",
            lines: found.clients.into_iter().map(client_line).collect(),
            all: more(found.has_more_clients, CLIENTS),
        },
        Group {
            title: "Organizations",
            lines: found
                .organizations
                .into_iter()
                .flat_map(organization_lines)
                .collect(),
            all: more(found.has_more_organizations, ORGANIZATIONS),
        },
        Group {
            title: "Pages and actions",
            lines: destinations,
            all: None,
        },
    ];
    groups
        .into_iter()
        .filter(|group| !group.lines.is_empty())
        .collect()
}

fn client_line(summary: ClientSummary) -> Line {
    let about = summary
        .organization
        .unwrap_or_else(|| "All organizations".to_owned());
    let client = summary.client;
    Line {
        href: client_page(client.id.as_str(), Tab::Credentials),
        icon: LineIcon::Key(client.id.cuts()),
        verb: "",
        name: client.name,
        about: format!("{about} · {}", client.id),
    }
}

fn client_act(act: ClientAct, summary: &ClientSummary) -> Line {
    let client = &summary.client;
    Line {
        href: act.href(client.id.as_str()),
        icon: LineIcon::Named(act.icon()),
        verb: act.label(),
        name: client.name.clone(),
        about: client.id.to_string(),
    }
}

/// Its page, and its clients.
fn organization_lines(organization: OrganizationChoice) -> [Line; 2] {
    let id = organization.id;
    let line = |href, icon, verb| Line {
        href,
        icon: LineIcon::Named(icon),
        verb,
        name: organization.name.clone(),
        about: String::new(),
    };
    [
        line(organization_page(id), "org", ""),
        line(clients_of(id), "key", "Clients of "),
    ]
}

/// The dialogs over the pages of organizations that a verb and a name mean.
async fn organization_acts(request: &AdminRequest, words: &str) -> Result<Vec<Line>, Error> {
    let query = OrganizationQuery::split(words);
    let Some(query) = query.filter(|_| request.may(Right::ChangeOrganizations)) else {
        return Ok(Vec::new());
    };
    let console = request.console();
    let found = console.find_named(&request.actor, query.organization);
    let line = |organization: OrganizationChoice| Line {
        href: organization_dialog(organization.id, query.act),
        icon: LineIcon::Named("org"),
        verb: query.label,
        name: organization.name,
        about: String::new(),
    };
    Ok(found.await?.organizations.into_iter().map(line).collect())
}

/// What was found, or that nothing was.
#[component]
fn Results(words: String, groups: Vec<Group>) -> impl IntoView {
    if groups.is_empty() {
        return view! {
            <p class="hint">
                "Nothing is called “" <bdi>{words.trim().to_owned()}</bdi>
                "”. Things are found by the beginnings of their words, and clients by their ID."
            </p>
        }
        .into_any();
    }
    groups
        .into_iter()
        .map(|group| view! { <GroupOfLines group/> })
        .collect_view()
        .into_any()
}

#[component]
fn GroupOfLines(group: Group) -> impl IntoView {
    let Group { title, lines, all } = group;
    view! {
        <section aria-label=title>
            <h2 class="hint">{title}</h2>
            <ul>
                {lines.into_iter().map(|line| view! { <li><LineLink line/></li> }).collect_view()}
                {all.map(|href| view! { <li><a href=href><span>"Show all"</span></a></li> })}
            </ul>
        </section>
    }
}

#[component]
fn LineLink(line: Line) -> impl IntoView {
    let icon = match line.icon {
        LineIcon::Named(name) => view! { <Icon name/> }.into_any(),
        LineIcon::Key(cuts) => view! { <DrawnKey cuts/> }.into_any(),
    };
    view! {
        <a href=line.href>
            {icon}
            <span>{line.verb}<bdi>{line.name}</bdi></span>
            <small>{line.about}</small>
        </a>
    }
}
