//! `/system/api-clients/new`: creates a client.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::fields::{ExpiryField, OrganizationField, ParticipantsField, ScopesField};
use crate::domain::client::NAME_MAX;
use crate::domain::view::ClientChoices;
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{CreateClient, NewClientForm, client_choices};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::empty::Failed;
use crate::ui::components::field::{
    ErrorSummary, Field, Input, PostForm, SummaryEntry, field_error, refusal_of,
};
use crate::ui::refused::form_action;
use crate::ui::viewer::{use_viewer, watch_session};

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
#[component]
pub fn NewClientPage() -> impl IntoView {
    let choices = Resource::new(|| (), |()| client_choices());
    watch_session(move || choices.get().and_then(Result::err));
    let create = form_action::<CreateClient>();
    let refusal = refusal_of(create);
    let viewer = use_viewer();
    Effect::new(move || {
        if create.value().with(|answer| matches!(answer, Some(Ok(_)))) {
            viewer.refetch();
        }
    });
    let title = move || {
        if refusal.with(Option::is_some) {
            "Error: New client"
        } else {
            "New client"
        }
    };
    let form = move || {
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => view! { <ClientForm choices create refusal/> }.into_any(),
                Err(refusal) => view! {
                    <div class="body narrow"><Failed what="The form could not be loaded" refusal/></div>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Title text=title/>
        <header class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol class="row hint">
                    <li><a href="/system/api-clients">"API clients"</a></li>
                    <li aria-current="page">"New client"</li>
                </ol>
            </nav>
            <div class="row title"><h1>"New client"</h1></div>
            <p class="sub">
                "A client is a key for one program. You grant its permissions once it exists; until then it opens nothing."
            </p>
            <ErrorSummary what="The client was not created" refusal entries=SUMMARY/>
        </header>
        <Transition>{form}</Transition>
    }
}

/// The form, with the typed values when it was refused.
#[component]
fn ClientForm(
    choices: ClientChoices,
    create: ServerAction<CreateClient>,
    refusal: Signal<Option<ApiRefusal>>,
) -> impl IntoView {
    let typed = typed_before(&choices, refusal);
    let secret_hint = if choices.secrets_recoverable {
        "The secret is on the next screen. It can be revealed again later."
    } else {
        "The secret is shown once, on the next screen."
    };
    view! {
        <PostForm action=create back="/system/api-clients/new" class="body narrow flush" attr:novalidate=true>
            <NameField name=typed.name.clone() error=field_error(refusal, "name")/>
            <OrganizationField
                organizations=choices.organizations
                chosen=typed.organization_id.clone()
                error=field_error(refusal, "organization_id")
            />
            <ScopesField scopes=choices.scopes chosen=typed.scopes.clone() error=field_error(refusal, "scopes")/>
            <ParticipantsField impersonate=typed.allow_impersonate.is_some() login=typed.allow_login.is_some()/>
            <ExpiryField
                typed
                tomorrow=choices.tomorrow
                choice_error=field_error(refusal, "expiry")
                day_error=field_error(refusal, "expires_on")
            />
            <section class="section">
                <div></div>
                <div class="row">
                    <SubmitButton label="Create client" pending_label="Creating…" pending=create.pending()/>
                    <a class="btn quiet" href="/system/api-clients">"Cancel"</a>
                    <span class="hint">{secret_hint}</span>
                </div>
            </section>
        </PostForm>
    }
}

/// The initial values: those typed before a refusal, or the organization of the address.
fn typed_before(choices: &ClientChoices, refusal: Signal<Option<ApiRefusal>>) -> NewClientForm {
    if let Some(typed) = refusal.get_untracked().and_then(|refusal| refusal.typed()) {
        return typed;
    }
    let named = use_query_map().read_untracked().get("organization");
    let only = match choices.organizations.as_slice() {
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    NewClientForm {
        organization_id: named.or(only).unwrap_or_default(),
        ..NewClientForm::default()
    }
}

/// The name.
#[component]
fn NameField(name: String, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <section class="section">
            <div><label for="name">"Name"</label></div>
            <Field
                id="name"
                error
                hint=|| "Say which program will hold the key, so that others can tell what breaks if it goes."
            >
                <Input
                    attr:name="form[name]"
                    attr:required=true
                    attr:maxlength=NAME_MAX.to_string()
                    attr:autocomplete="off"
                    attr:value=name
                />
            </Field>
        </section>
    }
}
