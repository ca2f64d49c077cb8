//! One-time links: the one that was just made, and those that wait.

use leptos::prelude::*;

use super::words::role_name;
use crate::domain::Time;
use crate::domain::admin::{AdminLink, LINK_HOURS};
use crate::domain::view::ShownLink;
use crate::domain::words::en::event::author;
use crate::ui::addresses::ADMINS;
use crate::ui::api::admins::{RenewAdminLink, WithdrawAdminLink};
use crate::ui::components::badges::{Timestamp, date, minute};
use crate::ui::components::button::{CopyWordButton, SubmitButton};
use crate::ui::components::credentials::Credential;
use crate::ui::components::field::posts_to;
use crate::ui::components::table::{Column, Table};

const COLUMNS: &[Column] = &[
    Column::new("For"),
    Column::new("Leads to"),
    Column::new("Made"),
    Column::new("Ends"),
    Column::new(""),
];

/// The link that was just made, in plain, once.
#[component]
pub(super) fn ShownLinkCard(
    /// The link.
    link: ShownLink,
) -> impl IntoView {
    let ShownLink {
        email,
        is_invitation,
        address,
        ends_at,
    } = link;
    let leads_to = if is_invitation {
        "It lets its reader choose a password and join as an administrator."
    } else {
        "It lets its reader choose a new password. The one from before works until then."
    };
    let copied = address.clone();
    let hint = move || format!("It works once, until {}.", minute(ends_at));
    view! {
        <section class="card once" aria-labelledby="made-link">
            <header>
                <h2 id="made-link">"Link for " <bdi>{email}</bdi> " made. Copy it now."</h2>
                <p>
                    "It is shown once; Claviger keeps only a hash of it. "
                    {leads_to}
                    " The server sends no mail: pass it on in a way that nobody else reads."
                </p>
            </header>
            <div class="pad">
                <Credential id="one-time-link" label="One-time link" value=move || address.clone() hint>
                    <CopyWordButton text=copied what="one-time link"/>
                </Credential>
            </div>
        </section>
    }
}

/// The links that wait to be used, and those that ended lately.
#[component]
pub(super) fn LinkTable(
    /// The links.
    links: Vec<AdminLink>,
    /// Whether they may be renewed and withdrawn.
    may_manage: bool,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let rows = links.into_iter();
    let rows = rows
        .map(|link| view! { <LinkRow link may_manage now/> })
        .collect_view();
    view! {
        <section class="stack tight" aria-labelledby="links">
            <header class="page-head">
                <h2 id="links">"One-time links"</h2>
                <p class="hint">
                    {format!("Not used yet. Each works for {LINK_HOURS} hours, once; a new one replaces the one before.")}
                </p>
            </header>
            <Table class="admin-links" caption="One-time links, the last to end first" columns=COLUMNS>
                {rows}
            </Table>
        </section>
    }
}

/// One link.
#[component]
fn LinkRow(link: AdminLink, may_manage: bool, now: Time) -> impl IntoView {
    let AdminLink {
        email,
        role,
        made_by,
        created_at,
        ends_at,
    } = link;
    let leads_to = match role {
        Some(role) => format!("Joining as {}", role_name(role).to_lowercase()),
        None => "A new password".to_owned(),
    };
    let end = if ends_at <= now {
        view! {
            <span class="status" data-tone="neutral">
                "Ended"
            </span>
        }
        .into_any()
    } else {
        let exact = minute(ends_at);
        view! { <span title=exact>{date(ends_at)}</span> }.into_any()
    };
    let actions = may_manage.then(|| view! { <LinkActions email=email.clone()/> });
    let parts: Vec<String> = email.split_inclusive(['@', '.']).map(Into::into).collect();
    let parts = parts
        .into_iter()
        .map(|part| view! { {part} <wbr/> })
        .collect_view();
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <bdi>{parts}</bdi>
            </th>
            <td role="cell">{leads_to}</td>
            <td role="cell" class="full">
                <Timestamp at=created_at now/>
                <small>"by " <bdi>{author(&made_by)}</bdi></small>
            </td>
            <td role="cell" data-before="Ends:">
                {end}
            </td>
            <td role="cell" class="end do">
                {actions}
            </td>
        </tr>
    }
}

/// What can be done with a link.
#[component]
fn LinkActions(email: String) -> impl IntoView {
    let of = email.clone();
    let shown = email.clone();
    view! {
        <div class="row">
            <form method="post" action={posts_to::<RenewAdminLink>(ADMINS)}>
                <input type="hidden" name="email" value=email.clone()/>
                <button class="btn quiet small" type="submit">
                    "New link"
                    <span class="sr">" for " {of}</span>
                </button>
            </form>
            <form method="post" action={posts_to::<WithdrawAdminLink>(ADMINS)}>
                <input type="hidden" name="email" value=email/>
                <button class="btn quiet small" type="submit">
                    "Withdraw"
                    <span class="sr">" the link for " {shown}</span>
                </button>
            </form>
        </div>
    }
}

/// The button that makes a link.
#[component]
pub(super) fn MakeLinkButton(
    /// Its label.
    label: &'static str,
) -> impl IntoView {
    view! { <SubmitButton label pending_label="Making…" class=""/> }
}
