//! `/system/organizations/:id/archive`: the dialog that confirms archiving an organization, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::costs::{Cost, NotAsked, ReadOnly};
use super::show;
use crate::domain::count::Count;
use crate::domain::usage::DAYS;
use crate::domain::view::{OrganizationPage, UsedClient};
use crate::http::console::confirmation::name_pattern;
use crate::ui::addresses::{OrganizationAct, organization_dialog, organization_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::organizations::ArchiveOrganization;
use crate::ui::components::badges::{Timestamp, counted};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{Field, Input, field_error, posts_to};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::AdminRequest;

/// How many clients in use are named.
const NAMED: usize = 3;

/// The dialog, over the page of the organization.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let refusal = request.page.refusal::<ArchiveOrganization>();
    let title = |name: &str| format!("Archive {name}");
    show::answer(request, &id, title, move |page| {
        let organization = page.summary.organization.clone();
        let (id, question) = (organization.id, format!("Archive {}?", organization.name));
        let contents = match (organization.archived_at, page.may_change) {
            (Some(_), _) => {
                let sentence = "It is archived already. Nothing else to do.";
                view! { <NotAsked question id sentence/> }.into_any()
            }
            (None, true) => view! { <ArchiveForm page refusal/> }.into_any(),
            (None, false) => view! { <ReadOnly question id/> }.into_any(),
        };
        view! {
            <Dialog title_id="act-title" described_by="act-lead" close_href=organization_page(id)>
                {contents}
            </Dialog>
        }
    })
    .await
}

/// The form, with what it ends.
#[component]
fn ArchiveForm(page: OrganizationPage, refusal: Option<ApiRefusal>) -> impl IntoView {
    let organization = page.summary.organization.clone();
    let (id, name) = (organization.id, organization.name.clone());
    let here = organization_dialog(id, OrganizationAct::Archive);
    let elsewhere = refusal
        .clone()
        .filter(|refusal| refusal.field("confirm").is_none());
    view! {
        <form method="post" action={posts_to::<ArchiveOrganization>(&here)} class="pad" autocomplete="off">
            <div>
                <h2 id="act-title">"Archive " <bdi>{name.clone()}</bdi> "?"</h2>
                <p id="act-lead" class="hint">
                    "It can be restored later; its tokens cannot."
                </p>
            </div>
            {elsewhere.map(|refusal| view! { <RefusalNotice what="The organization was not archived" refusal/> })}
            <Costs page/>
            <input type="hidden" name="id" value=id.to_string()/>
            <ConfirmField name refusal/>
            <footer class="row">
                <a class="btn" href=organization_page(id)>
                    "Keep organization"
                </a>
                <SubmitButton
                    label="Archive organization"
                    pending_label="Archiving…"
                    class="fill danger needs-valid"
                />
            </footer>
        </form>
    }
}

/// What stops working, and for whom.
#[component]
fn Costs(page: OrganizationPage) -> impl IntoView {
    let clients = page.summary.active_clients;
    let stop = match clients {
        count if count.is_none() => "No client of it works at present".to_owned(),
        count if count == Count::exactly(1) => {
            "Its one working client stops at once, with all its tokens".to_owned()
        }
        count => format!(
            "{} working clients stop at once, with all their tokens",
            counted(count)
        ),
    };
    let people = (!page.participants.is_none()).then(|| {
        let noun = if page.participants == Count::exactly(1) {
            "participant"
        } else {
            "participants"
        };
        format!("{} {noun}", counted(page.participants))
    });
    let host = page.summary.organization.host.clone();
    view! {
        <ul class="costs" data-tone="danger">
            <Cost icon="key">
                <strong>{stop}</strong>
                "."
            </Cost>
            <InUse page/>
            {people
                .map(|people| {
                    view! {
                        <Cost icon="user">
                            <strong>"No client can act for its " {people}</strong>
                            ", and none of them can log in."
                        </Cost>
                    }
                })}
            {host
                .map(|host| {
                    view! {
                        <Cost icon="org">
                            <strong>"Its host becomes free: "</strong>
                            <code>{host.to_string()}</code>
                            ". It does not come back by itself."
                        </Cost>
                    }
                })}
        </ul>
    }
}

/// How many of its clients are in use, and the busiest by name.
#[component]
fn InUse(page: OrganizationPage) -> impl IntoView {
    let now = page.now;
    let usage = page.usage;
    let of = match (usage.is_partial, usage.used) {
        (true, _) => format!(
            "{} of the {} clients that were looked at were",
            usage.used, usage.read
        ),
        (false, 1) => "One client was".to_owned(),
        (false, used) => format!("{used} clients were"),
    };
    let heading = format!("{of} used in the last {DAYS} days");
    let used = usage.used;
    let is_used =
        |client: &UsedClient| client.usage.requests() > 0 || client.usage.in_use(now).is_some();
    let clients = usage.clients.into_iter().filter(is_used).take(NAMED);
    let named: Vec<UsedClient> = clients.collect();
    let more = used.saturating_sub(named.len());
    let name = move |(index, client): (usize, UsedClient)| {
        let before = if index == 0 { ": " } else { "; " };
        let at = client.usage.last_used_at;
        view! {
            {before}
            <bdi>{client.client.name}</bdi>
            {at.map(|at| view! { ", last used " <Timestamp at now inside=true/> })}
        }
    };
    (used > 0).then(|| {
        view! {
            <Cost icon="clock">
                <strong>{heading}</strong>
                {named.into_iter().enumerate().map(name).collect_view()}
                {(more > 0).then(|| format!("; and {more} more"))}
                "."
            </Cost>
        }
    })
}

/// The field for the name. The browser compares it to enable the button, and the server to archive.
#[component]
fn ConfirmField(name: String, refusal: Option<ApiRefusal>) -> impl IntoView {
    let error = field_error(refusal.as_ref(), "confirm");
    let typed = refusal
        .as_ref()
        .and_then(ApiRefusal::typed::<String>)
        .unwrap_or_default();
    let pattern = name_pattern(&name);
    let title = format!("The name of the organization: {name}");
    view! {
        <Field
            id="act-name"
            label=move || view! { "Type " <strong><bdi>{name.clone()}</bdi></strong> " to confirm" }
            error
        >
            <Input
                {..}
                name="confirm"
                value=typed
                required=true
                pattern=pattern
                title=title
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                autofocus=true
            />
        </Field>
    }
}
