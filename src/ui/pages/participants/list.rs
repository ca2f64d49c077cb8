//! `/system/participants`: the participants of an organization by nickname, with a search in the address.

use axum::response::Response;
use leptos::prelude::*;

use super::done::{ImportedNotice, imported};
use super::list_query::ListQuery;
use super::organization::{AskedOrganization, OrganizationChooser, Unchosen};
use super::state::{ShownState, StateBadge};
use crate::domain::count::Count;
use crate::domain::error::Error;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::Organization;
use crate::domain::page::Cursor;
use crate::domain::participant::Participant;
use crate::domain::rights::Right;
use crate::domain::view::ParticipantList;
use crate::ui::addresses::{
    IMPORT_PARTICIPANTS, NEW_PARTICIPANT, PARTICIPANTS, of_organization, participant_page,
};
use crate::ui::components::badges::{counted, date};
use crate::ui::components::empty::{Empty, EmptyList, ParticipantDrawing};
use crate::ui::components::field::SearchField;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::components::table::{Column, Table};
use crate::ui::islands::filters::LiveFilters;
use crate::ui::page::{AdminRequest, Page};

const COLUMNS: &[Column] = &[
    Column::new("Nickname"),
    Column::new("Name"),
    Column::new("Email"),
    Column::new("State"),
    Column::new("Created"),
];

/// What the page shows of one organization.
struct Listed {
    organization: Organization,
    query: ListQuery,
    list: ParticipantList,
    /// Whether participants may be added.
    may_add: bool,
}

/// The list of participants.
pub async fn page(request: AdminRequest) -> Response {
    match load(&request).await {
        Ok((asked, listed)) => {
            let may_add = request.may(Right::ChangeOrganizations);
            let imported = imported(request.page.query());
            let page = Page::new("Participants", move || match listed {
                Some(listed) => view! { <Contents asked listed imported/> }.into_any(),
                None => view! { <Unchosen title="Participants" page=PARTICIPANTS asked may_add/> }
                    .into_any(),
            });
            request.answer(page).await
        }
        Err(error) => {
            let what = "The participants could not be loaded";
            request.failed(what, error).await
        }
    }
}

async fn load(request: &AdminRequest) -> Result<(AskedOrganization, Option<Listed>), Error> {
    let asked = AskedOrganization::read(request).await?;
    let Some(organization) = asked.organization.clone() else {
        return Ok((asked, None));
    };
    let query = ListQuery::read(organization.id, request.page.query());
    let console = request.console();
    let list = console
        .list_participants(&request.actor, organization.id, &query.search, query.cursor)
        .await?;
    let may_add = request.may(Right::ChangeParticipants) && organization.archived_at.is_none();
    let listed = Listed {
        organization,
        query,
        list,
        may_add,
    };
    Ok((asked, Some(listed)))
}

/// The page of an organization.
#[component]
fn Contents(
    asked: AskedOrganization,
    listed: Listed,
    /// How many were just imported.
    imported: Option<i64>,
) -> impl IntoView {
    let Listed {
        organization,
        query,
        list,
        may_add,
    } = listed;
    let is_empty = list.total.is_some_and(Count::is_none);
    let id = organization.id;
    let name = organization.name;
    let action = (may_add && !is_empty).then(|| {
        view! {
            <a class="btn" href=of_organization(IMPORT_PARTICIPANTS, id)>
                "Import participants"
            </a>
            <a class="btn fill" href=of_organization(NEW_PARTICIPANT, id)>
                <Icon name="plus"/>
                "Add participant"
            </a>
        }
        .into_any()
    });
    let archived = organization.archived_at.map(|_| {
        view! {
            <Notice tone=Tone::Warn icon="info">
                "This organization is archived: nobody can act for its participants, and they cannot be changed."
            </Notice>
        }
    });
    let contents = if is_empty {
        view! { <NobodyYet organization=id may_add/> }.into_any()
    } else {
        view! { <SearchedList query list/> }.into_any()
    };
    view! {
        <PageHead title="Participants" action>
            <p class="sub">
                "The people of "
                <bdi>{name}</bdi>
                ", for whom its clients can act where they hold the permission."
            </p>
            <OrganizationChooser asked page=PARTICIPANTS/>
            {archived}
            {imported.map(|number| view! { <ImportedNotice number/> })}
        </PageHead>
        {contents}
    }
}

