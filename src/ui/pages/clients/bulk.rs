//! `/system/api-clients/do`: the page before an act on several clients, which says what will happen. The list leads here
//! with the chosen clients in the address.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::bulk_done::number_of_clients;
use super::bulk_fields::{ConfirmField, Costs, DayField};
use super::bulk_rows::{AbleCard, UnableCard};
use super::list_query::ListQuery;
use crate::domain::address::parameters;
use crate::domain::client::{BulkAct, BulkPreview, SeenClient};
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::rights::Right;
use crate::ui::addresses::CLIENTS;
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{BulkForm, ChangeClients};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::empty::Empty;
use crate::ui::components::field::{ErrorSummary, FormKey, SummaryEntry, posts_to};
use crate::ui::page::{AdminRequest, Page};

const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "confirm",
        label: "Number of clients",
        id: "bulk-confirm",
    },
    SummaryEntry {
        field: "expires_on",
        label: "Expires on",
        id: "bulk-day",
    },
];

/// The page.
pub async fn page(request: AdminRequest) -> Response {
    let act = request.page.parameter("do");
    let Some(act) = act.as_deref().and_then(BulkAct::parse) else {
        let error = Error::NotFound(Complaint::NothingHere);
        return request.failed("There is nothing here", error).await;
    };
    if !request.may(Right::ChangeClients) {
        return request.read_only(verb(act), CLIENTS).await;
    }
    let list = ListQuery::read(request.page.query()).href();
    let ids = parameters(request.page.query(), "client");
    let preview = match request
        .console()
        .preview_bulk(&request.actor, act, &ids)
        .await
    {
        Ok(preview) => preview,
        Err(error @ Error::Invalid(_)) => {
            let page = Page::new(verb(act), move || {
                view! { <NotThese title=error.to_string() list/> }
            });
            let page = page.with_status(StatusCode::UNPROCESSABLE_ENTITY);
            return request.answer(page).await;
        }
        Err(error) => {
            return request
                .failed("The clients could not be loaded", error)
                .await;
        }
    };
    let refusal = request.page.refusal::<ChangeClients>();
    let typed = refusal.as_ref().and_then(ApiRefusal::typed::<BulkForm>);
    let mut form = typed.unwrap_or_default();
    form.form_key = refusal
        .as_ref()
        .and_then(ApiRefusal::form_key)
        .unwrap_or_else(|| request.console().form_key());
    form.list = list;
    let here = request.page.uri.to_string();
    let error = if refusal.is_some() { "Error: " } else { "" };
    let title = format!("{error}{}", short_title(act, preview.able.len()));
    let page = Page::new(title, move || {
        view! { <Contents preview form here refusal/> }
    });
    request.answer(page).await
}

/// The verb of an act, as titles and buttons have it.
fn verb(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Revoke => "Revoke",
        BulkAct::Suspend => "Suspend",
        BulkAct::Resume => "Resume",
        BulkAct::Expire => "Set expiry of",
    }
}

/// What the act is done to, in a few words.
fn short_title(act: BulkAct, able: usize) -> String {
    match (able, act) {
        (0, BulkAct::Revoke) => "No client to revoke".to_owned(),
        (0, BulkAct::Suspend) => "No client to suspend".to_owned(),
        (0, BulkAct::Resume) => "No client to resume".to_owned(),
        (0, BulkAct::Expire) => "No client to give an expiry".to_owned(),
        _ => format!("{} {}", verb(act), number_of_clients(able)),
    }
}

/// The way back to the list.
#[component]
fn Crumbs(list: String, words: String) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol class="row hint">
                <li>
                    <a href=list>"API clients"</a>
                </li>
                <li aria-current="page">{words}</li>
            </ol>
        </nav>
    }
}

/// None or too many clients were chosen.
#[component]
fn NotThese(title: String, list: String) -> impl IntoView {
    view! {
        <div class="body">
            <Empty title>
                <p>"Nothing was changed."</p>
                <a class="btn" href=list>
                    "Back to the list"
                </a>
            </Empty>
        </div>
    }
}

