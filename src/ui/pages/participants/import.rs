//! `/system/participants/import`: participants from a list in CSV, checked first and then imported, all of them or none.
//!
//! The page is posted to itself, because what is imported may be far longer than other forms, and may have passwords:
//! the answer has it, and nothing keeps it. So the password is asked for before there is a list; where it was typed too long
//! ago meanwhile, the answer has the list and says where to type it again.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::fields::Crumbs;
use super::import_report::{Preview, WrongLines};
use super::organization::{AskedOrganization, Unchosen};
use crate::domain::address::in_query;
use crate::domain::complaint::{AdminComplaint, Complaint, ParticipantComplaint};
use crate::domain::error::Error;
use crate::domain::organization::Organization;
use crate::domain::participant::{
    FORM_IMPORT_BYTES, FORM_IMPORT_PASSWORDS, ImportFile, ImportReport,
};
use crate::domain::rights::Right;
use crate::http::console::{compression, problem};
use crate::service::SentForm;
use crate::ui::addresses::{CONFIRM, IMPORT_PARTICIPANTS, PARTICIPANTS, of_organization};
use crate::ui::api::ApiRefusal;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{
    ErrorSummary, Field, FormKey, SummaryEntry, TextArea, field_error, in_text_area,
};
use crate::ui::components::icon::Icon;
use crate::ui::page::{AdminRequest, Page};

const TITLE: &str = "Import participants";

const SUMMARY: &[SummaryEntry] = &[SummaryEntry {
    field: "file",
    label: "List",
    id: "list",
}];

/// What the page posts.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    /// The form's key; with one, the list is imported once, however often it is sent.
    #[serde(rename = "form[form_key]")]
    form_key: String,
    /// The list.
    list: String,
    /// `import` to import it, `edit` to go back to it; anything else checks it.
    step: String,
}

/// What the page shows.
enum Shown {
    /// The list can be typed.
    Typing(Option<ApiRefusal>),
    /// The list was checked.
    Checked(ImportReport),
    /// The list is not imported before the password was typed again.
    Unproven,
}

/// The page with an empty list.
pub async fn page(request: AdminRequest) -> Response {
    if request.may(Right::ChangeParticipants)
        && let Err(error) = request.actor.require_fresh_proof()
    {
        return failed(request, error).await;
    }
    answer(request, ImportForm::default(), Shown::Typing(None)).await
}

/// Answers a list: with what would be imported, with what is wrong, or with the list of participants once it was
/// imported.
pub async fn send(
    request: AdminRequest,
    form: Result<Form<ImportForm>, FormRejection>,
) -> Response {
    let mut response = match form {
        Ok(Form(form)) => answer_list(request, form).await,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let error = Error::invalid(
                "file",
                Complaint::Participant(ParticipantComplaint::ImportTooLongForForm),
            );
            refused(request, ImportForm::default(), &error).await
        }
        Err(rejection) => rejection.into_response(),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, compression::WITH_SECRET);
    response
}

async fn answer_list(request: AdminRequest, form: ImportForm) -> Response {
    if form.step == "edit" {
        return answer(request, form, Shown::Typing(None)).await;
    }
    let organization = match AskedOrganization::read(&request).await {
        Ok(asked) => asked.organization,
        Err(error) => return failed(request, error).await,
    };
    let Some(organization) = organization else {
        return answer(request, form, Shown::Typing(None)).await;
    };
    let id = organization.id;
    let file = ImportFile {
        organization_id: id,
        content: form.list.as_bytes(),
        is_dry_run: form.step != "import",
    };
    // The digest that is kept gives nothing away: the key, which is not kept, is in it.
    let content = (&form.form_key, id, &form.list);
    let sent = SentForm::new(&form.form_key, "participants/import", &content);
    let console = request.console();
    let done = console.import_participants_by_form(&request.actor, &sent, &file);
    match done.await {
        Ok(report) if report.is_written => {
            let list = of_organization(PARTICIPANTS, id);
            Redirect::to(&format!("{list}&imported={}", report.participants)).into_response()
        }
        Ok(report) => answer(request, form, Shown::Checked(report)).await,
        Err(Error::Forbidden(Complaint::Admin(AdminComplaint::PasswordNeeded))) => {
            answer(request, form, Shown::Unproven).await
        }
        Err(error) => refused(request, form, &error).await,
    }
}

