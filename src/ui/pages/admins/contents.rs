//! The page of an administrator.

use leptos::prelude::*;

use super::forms::{Forms, Refusals};
use super::words::{StateBadge, role_name};
use crate::domain::address::in_query;
use crate::domain::admin::AdminSummary;
use crate::domain::view::AdminPage;
use crate::domain::words::en::event::author;
use crate::ui::addresses::{ADMINS, AUDIT};
use crate::ui::components::audit_log::NewestEntries;
use crate::ui::components::badges::{LastUsed, Timestamp};
use crate::ui::components::frame::fact;
use crate::ui::components::notice::{Notice, Tone};

/// The page.
#[component]
pub(super) fn Contents(
    /// The administrator.
    shown: AdminPage,
    /// Why forms of the page were refused.
    refusals: Refusals,
    /// Whether the viewer may change administrators.
    may_manage: bool,
    /// Whether this is the viewer.
    is_viewer: bool,
    /// Whether something was just changed.
    was_saved: bool,
) -> impl IntoView {
    let notice = if was_saved {
        Some(
            view! {
                <Notice tone=Tone::Accent icon="check">
                    <strong>"Done."</strong>
                    " What this page says is in force now."
                </Notice>
            }
            .into_any(),
        )
    } else if may_manage {
        None
    } else {
        Some(
            view! {
                <Notice tone=Tone::Neutral icon="lock">
                    "Your account may read this but not change it."
                </Notice>
            }
            .into_any(),
        )
    };
    let forms = may_manage.then(|| {
        let shown = shown.clone();
        view! { <Forms shown refusals/> }
    });
    let email = shown.summary.admin.email.clone();
    let all = format!("{AUDIT}?actor={}", in_query(&email));
    let acts = shown.acts.clone();
    let now = shown.now;
    view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol class="row hint">
                    <li>
                        <a href=ADMINS>"Administrators"</a>
                    </li>
                    <li aria-current="page">
                        <bdi>{email.clone()}</bdi>
                    </li>
                </ol>
            </nav>
            <div class="row title">
                <h1>
                    <bdi>{email}</bdi>
                </h1>
                <StateBadge admin=shown.summary.admin.clone()/>
                {is_viewer.then(|| view! { <span class="hint">"You"</span> })}
            </div>
            <Facts shown/>
            {notice}
        </header>
        <div class="body narrow">
            {forms}
            <NewestEntries title="What they did" entries=acts none="Nothing is recorded yet." all now/>
        </div>
    }
}

/// The facts about an administrator.
#[component]
fn Facts(shown: AdminPage) -> impl IntoView {
    let AdminPage {
        summary,
        now,
        sessions,
        ..
    } = shown;
    let AdminSummary {
        admin,
        made_by,
        seen_at,
    } = summary;
    let disabled = admin
        .disabled_at
        .map(|since| fact("Disabled", view! { <Timestamp at=since now/> }.into_any()));
    view! {
        <dl class="facts">
            {fact("Role", role_name(admin.role).into_any())}
            {fact("Last seen", view! { <LastUsed at=seen_at now/> }.into_any())}
            {fact("Open sessions", sessions.into_any())}
            {fact("Created by", view! { <bdi>{author(&made_by)}</bdi> }.into_any())}
            {fact("Created", view! { <Timestamp at=admin.created_at now/> }.into_any())}
            {disabled}
        </dl>
    }
}
