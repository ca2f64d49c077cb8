//! `/system/administrators`: the administrators in the order of their making, and the one-time links that wait.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::links::{LinkTable, ShownLinkCard};
use super::words::{StateBadge, role_name};
use crate::domain::Time;
use crate::domain::admin::AdminSummary;
use crate::domain::ids::AdminId;
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::view::{AdminList, ShownLink};
use crate::domain::words::en::event::author;
use crate::http::console::session::take_shown_link;
use crate::service::Actor;
use crate::ui::addresses::{ADMINS, INVITE_ADMIN, admin_page, cursor_in, list_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::admins::{RenewAdminLink, WithdrawAdminLink};
use crate::ui::components::badges::LastUsed;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};
use crate::ui::components::pager::{ListOrder, Pager};
use crate::ui::components::table::{Column, Table};
use crate::ui::page::{AdminRequest, Page};

const COLUMNS: &[Column] = &[
    Column::new("Administrator"),
    Column::new("Role"),
    Column::new("State"),
    Column::new("Last seen"),
    Column::new("Created by"),
];

/// What the list shows besides its rows.
#[derive(Clone, Debug)]
struct Around {
    /// Who looks.
    viewer: Option<AdminId>,
    may_manage: bool,
    /// The link that was just made.
    shown: Option<ShownLink>,
    was_withdrawn: bool,
    /// Why a form of the list was refused.
    refusal: Option<ApiRefusal>,
}

/// The list of administrators.
pub async fn page(request: AdminRequest) -> Response {
    answer(request, "Administrators", || ()).await
}

/// Answers with the list, and a dialog over it.
pub(super) async fn answer<V: IntoView + 'static>(
    request: AdminRequest,
    title: &'static str,
    dialog: impl FnOnce() -> V + Send + 'static,
) -> Response {
    let asked = &request.page;
    let cursor = cursor_in(asked.query());
    let taken = take_shown_link(&asked.state, &asked.headers, &request.actor);
    let (shown, cookie) = taken.unzip();
    let renewal = asked.refusal::<RenewAdminLink>();
    let around = Around {
        viewer: match &request.actor {
            Actor::Admin { admin, .. } => Some(admin.id),
            _ => None,
        },
        may_manage: request.may(Right::ManageAdmins),
        shown,
        was_withdrawn: asked.parameter("changed").is_some(),
        refusal: renewal.or_else(|| asked.refusal::<WithdrawAdminLink>()),
    };
    match request.console().list_admins(&request.actor, cursor).await {
        Ok(list) => {
            let page = Page::new(title, move || {
                view! {
                    <Contents list around/>
                    {dialog()}
                }
            });
            let page = page.with_status(StatusCode::OK).with_cookie(cookie);
            request.answer(page).await
        }
        Err(error) => {
            let what = "The administrators could not be loaded";
            request.failed(what, error).await
        }
    }
}

/// The loaded page.
#[component]
fn Contents(list: AdminList, around: Around) -> impl IntoView {
    let Around {
        viewer,
        may_manage,
        shown,
        was_withdrawn,
        refusal,
    } = around;
    let action = may_manage.then(|| {
        view! {
            <a class="btn fill" href=INVITE_ADMIN>
                <Icon name="plus"/>
                "Invite administrator"
            </a>
        }
        .into_any()
    });
    let AdminList { page, links, now } = list;
    let address = |cursor| list_page(ADMINS, Vec::new(), cursor);
    let previous = page.before.map(|key| address(Cursor::Before(key)));
    let next = page.after.map(|key| address(Cursor::After(key)));
    let shown_rows = match page.items.len() {
        1 => "Showing 1 administrator.".to_owned(),
        rows => format!("Showing {rows} administrators."),
    };
    let rows = page.items.into_iter();
    let rows = rows
        .map(|row| view! { <AdminRow row viewer now/> })
        .collect_view();
    let links = (!links.is_empty()).then(|| view! { <LinkTable links may_manage now/> });
    view! {
        <PageHead title="Administrators" action>
            <p class="sub">
                "The people who sign in here. Owners may do everything; managers change clients, organizations and participants; auditors read."
            </p>
            {shown.map(|link| view! { <ShownLinkCard link/> })}
            {was_withdrawn.then(|| view! {
                <Notice tone=Tone::Accent icon="check">
                    <strong>"The link was withdrawn."</strong>
                    " It no longer works."
                </Notice>
            })}
            {refusal.map(|refusal| view! { <RefusalNotice what="The link was not changed" refusal/> })}
        </PageHead>
        <Table class="admins" caption="Administrators in the order of their making" columns=COLUMNS>
            {rows}
        </Table>
        <Pager label="Pages of administrators" order=ListOrder::Name previous next>
            {shown_rows}
        </Pager>
        {links}
    }
}

/// One administrator.
#[component]
fn AdminRow(row: AdminSummary, viewer: Option<AdminId>, now: Time) -> impl IntoView {
    let AdminSummary {
        admin,
        made_by,
        seen_at,
    } = row;
    let is_viewer = viewer == Some(admin.id);
    let email = admin.email.clone();
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a class="lead" href=admin_page(admin.id)>
                    <bdi>{email}</bdi>
                </a>
                {is_viewer.then(|| view! { <small>"You"</small> })}
            </th>
            <td role="cell">{role_name(admin.role)}</td>
            <td role="cell">
                <StateBadge admin/>
            </td>
            <td role="cell" data-before="Last seen:">
                <LastUsed at=seen_at now/>
            </td>
            <td role="cell" class="full" data-before="Created by">
                <bdi>{author(&made_by)}</bdi>
            </td>
        </tr>
    }
}