/// Answers that a list was not read or not imported.
async fn refused(request: AdminRequest, form: ImportForm, error: &Error) -> Response {
    let status = problem::status(error);
    let refusal = problem::problem(error).into();
    let mut response = answer(request, form, Shown::Typing(Some(refusal))).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

async fn failed(request: AdminRequest, error: Error) -> Response {
    request.failed("The form could not be loaded", error).await
}

async fn answer(request: AdminRequest, mut form: ImportForm, shown: Shown) -> Response {
    if !request.may(Right::ChangeParticipants) {
        return request.read_only(TITLE, PARTICIPANTS).await;
    }
    let asked = match AskedOrganization::read(&request).await {
        Ok(asked) => asked,
        Err(error) => return failed(request, error).await,
    };
    let may_add = request.may(Right::ChangeOrganizations);
    if form.form_key.is_empty() {
        form.form_key = request.console().form_key();
    }
    let (status, title) = match &shown {
        Shown::Checked(report) if !report.wrong.is_empty() => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Error: Import participants",
        ),
        Shown::Typing(Some(_)) => (StatusCode::OK, "Error: Import participants"),
        Shown::Unproven => (StatusCode::FORBIDDEN, "Error: Import participants"),
        _ => (StatusCode::OK, TITLE),
    };
    let page = Page::new(title, move || match asked.organization.clone() {
        Some(organization) => view! { <Contents organization form shown/> }.into_any(),
        None => view! {
            <Unchosen title=TITLE page=IMPORT_PARTICIPANTS asked may_add/>
        }
        .into_any(),
    });
    request.answer(page.with_status(status)).await
}

/// The page of an organization.
#[component]
fn Contents(organization: Organization, form: ImportForm, shown: Shown) -> impl IntoView {
    let id = organization.id;
    let here = of_organization(IMPORT_PARTICIPANTS, id);
    let (notices, fields) = match shown {
        Shown::Typing(refusal) => {
            let error = field_error(refusal.as_ref(), "file");
            (
                view! { <ErrorSummary what="Nothing was imported" refusal entries=SUMMARY/> }
                    .into_any(),
                view! { <ListFields list=form.list error/> }.into_any(),
            )
        }
        Shown::Checked(report) if report.wrong.is_empty() => (
            ().into_any(),
            view! { <Preview report list=form.list/> }.into_any(),
        ),
        Shown::Checked(report) => (
            view! { <WrongLines report/> }.into_any(),
            view! { <ListFields list=form.list error=Some("What is wrong with it is said above.".to_owned())/> }.into_any(),
        ),
        Shown::Unproven => (
            view! { <PasswordNeeded here=here.clone()/> }.into_any(),
            view! { <UnsentList list=form.list/> }.into_any(),
        ),
    };
    view! {
        <header class="page-head">
            <Crumbs organization=id>{TITLE}</Crumbs>
            <div class="row title">
                <h1>{TITLE}</h1>
            </div>
            <p class="sub">
                "Participants of "
                <bdi>{organization.name}</bdi>
                ", from a list: all of them or, when something is wrong with one, none."
            </p>
            {notices}
        </header>
        <form method="post" action=here class="body narrow" novalidate=true>
            <FormKey key=form.form_key/>
            {fields}
        </form>
    }
}

/// Where the password is typed again, while this page keeps the list.
#[component]
fn PasswordNeeded(here: String) -> impl IntoView {
    let confirm = format!("{CONFIRM}?next={}", in_query(&here));
    view! {
        <div class="notice" data-tone="warn" role="alert" tabindex="-1" id="errors" autofocus>
            <Icon name="lock"/>
            <div>
                <strong>"Nothing was imported yet: your password was typed more than 10 minutes ago."</strong>
                <p>
                    <a class="link" href=confirm target="_blank">
                        "Type it again"
                        <span class="sr">" (opens in a new tab)"</span>
                    </a>
                    ", then come back to this page and import the list. It is still here."
                </p>
            </div>
        </div>
    }
}

/// The list that was checked and not imported, and the buttons that import it and change it.
#[component]
fn UnsentList(list: String) -> impl IntoView {
    let list = in_text_area(&list);
    view! {
        <textarea name="list" hidden readonly>
            {list}
        </textarea>
        <div class="row">
            <SubmitButton label="Import the list" pending_label="Importing…" attr:name="step" attr:value="import"/>
            <SubmitButton label="Change the list" pending_label="Loading…" class="quiet" attr:name="step" attr:value="edit"/>
        </div>
    }
}

/// The list, and the button that checks it.
#[component]
fn ListFields(list: String, error: Option<String>) -> impl IntoView {
    let most = FORM_IMPORT_BYTES / 1024;
    let limits = format!(
        "At most {most} KiB, and {FORM_IMPORT_PASSWORDS} passwords that are not hashed yet. A longer file is imported on the server, with "
    );
    let hint = move || {
        view! {
            "CSV. The first line names the columns: nickname and email; optionally name, and password or password_hash (Argon2id). "
            {limits.clone()}
            <code>"claviger participant import"</code>
            "."
        }
    };
    view! {
        <Field id="list" label=|| "List" hint error>
            <TextArea
                value={list}
                {..}
                name="list"
                required=true
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder="nickname,email,name"
            />
        </Field>
        <div class="row">
            <SubmitButton label="Preview" pending_label="Checking…" attr:name="step" attr:value="preview"/>
            <span class="hint">"Nothing is imported yet."</span>
        </div>
    }
}
