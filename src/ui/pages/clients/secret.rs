//! `/system/api-clients/:id/secrets/:number`: the dialog about one secret, over the page of its client: its label, and its
//! end.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::head::ClientHead;
use super::last_use::network_of;
use super::show::CredentialsCard;
use crate::domain::Time;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::rotation::{LABEL_MAX, SecretState};
use crate::domain::view::{ClientPage, SecretRow};
use crate::ui::addresses::{Tab, client_page, rotate_secret, secret_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::secrets::{CancelRotation, EndSecret, LabelForm, LabelSecret};
use crate::ui::components::badges::Timestamp;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{
    ErrorSummary, Field, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::{AdminRequest, Page};

/// What failed.
const NOT_FOUND: &str = "The secret could not be loaded";

const SUMMARY: &[SummaryEntry] = &[SummaryEntry {
    field: "label",
    label: "Label",
    id: "se-label",
}];

/// Why the forms of the dialog were refused; at most one is there.
#[derive(Clone, Debug, Default)]
struct Refusals {
    label: Option<ApiRefusal>,
    end: Option<ApiRefusal>,
}

/// The dialog, over the page of the client.
pub async fn page(Path((id, number)): Path<(String, String)>, request: AdminRequest) -> Response {
    let page = match request.console().show_client(&request.actor, &id).await {
        Ok(page) => page,
        Err(error) => return request.failed(NOT_FOUND, error).await,
    };
    let mut rows = page.secrets.iter();
    let Some(row) = rows.find(|row| row.number.to_string() == number).cloned() else {
        let unknown = Error::NotFound(Complaint::SecretUnknown);
        return request.failed(NOT_FOUND, unknown).await;
    };
    let end = request.page.refusal::<EndSecret>();
    let refusals = Refusals {
        label: request.page.refusal::<LabelSecret>(),
        end: end.or_else(|| request.page.refusal::<CancelRotation>()),
    };
    let title = format!("Secret {} of {}", row.number, page.client.name);
    let answer = Page::new(title, move || {
        let id = page.client.id.to_string();
        let back = client_page(&id, Tab::Credentials);
        let below = page.clone();
        let contents = if page.may_change && !page.client.lifecycle.is_revoked() {
            view! { <Forms page row refusals/> }.into_any()
        } else {
            view! { <ReadOnly row back=back.clone()/> }.into_any()
        };
        view! {
            <ClientHead page=below.clone() tab=Tab::Credentials details=None/>
            <div class="body">
                <CredentialsCard page=below shown=None/>
            </div>
            <Dialog title_id="se-title" close_href=back>
                {contents}
            </Dialog>
        }
    });
    request.answer(answer).await
}

/// The forms: its label, and its end.
#[component]
fn Forms(page: ClientPage, row: SecretRow, refusals: Refusals) -> impl IntoView {
    let id = page.client.id.to_string();
    let is_live = |row: &SecretRow| row.state(page.now).is_live();
    let mut others = page
        .secrets
        .iter()
        .filter(|other| other.number != row.number);
    let is_last = is_live(&row) && !others.any(is_live);
    let label = view! { <LabelCard id=id.clone() row=row.clone() refusal=refusals.label/> };
    let end = if is_last {
        view! { <OnlyOne id row refusal=refusals.end/> }.into_any()
    } else {
        view! { <EndCard page row refusal=refusals.end/> }.into_any()
    };
    view! { {label} {end} }
}

/// What people call it.
#[component]
fn LabelCard(id: String, row: SecretRow, refusal: Option<ApiRefusal>) -> impl IntoView {
    let here = secret_page(&id, row.number);
    let typed = refusal.as_ref().and_then(ApiRefusal::typed::<LabelForm>);
    let typed = typed.map(|typed| typed.label);
    let value = typed.or_else(|| row.label.clone()).unwrap_or_default();
    let error = field_error(refusal.as_ref(), "label");
    let optional = || view! { "Label " <span class="hint">"optional"</span> };
    view! {
        <form method="post" action={posts_to::<LabelSecret>(&here)} class="pad" autocomplete="off">
            <h2 id="se-title">{format!("Secret {}", row.number)}</h2>
            <ErrorSummary what="The label was not saved" refusal entries=SUMMARY/>
            <input type="hidden" name="form[id]" value=id/>
            <input type="hidden" name="form[number]" value=row.number.to_string()/>
            <Field id="se-label" label=optional error hint=|| "Where it is used, such as “Website, production”.">
                <Input {..} name="form[label]" value=value maxlength=LABEL_MAX.to_string() autocomplete="off"/>
            </Field>
            <footer class="row">
                <SubmitButton label="Save label" pending_label="Saving…" class=""/>
            </footer>
        </form>
    }
}

/// The end of the secret, with what stops working.
#[component]
fn EndCard(page: ClientPage, row: SecretRow, refusal: Option<ApiRefusal>) -> impl IntoView {
    let id = page.client.id.to_string();
    let number = row.number.to_string();
    let (here, back) = (
        secret_page(&id, row.number),
        client_page(&id, Tab::Credentials),
    );
    let is_pending = matches!(row.state(page.now), SecretState::Pending { .. });
    let action = if is_pending {
        posts_to::<CancelRotation>(&here)
    } else {
        posts_to::<EndSecret>(&here)
    };
    let (heading, sentence) = if is_pending {
        (
            "Cancel the rotation?",
            "The new secret ends, and the older ones go on.",
        )
    } else {
        ("End it now?", "This cannot be undone.")
    };
    view! {
        <form method="post" action=action class="pad">
            <div>
                <h2>{heading}</h2>
                <p class="hint">{sentence}</p>
            </div>
            {refusal.map(|refusal| view! { <RefusalNotice what="The secret was not ended" refusal/> })}
            <Costs row now=page.now/>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="number" value=number/>
            <footer class="row">
                <a class="btn" href=back>
                    "Keep secret"
                </a>
                <EndButton is_pending/>
            </footer>
        </form>
    }
}

/// The button of the form that ends the secret.
#[component]
fn EndButton(is_pending: bool) -> impl IntoView {
    let (label, pending_label) = if is_pending {
        ("Cancel rotation", "Cancelling…")
    } else {
        ("End secret", "Ending…")
    };
    view! { <SubmitButton label pending_label class="fill danger"/> }
}

/// What stops working with the secret.
#[component]
fn Costs(row: SecretRow, now: Time) -> impl IntoView {
    let used = row.last_used_at.map(|at| {
        let network = network_of(&row);
        view! {
            <li>
                <Icon name="clock"/>
                <span>
                    <strong>"It is in use:"</strong>
                    " last "
                    <Timestamp at now inside=true/>
                    {network}
                    "."
                </span>
            </li>
        }
    });
    view! {
        <ul class="costs" data-tone="danger">
            <li>
                <Icon name="key"/>
                <span>
                    <strong>"It stops working at once."</strong>
                    " Programs that show it are refused from their next request on."
                </span>
            </li>
            <li>
                <Icon name="token"/>
                <span>
                    <strong>"Every token made with it stops working at once"</strong>
                    ", even those not yet expired."
                </span>
            </li>
            {used}
        </ul>
    }
}

/// The secret cannot be ended, because no other one works.
#[component]
fn OnlyOne(id: String, row: SecretRow, refusal: Option<ApiRefusal>) -> impl IntoView {
    let sentence = format!(
        "Secret {} is the only one of this client that works, so it cannot be ended. Make another first, or revoke the client.",
        row.number
    );
    view! {
        <div class="pad">
            <h2>"End it now?"</h2>
            {refusal.map(|refusal| view! { <RefusalNotice what="The secret was not ended" refusal/> })}
            <p>{sentence}</p>
            <footer class="row">
                <a class="btn" href=client_page(&id, Tab::Credentials)>
                    "Keep secret"
                </a>
                <a class="btn" href=rotate_secret(&id)>
                    "New secret…"
                </a>
            </footer>
        </div>
    }
}

/// The administrator may not change it, or the client is revoked.
#[component]
fn ReadOnly(row: SecretRow, back: String) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="se-title">{format!("Secret {}", row.number)}</h2>
            <p>"Your account may read this but not change it."</p>
            <footer class="row">
                <a class="btn" href=back autofocus>
                    "Back to the client"
                </a>
            </footer>
        </div>
    }
}
