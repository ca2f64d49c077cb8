//! `/system/organizations/archived`: the archived organizations, each with a way to restore it.

use axum::response::Response;
use leptos::prelude::*;

use crate::domain::organization::Organization;
use crate::domain::page::{Cursor, Page as ListPage};
use crate::domain::rights::Right;
use crate::ui::addresses::{
    ARCHIVED_ORGANIZATIONS, ORGANIZATIONS, OrganizationAct, cursor_in, list_page,
    organization_dialog, organization_page,
};
use crate::ui::components::badges::date;
use crate::ui::components::empty::Empty;
use crate::ui::components::frame::PageHead;
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::components::table::{Column, Table};
use crate::ui::page::{AdminRequest, Page};

const COLUMNS: &[Column] = &[
    Column::new("Organization"),
    Column::new("Archived"),
    Column::with_class("ID", "end"),
    Column::new(""),
];

/// The list of archived organizations.
pub async fn page(request: AdminRequest) -> Response {
    let console = request.console();
    let cursor = cursor_in(request.page.query());
    let loaded = console
        .list_archived_organizations(&request.actor, cursor)
        .await;
    let may_change = request.may(Right::ChangeOrganizations);
    match loaded {
        Ok(list) => {
            let page = Page::new("Archived organizations", move || {
                view! { <Contents list may_change/> }
            });
            request.answer(page).await
        }
        Err(error) => {
            let what = "The archived organizations could not be loaded";
            request.failed(what, error).await
        }
    }
}

#[component]
fn Contents(list: ListPage<Organization>, may_change: bool) -> impl IntoView {
    let contents = if list.items.is_empty() {
        view! {
            <div class="body">
                <Empty title="No archived organizations">
                    <p>"What is archived is listed here, and can be restored."</p>
                </Empty>
            </div>
        }
        .into_any()
    } else {
        view! { <ArchivedTable list may_change/> }.into_any()
    };
    view! {
        <PageHead title="Archived organizations">
            <p class="sub">
                "Restoring one lets its clients work again. Tokens that were issued before do not, and it has no host until it is given one. "
                <a class="link" href=ORGANIZATIONS>
                    "Back to the organizations"
                </a>
            </p>
        </PageHead>
        {contents}
    }
}

/// One page of archived organizations, by name.
#[component]
fn ArchivedTable(list: ListPage<Organization>, may_change: bool) -> impl IntoView {
    let address = |cursor| list_page(ARCHIVED_ORGANIZATIONS, Vec::new(), cursor);
    let previous = list.before.map(|key| address(Cursor::Before(key)));
    let next = list.after.map(|key| address(Cursor::After(key)));
    let pager = (previous.is_some() || next.is_some()).then(|| {
        let shown = format!("Showing {} organizations.", list.items.len());
        view! {
            <Pager label="Pages of archived organizations" order=ListOrder::Name previous next>
                {shown}
            </Pager>
        }
    });
    let rows = list
        .items
        .into_iter()
        .map(|organization| view! { <ArchivedRow organization may_change/> })
        .collect_view();
    view! {
        <Table class="orgs" caption="Archived organizations by name" columns=COLUMNS>
            {rows}
        </Table>
        {pager}
    }
}

#[component]
fn ArchivedRow(organization: Organization, may_change: bool) -> impl IntoView {
    let Organization {
        id,
        name,
        archived_at,
        ..
    } = organization;
    let spoken = name.clone();
    let action = may_change.then(|| {
        view! {
            <a class="btn quiet small" href=organization_dialog(id, OrganizationAct::Restore)>
                "Restore…"
                <span class="sr">" " {spoken}</span>
            </a>
        }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a class="lead" href=organization_page(id)>
                    <bdi>{name}</bdi>
                </a>
            </th>
            <td role="cell">{archived_at.map(date)}</td>
            <td role="cell" class="end" data-before="ID">
                <code>{id.0}</code>
            </td>
            <td role="cell" class="end do">
                {action}
            </td>
        </tr>
    }
}
