//! The forms on an administrator's page.

use leptos::prelude::*;

use super::links::MakeLinkButton;
use super::words::RoleSelect;
use crate::domain::admin::{Admin, LINK_HOURS};
use crate::domain::ids::AdminId;
use crate::domain::role::Role;
use crate::domain::view::AdminPage;
use crate::ui::addresses::admin_page;
use crate::ui::api::ApiRefusal;
use crate::ui::api::admins::{
    DisableAdmin, EnableAdmin, EndAdminSessions, MakePasswordLink, RoleForm, SetAdminRole,
};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{ErrorSummary, Field, SummaryEntry, field_error, posts_to};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::AdminRequest;

const SUMMARY: &[SummaryEntry] = &[SummaryEntry {
    field: "role",
    label: "Role",
    id: "role",
}];

/// Why the forms of the page were refused.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals {
    role: Option<ApiRefusal>,
    access: Option<ApiRefusal>,
    sessions: Option<ApiRefusal>,
    link: Option<ApiRefusal>,
}

impl Refusals {
    /// The refusals that this page answers; at most one of them is there.
    pub(super) fn of(request: &AdminRequest) -> Self {
        let page = &request.page;
        let disable = page.refusal::<DisableAdmin>();
        Self {
            role: page.refusal::<SetAdminRole>(),
            access: disable.or_else(|| page.refusal::<EnableAdmin>()),
            sessions: page.refusal::<EndAdminSessions>(),
            link: page.refusal::<MakePasswordLink>(),
        }
    }
}

/// The forms: role, password, sessions, and whether they can sign in.
#[component]
pub(super) fn Forms(
    /// The administrator.
    shown: AdminPage,
    /// Why they were refused.
    refusals: Refusals,
) -> impl IntoView {
    let AdminPage {
        summary,
        sessions,
        is_last_owner,
        has_link,
        ..
    } = shown;
    let Admin {
        id,
        role,
        disabled_at,
        ..
    } = summary.admin;
    let Refusals {
        role: role_refusal,
        access,
        sessions: sessions_refusal,
        link,
    } = refusals;
    let is_disabled = disabled_at.is_some();
    let enabled_forms = (!is_disabled).then(|| {
        view! {
            <PasswordCard id has_link refusal=link/>
            <SessionsCard id sessions refusal=sessions_refusal/>
        }
    });
    view! {
        <RoleCard id role is_last_owner refusal=role_refusal/>
        {enabled_forms}
        <AccessCard id is_disabled is_last_owner refusal=access/>
    }
}

/// The role.
#[component]
fn RoleCard(
    id: AdminId,
    role: Role,
    is_last_owner: bool,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let typed = refusal.as_ref().and_then(ApiRefusal::typed::<RoleForm>);
    let typed = typed.filter(|form| form.id == id);
    let chosen = typed.map_or(Some(role), |form| Role::parse(&form.role));
    let error = field_error(refusal.as_ref(), "role");
    let hint = if is_last_owner {
        "The last owner who can sign in stays one. Make somebody else an owner first."
    } else {
        "It holds at once, in open sessions too."
    };
    view! {
        <section class="card" aria-labelledby="role-title">
            <header class="row">
                <h2 id="role-title">"Role"</h2>
            </header>
            <form method="post" action={posts_to::<SetAdminRole>(&admin_page(id))} class="pad">
                <ErrorSummary what="The role was not changed" refusal entries=SUMMARY/>
                <input type="hidden" name="form[id]" value=id.to_string()/>
                <Field id="role" label=|| "Role" hint=move || hint error>
                    <RoleSelect chosen/>
                </Field>
                <div class="row">
                    <SubmitButton label="Save role" pending_label="Saving…"/>
                </div>
            </form>
        </section>
    }
}

/// A link to a new password.
#[component]
fn PasswordCard(id: AdminId, has_link: bool, refusal: Option<ApiRefusal>) -> impl IntoView {
    let waits = has_link.then_some("A link waits to be used");
    view! {
        <section class="card" aria-labelledby="password-title">
            <header class="row">
                <h2 id="password-title">"Password"</h2>
                <span class="hint">{waits}</span>
            </header>
            <form method="post" action={posts_to::<MakePasswordLink>(&admin_page(id))} class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what="No link was made" refusal/> })}
                <input type="hidden" name="id" value=id.to_string()/>
                <p>
                    {format!(
                        "Make a link with which they choose a new password: once, within {LINK_HOURS} hours. Their old one works until then; using the link ends their sessions.",
                    )}
                </p>
                <div class="row">
                    <MakeLinkButton label="Make password link"/>
                </div>
            </form>
        </section>
    }
}

/// The open sessions.
#[component]
fn SessionsCard(id: AdminId, sessions: usize, refusal: Option<ApiRefusal>) -> impl IntoView {
    let open = match sessions {
        0 => "None is open".to_owned(),
        1 => "One is open".to_owned(),
        number => format!("{number} are open"),
    };
    let form = (sessions > 0 || refusal.is_some()).then(|| {
        view! {
            <form method="post" action={posts_to::<EndAdminSessions>(&admin_page(id))} class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what="The sessions were not ended" refusal/> })}
                <input type="hidden" name="id" value=id.to_string()/>
                <p>"They have to sign in again, with the password that they have."</p>
                <div class="row">
                    <SubmitButton label="End all sessions" pending_label="Ending…" class=""/>
                </div>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <header class="row">
                <h2 id="sessions-title">"Sessions"</h2>
                <span class="hint">{open}</span>
            </header>
            {form}
        </section>
    }
}

/// Whether they can sign in.
#[component]
fn AccessCard(
    id: AdminId,
    is_disabled: bool,
    is_last_owner: bool,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let here = admin_page(id);
    let form = if is_disabled {
        view! {
            <form method="post" action={posts_to::<EnableAdmin>(&here)} class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what="The administrator was not enabled" refusal/> })}
                <input type="hidden" name="id" value=id.to_string()/>
                <p>"They cannot sign in. Enabling lets them, with the password and the role that they had."</p>
                <div class="row">
                    <SubmitButton label="Enable administrator" pending_label="Enabling…" class=""/>
                </div>
            </form>
        }
        .into_any()
    } else if is_last_owner {
        view! {
            <div class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what="The administrator was not disabled" refusal/> })}
                <p class="hint">
                    "The last owner who can sign in cannot be disabled. Make somebody else an owner first."
                </p>
            </div>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action={posts_to::<DisableAdmin>(&here)} class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what="The administrator was not disabled" refusal/> })}
                <input type="hidden" name="id" value=id.to_string()/>
                <p>
                    "Their sessions end at once, and they cannot sign in until an owner enables them again. What they made stays, and so do links that they made for others."
                </p>
                <div class="row">
                    <SubmitButton label="Disable administrator" pending_label="Disabling…" class="danger"/>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="access-title">
            <header class="row">
                <h2 id="access-title">"Access"</h2>
            </header>
            {form}
        </section>
    }
}
