//! `/system/api-clients/new`: creates a client.

use axum::response::Response;
use leptos::prelude::*;

use super::fields::{ExpiryField, OrganizationField, ParticipantsField, ScopesField};
use super::head::Crumbs;
use crate::domain::organization::NamedOrganization;
use crate::domain::rights::Right;
use crate::domain::scope::SYSTEM;
use crate::domain::view::{ClientChoices, OrganizationChoices};
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
    if !request.may(Right::ChangeClients) {
        return request.read_only("New client", CLIENTS).await;
    }
    let refusal = request.page.refusal::<CreateClient>();
    let typed: Option<NewClientForm> = refusal.as_ref().and_then(ApiRefusal::typed);
    let organization = request.page.parameter("organization");
    let named = match (&typed, &refusal) {
        (Some(form), Some(refusal)) => named_before(form, refusal),
        _ => NamedOrganization {
            filled_in: organization.clone().unwrap_or_default(),
            ..NamedOrganization::default()
        },
    };
    let console = request.console();
    let loaded = console.client_choices(&request.actor, &named).await;
    let choices = match loaded {
        Ok(choices) => choices,
        Err(error) => {
            return request.failed("The form could not be loaded", error).await;
        }
    };
    let title = if refusal.is_some() {
        "Error: New client"
    } else {
        "New client"
    };
    let key = request.console().form_key();
    let page = Page::new(title, move || {
        let form = typed.unwrap_or_else(|| NewClientForm {
            organization_id: organization.unwrap_or_default(),
            ..NewClientForm::default()
        });
        let mut form = with_organization(form, &choices.organizations);
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
            <Crumbs>"New client"</Crumbs>
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
    let may_have_none = choices.scopes.iter().any(|scope| scope.name == SYSTEM);
    view! {
        <form method="post" action={posts_to::<CreateClient>(NEW_CLIENT)} class="body narrow flush" novalidate=true>
            <FormKey key=form.form_key.clone()/>
            <NameField name=form.name.clone() error=error("name")/>
            <OrganizationField
                offered=choices.organizations
                may_have_none=may_have_none
                form=form.clone()
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

/// The organizations that a refused form needs again: the chosen one, and the matches of a text that was not clear.
fn named_before(form: &NewClientForm, refusal: &ApiRefusal) -> NamedOrganization {
    let chosen = form.chosen_organization().to_owned();
    let text = form.organization.clone();
    if text.trim().is_empty() {
        return NamedOrganization {
            filled_in: chosen,
            ..NamedOrganization::default()
        };
    }
    let is_asked = !chosen.is_empty() || refusal.field("organization_id").is_some();
    NamedOrganization {
        text: if is_asked { text } else { String::new() },
        ..NamedOrganization::default()
    }
}

/// The initial values, with the organization as the form has it: as a choice, or as its name.
fn with_organization(form: NewClientForm, offered: &OrganizationChoices) -> NewClientForm {
    let (organization_id, organization, organization_filled_in) = match offered {
        OrganizationChoices::All(all) => match all.as_slice() {
            [only] if form == NewClientForm::default() => {
                (only.id.to_string(), String::new(), String::new())
            }
            _ => return form,
        },
        OrganizationChoices::Named {
            chosen: Some(chosen),
            ..
        } => (String::new(), chosen.name.clone(), chosen.id.to_string()),
        OrganizationChoices::Named { .. } => return form,
    };
    NewClientForm {
        organization_id,
        organization,
        organization_filled_in,
        ..form
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