#[component]
fn Contents(
    preview: BulkPreview,
    form: BulkForm,
    /// The address of this page.
    here: String,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let act = preview.act;
    let clients = number_of_clients(preview.able.len());
    let is_none = preview.able.is_empty();
    let words = short_title(act, preview.able.len());
    let title = match act {
        _ if is_none => words.clone(),
        BulkAct::Expire => format!("Set when {clients} expire{}", plural_s(preview.able.len())),
        _ => format!("{words}?"),
    };
    let list = form.list.clone();
    let unable = view! { <UnableCard preview=preview.clone()/> };
    let contents = if is_none {
        view! {
            <div class="body narrow">
                {unable}
                <div class="row">
                    <a class="btn" href=list.clone()>
                        "Back to the list"
                    </a>
                </div>
            </div>
        }
        .into_any()
    } else {
        view! { <BulkFields preview form here refusal=refusal.clone() unable=unable.into_any()/> }
            .into_any()
    };
    view! {
        <header class="page-head">
            <Crumbs list words/>
            <div class="row title">
                <h1>{title}</h1>
            </div>
            {(!is_none).then(|| view! { <p class="sub">{consequence(act)}</p> })}
            <ErrorSummary what="Nothing was changed" refusal entries=SUMMARY/>
        </header>
        {contents}
    }
}

/// "s" where one does something.
fn plural_s(number: usize) -> &'static str {
    if number == 1 { "s" } else { "" }
}

/// What the act means.
fn consequence(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Revoke => "This cannot be undone. All of them are revoked at once, or none.",
        BulkAct::Suspend => {
            "They get no tokens until they are resumed. All of them are suspended at once, or none."
        }
        BulkAct::Resume => {
            "Their tokens that have not expired work again. All of them are resumed at once, or none."
        }
        BulkAct::Expire => "One day for all of them. It is set for all at once, or for none.",
    }
}

/// The form: what happens, to whom, and the confirmation.
#[component]
fn BulkFields(
    preview: BulkPreview,
    form: BulkForm,
    here: String,
    refusal: Option<ApiRefusal>,
    /// Those that the act cannot be done to.
    unable: AnyView,
) -> impl IntoView {
    let act = preview.act;
    let count = preview.able.len();
    let seen = preview
        .able
        .iter()
        .map(|row| {
            let client = &row.summary.client;
            let seen = SeenClient {
                id: client.id.clone(),
                version: client.version,
            };
            view! { <input type="hidden" name="form[clients][]" value=seen.to_string()/> }
        })
        .collect_view();
    let field = match act {
        BulkAct::Revoke => view! { <ConfirmField count typed=form.confirm refusal/> }.into_any(),
        BulkAct::Expire => {
            let first_day = preview.tomorrow.clone();
            view! { <DayField first_day typed=form.expires_on refusal/> }.into_any()
        }
        BulkAct::Suspend | BulkAct::Resume => ().into_any(),
    };
    let clients = number_of_clients(count);
    let (label, pending, class) = match act {
        BulkAct::Revoke => (
            format!("Revoke {clients}"),
            "Revoking…",
            "fill danger needs-valid",
        ),
        BulkAct::Suspend => (format!("Suspend {clients}"), "Suspending…", "fill"),
        BulkAct::Resume => (format!("Resume {clients}"), "Resuming…", "fill"),
        BulkAct::Expire => (format!("Set expiry of {clients}"), "Saving…", "fill"),
    };
    let keep = match act {
        BulkAct::Revoke if count == 1 => "Keep client",
        BulkAct::Revoke => "Keep clients",
        _ => "Cancel",
    };
    let list = form.list.clone();
    view! {
        <form method="post" action={posts_to::<ChangeClients>(&here)} class="body narrow" autocomplete="off">
            <FormKey key=form.form_key/>
            <input type="hidden" name="form[act]" value=act.as_str()/>
            <input type="hidden" name="form[list]" value=form.list/>
            {seen}
            <Costs preview=preview.clone()/>
            <AbleCard preview/>
            {unable}
            {field}
            <div class="row">
                <a class="btn" href=list>
                    {keep}
                </a>
                <SubmitButton label pending_label=pending class/>
            </div>
        </form>
    }
}
