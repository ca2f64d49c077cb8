//! `/system/audit/export`: the form that exports what the filters of its address choose, and the file that answers it.
//!
//! An export is recorded, so it is a form: opening an address changes nothing.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::list_query::AuditQuery;
use crate::domain::address::in_query;
use crate::domain::audit::AuditFilter;
use crate::domain::complaint::{AdminComplaint, Complaint};
use crate::domain::error::Error;
use crate::domain::event::{Event, ExportFormat, ExportedFilter};
use crate::domain::ids::Sequence;
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::words::en::event::{self, Detail};
use crate::http::console::audit_export;
use crate::ui::addresses::{AUDIT, AUDIT_EXPORT};
use crate::ui::components::choice::PillRadio;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::page::{AdminRequest, Page, confirm_first};

const TITLE: &str = "Export the audit log";

/// What the page posts: the form of the file, and the filters as in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExportForm {
    format: ExportFormat,
    actor: String,
    action: String,
    client: String,
    organization: String,
    from: String,
    to: String,
    /// By which key the page follows the file.
    transfer: String,
}

/// The form.
pub async fn page(request: AdminRequest) -> Response {
    if let Err(error) = request.actor.require(Right::ReadAuditLog) {
        return request.failed(TITLE, error).await;
    }
    let query = AuditQuery::read(request.page.query()).at(Cursor::First);
    let format = match request.page.parameter("format").as_deref() {
        Some("ndjson") => ExportFormat::Ndjson,
        _ => ExportFormat::Csv,
    };
    match organization_of(&request, &query).await {
        Ok(organization) => {
            let page = Page::new(TITLE, move || {
                view! { <Contents query organization format/> }
            });
            request.answer(page).await
        }
        Err(error) => request.failed(TITLE, error).await,
    }
}

/// The name of the organization that the filter chooses, or its id where there is none.
async fn organization_of(
    request: &AdminRequest,
    query: &AuditQuery,
) -> Result<Option<String>, Error> {
    let Some(id) = query.filter.organization else {
        return Ok(None);
    };
    let choices = request
        .console()
        .audit_choices(&request.actor, Some(id))
        .await?;
    let mut organizations = choices.organizations.into_iter();
    let named = organizations.find(|choice| choice.id == id);
    Ok(Some(
        named.map_or_else(|| id.to_string(), |named| named.name),
    ))
}

/// The file.
pub async fn send(
    request: AdminRequest,
    form: Result<Form<ExportForm>, FormRejection>,
) -> Response {
    let form = match form {
        Ok(Form(form)) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let (format, key) = (form.format, form.transfer.clone());
    let query = form.query();
    let filter = query.filter.clone();
    let begun = request
        .console()
        .export_audit_log(&request.actor, &filter, format)
        .await;
    match begun {
        Ok(export) => {
            let sending = request.page.state.transfers.begin(&request.actor, &key);
            audit_export::file(export, format, request.console().now(), sending)
        }
        // A file is no page to return to: after the password is the form, as it was filled in.
        Err(Error::Forbidden(Complaint::Admin(AdminComplaint::PasswordNeeded))) => {
            let mut form = query.href(AUDIT_EXPORT);
            if format == ExportFormat::Ndjson {
                form.push(if form.contains('?') { '&' } else { '?' });
                form.push_str("format=ndjson");
            }
            confirm_first(&form)
        }
        Err(error) => {
            request
                .failed("The audit log was not exported", error)
                .await
        }
    }
}

impl ExportForm {
    /// The filters, read as those of an address.
    fn query(self) -> AuditQuery {
        let parameters = [
            ("actor", self.actor),
            ("action", self.action),
            ("client", self.client),
            ("organization", self.organization),
            ("from", self.from),
            ("to", self.to),
        ];
        let query = parameters.map(|(name, value)| format!("{name}={}", in_query(&value)));
        AuditQuery::read(&query.join("&"))
    }
}

/// The page.
#[component]
fn Contents(
    query: AuditQuery,
    organization: Option<String>,
    /// The form of the file that is chosen at first.
    format: ExportFormat,
) -> impl IntoView {
    let back = query.href(AUDIT);
    let is_csv = format == ExportFormat::Csv;
    let hidden = query.parameters().into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name value=value/> }
    });
    view! {
        <PageHead title=TITLE>
            <p class="sub">
                "The file holds the entries that match the filters, newest first. The export itself is logged."
            </p>
        </PageHead>
        <div class="body narrow">
            <Chosen filter=query.filter organization/>
            <form class="stack" method="post" action=AUDIT_EXPORT data-download="">
                {hidden.collect_view()}
                <fieldset class="pills">
                    <legend class="sr">"Format"</legend>
                    <PillRadio name="format" value="csv" label="CSV, for a spreadsheet" checked=is_csv/>
                    <PillRadio name="format" value="ndjson" label="NDJSON, for programs" checked=!is_csv/>
                </fieldset>
                // A password that has to be given again is typed here.
                <div class="row">
                    <button class="btn fill" type="submit">
                        <Icon name="download"/>
                        "Export"
                    </button>
                    <a class="btn" href=back>
                        "Back to the log"
                    </a>
                </div>
                <p class="hint">
                    "In a CSV file an apostrophe stands before what a spreadsheet would calculate."
                </p>
            </form>
        </div>
    }
}

/// What the filters choose, in the words in which the log will tell of it; the organization by its name.
#[component]
fn Chosen(filter: AuditFilter, organization: Option<String>) -> impl IntoView {
    let filter = ExportedFilter {
        organization: None,
        ..filter.exported()
    };
    let event = Event::AuditExported {
        format: ExportFormat::Csv,
        filter,
        newest: Sequence::default(),
    };
    let organization = organization.map(|name| ("Organization", name));
    let facts: Vec<(&str, String)> = event::sentence_of(&event)
        .details
        .into_iter()
        .filter_map(|detail| match detail {
            Detail::Fact { name, value } => Some((name, value)),
            _ => None,
        })
        .skip(1)
        .chain(organization)
        .collect();
    if facts.is_empty() {
        return view! { <p>"No filter is set: all entries are exported."</p> }.into_any();
    }
    let facts = facts.into_iter().map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    <bdi>{value}</bdi>
                </dd>
            </div>
        }
    });
    view! { <dl class="facts">{facts.collect_view()}</dl> }.into_any()
}
