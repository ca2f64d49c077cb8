//! `/system/api-clients/new`: creates a client.

use axum::response::Response;
use leptos::prelude::*;

use super::fields::{ExpiryField, OrganizationField, ParticipantsField, ScopesField};
use crate::domain::view::ClientChoices;
use crate::ui::addresses::{CLIENTS, NEW_CLIENT};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{CreateClient, NewClientForm};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{
    ErrorSummary, Field, FormKey, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::page::{AdminRequest, Page};

/// The fields of the form in the error summary.
const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "name",
        label: "Name",
        id: "name",
    },
    SummaryEntry {
        field: "organization_id",
        label: "Organization",
        id: "organization",
    },
    SummaryEntry {
        field: "scopes",
        label: "Scopes",
        id: "scopes",
    },
    SummaryEntry {
        field: "expiry",
        label: "Expiry",
        id: "expiry",
    },
    SummaryEntry {
        field: "expires_on",
        label: "Expiry",
        id: "expires_on",
    },
];

/// The page with the form for a new client.
pub async fn page(request: AdminRequest) -> Response {
    let loaded = request.console().client_choices(&request.actor).await;
    let choices = match loaded {
        Ok(choices) => choices,
        Err(error) => {
            return request.failed("The form could not be loaded", error).await;
        }
    };
    let refusal = request.page.refusal::<CreateClient>();
    let organization = request.page.parameter("organization");
    let title = if refusal.is_some() {
        "Error: New client"
    } else {
        "New client"
    };
    let key = request.console().form_key();
    let page = Page::new(title, move || {
        let mut form = typed_before(&choices, refusal.as_ref(), organization);
        form.form_key = refusal
            .as_ref()
            .and_then(ApiRefusal::form_key)
            .unwrap_or(key);
        view! {
            <Head refusal=refusal.clone()/>
            <ClientForm choices form refusal/>
        }
    });
    request.answer(page).await
}

/// The header, with the errors of a refused form.
#[component]
fn Head(refusal: Option<ApiRefusal>) -> impl IntoView {
    view! {
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol class="row hint">
                    <li>
                        <a href=CLIENTS>"API clients"</a>
                    </li>
                    <li aria-current="page">"New client"</li>
                </ol>
            </nav>
            <div class="row title">
                <h1>"New client"</h1>
            </div>
            <p class="sub">
                "A client is a key for one program. You grant its permissions once it exists; until then it opens nothing."
            </p>
            <ErrorSummary what="The client was not created" refusal entries=SUMMARY/>
        </header>
    }
}

/// The form, with its initial values.
#[component]
fn ClientForm(
    choices: ClientChoices,
    form: NewClientForm,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let error = |field| field_error(refusal.as_ref(), field);
    let secret_hint = if choices.secrets_recoverable {
        "The secret is on the next screen. It can be revealed again later."
    } else {
        "The secret is shown once, on the next screen."
    };
    view! {
        <form method="post" action={posts_to::<CreateClient>(NEW_CLIENT)} class="body narrow flush" novalidate=true>
            <FormKey key=form.form_key.clone()/>
            <NameField name=form.name.clone() error=error("name")/>
            <OrganizationField
                organizations=choices.organizations
                chosen=form.organization_id.clone()
                error=error("organization_id")
            />
            <ScopesField scopes=choices.scopes chosen=form.scopes.clone() error=error("scopes")/>
            <ParticipantsField impersonate=form.allow_impersonate.is_some() login=form.allow_login.is_some()/>
            <ExpiryField
                typed=form
                tomorrow=choices.tomorrow
                choice_error=error("expiry")
                day_error=error("expires_on")
            />
            <section class="section">
                <div></div>
                <div class="row">
                    <SubmitButton label="Create client" pending_label="Creating…"/>
                    <a class="btn quiet" href=CLIENTS>
                        "Cancel"
                    </a>
                    <span class="hint">{secret_hint}</span>
                </div>
            </section>
        </form>
    }
}

/// The initial values: those typed before a refusal, or the organization of the address.
fn typed_before(
    choices: &ClientChoices,
    refusal: Option<&ApiRefusal>,
    named: Option<String>,
) -> NewClientForm {
    if let Some(typed) = refusal.and_then(ApiRefusal::typed) {
        return typed;
    }
    let only = match choices.organizations.as_slice() {
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    NewClientForm {
        organization_id: named.or(only).unwrap_or_default(),
        ..NewClientForm::default()
    }
}

/// The name. The server counts its characters: `maxlength` would count UTF-16 code units.
#[component]
fn NameField(name: String, error: Option<String>) -> impl IntoView {
    view! {
        <section class="section">
            <div>
                <label for="name">"Name"</label>
            </div>
            <Field
                id="name"
                error
                hint=|| "Say which program will hold the key, so that others can tell what breaks if it goes."
            >
                <Input {..} name="form[name]" required=true autocomplete="off" value=name/>
            </Field>
        </section>
    }
}
