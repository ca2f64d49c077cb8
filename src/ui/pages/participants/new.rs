//! `/system/participants/new`: adds a participant to an organization.

use axum::response::Response;
use leptos::prelude::*;

use super::fields::{Crumbs, DetailsFields, PasswordField, PasswordGrantOff, SUMMARY};
use super::has_password_grant;
use super::organization::{AskedOrganization, Unchosen};
use crate::domain::organization::Organization;
use crate::domain::participant::TypedParticipant;
use crate::domain::rights::Right;
use crate::ui::addresses::{NEW_PARTICIPANT, PARTICIPANTS, of_organization};
use crate::ui::api::ApiRefusal;
use crate::ui::api::participants::{CreateParticipant, NewParticipantForm};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{ErrorSummary, FormKey, field_error, posts_to};
use crate::ui::page::{AdminRequest, Page};

/// The page with the form for a new participant.
pub async fn page(request: AdminRequest) -> Response {
    if !request.may(Right::ChangeParticipants) {
        return request.read_only("Add participant", PARTICIPANTS).await;
    }
    let asked = match AskedOrganization::read(&request).await {
        Ok(asked) => asked,
        Err(error) => {
            return request.failed("The form could not be loaded", error).await;
        }
    };
    let refusal = request.page.refusal::<CreateParticipant>();
    let title = if refusal.is_some() {
        "Error: Add participant"
    } else {
        "Add participant"
    };
    let may_add = request.may(Right::ChangeOrganizations);
    let takes_passwords = has_password_grant(request.console().settings());
    let key = request.console().form_key();
    let page = Page::new(title, move || {
        let Some(organization) = asked.organization.clone() else {
            return view! { <Unchosen title="Add participant" page=NEW_PARTICIPANT asked may_add/> }.into_any();
        };
        let key = refusal
            .as_ref()
            .and_then(ApiRefusal::form_key)
            .unwrap_or(key);
        view! {
            <Head organization=organization.clone() refusal=refusal.clone()/>
            <NewParticipant organization key refusal takes_passwords/>
        }
        .into_any()
    });
    request.answer(page).await
}

/// The header, with the errors of a refused form.
#[component]
fn Head(organization: Organization, refusal: Option<ApiRefusal>) -> impl IntoView {
    view! {
        <header class="page-head">
            <Crumbs organization=organization.id>"Add participant"</Crumbs>
            <div class="row title">
                <h1>"Add participant"</h1>
            </div>
            <p class="sub">
                "A person of "
                <bdi>{organization.name}</bdi>
                ". Their address counts as confirmed; only they can accept terms."
            </p>
            <ErrorSummary what="The participant was not added" refusal entries=SUMMARY/>
        </header>
    }
}

/// The form. What was typed is there again after a refusal, but for the password.
#[component]
fn NewParticipant(
    organization: Organization,
    key: String,
    refusal: Option<ApiRefusal>,
    /// Whether participants can sign in with a password.
    takes_passwords: bool,
) -> impl IntoView {
    let form: NewParticipantForm = refusal
        .as_ref()
        .and_then(ApiRefusal::typed)
        .unwrap_or_default();
    let typed = TypedParticipant {
        nickname: form.nickname,
        email: form.email,
        name: form.name,
    };
    let password_error = field_error(refusal.as_ref(), "password");
    let password = if takes_passwords {
        view! {
            <PasswordField
                label="Password (optional)"
                hint="Without one they cannot sign in, but clients that may impersonate can act for them."
                error=password_error
            />
        }
        .into_any()
    } else {
        view! { <PasswordGrantOff/> }.into_any()
    };
    let here = of_organization(NEW_PARTICIPANT, organization.id);
    view! {
        <form method="post" action={posts_to::<CreateParticipant>(&here)} class="body narrow flush" novalidate=true>
            <FormKey key/>
            <input type="hidden" name="form[organization_id]" value=organization.id.to_string()/>
            <section class="section">
                <div><h2>"Who"</h2><p class="hint">"What programs and people find them by."</p></div>
                <div class="stack"><DetailsFields typed refusal/></div>
            </section>
            <section class="section">
                <div><h2>"Sign-in"</h2></div>
                {password}
            </section>
            <section class="section">
                <div></div>
                <div class="row">
                    <SubmitButton label="Add participant" pending_label="Adding…"/>
                    <a class="btn quiet" href=of_organization(PARTICIPANTS, organization.id)>
                        "Cancel"
                    </a>
                </div>
            </section>
        </form>
    }
}