/// The empty state before the first participant.
#[component]
fn NobodyYet(
    organization: OrganizationId,
    /// Whether participants may be added.
    may_add: bool,
) -> impl IntoView {
    let add = may_add.then(|| {
        view! {
            <div class="row">
                <a class="btn fill" href=of_organization(NEW_PARTICIPANT, organization)>
                    <Icon name="plus"/>
                    "Add participant"
                </a>
                <a class="btn" href=of_organization(IMPORT_PARTICIPANTS, organization)>
                    "Import participants"
                </a>
            </div>
        }
    });
    view! {
        <div class="body">
            <Empty title="No participants yet" drawing=|| view! { <ParticipantDrawing/> }>
                <p>
                    "A participant is a person for whom a client can act: signed in with a password, or without one where the client may impersonate."
                </p>
                {add}
                <p class="hint">
                    "Prefer a terminal? Run "
                    <code>"claviger participant create"</code>
                    " on the server."
                </p>
            </Empty>
        </div>
    }
}

/// The search and its result. What changes with the search is inside `#results`, see `islands::filters`.
#[component]
fn SearchedList(query: ListQuery, list: ParticipantList) -> impl IntoView {
    let search = query.search.clone();
    let organization = query.organization.to_string();
    let rows = if list.page.items.is_empty() {
        view! { <NoMatch query/> }.into_any()
    } else {
        view! { <ParticipantTable query list/> }.into_any()
    };
    view! {
        <form class="filters row" id="filters" action=PARTICIPANTS method="get" aria-label="Filter participants">
            <input type="hidden" name="organization" value=organization/>
            <SearchField value=search placeholder="Nickname, name or email" label="Search by nickname, name or email"/>
            <button class="btn no-js" type="submit">
                "Apply"
            </button>
        </form>
        <LiveFilters/>
        <div class="results" id="results">{rows}</div>
    }
}

/// The empty state of a search without a match, or of a page past the end.
#[component]
fn NoMatch(query: ListQuery) -> impl IntoView {
    let (title, advice, href, words) = if query.cursor == Cursor::First {
        (
            format!("No participant matches “{}”", query.search),
            "Check the spelling. A name or an address is found by the beginnings of its words, a nickname by its beginning.",
            of_organization(PARTICIPANTS, query.organization),
            "Clear search",
        )
    } else {
        (
            "No more participants on this page".to_owned(),
            "They may have another nickname since.",
            query.at(Cursor::First),
            "First page",
        )
    };
    view! { <EmptyList title advice=advice.to_owned() href words/> }
}

/// One page of participants, by nickname.
#[component]
fn ParticipantTable(query: ListQuery, list: ParticipantList) -> impl IntoView {
    let rows = list.page.items.len();
    let of = list.total.map(|total| format!(" of {}", counted(total)));
    let noun = match (rows, list.total) {
        (1, None) => "participant",
        (1, Some(total)) if total == Count::exactly(1) => "participant",
        _ => "participants",
    };
    let shown = format!("Showing {rows}{} {noun}.", of.unwrap_or_default());
    let previous = list.page.before.map(|key| query.at(Cursor::Before(key)));
    let next = list.page.after.map(|key| query.at(Cursor::After(key)));
    let rows = list
        .page
        .items
        .into_iter()
        .map(|participant| view! { <ParticipantRow participant/> })
        .collect_view();
    view! {
        <Table class="participants" caption="Participants by nickname" columns=COLUMNS>
            {rows}
        </Table>
        <Pager label="Pages of participants" order=ListOrder::Name previous next>
            {shown}
        </Pager>
    }
}

#[component]
fn ParticipantRow(participant: Participant) -> impl IntoView {
    let state = ShownState::from(&participant);
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a class="lead" href=participant_page(participant.id)>
                    <bdi>{participant.nickname.to_string()}</bdi>
                </a>
            </th>
            <td role="cell">
                <bdi>{participant.name}</bdi>
            </td>
            <td role="cell" class="full">
                <bdi>{participant.email.to_string()}</bdi>
            </td>
            <td role="cell">
                <StateBadge state/>
            </td>
            <td role="cell">{date(participant.created_at)}</td>
        </tr>
    }
}
