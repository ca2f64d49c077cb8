//! `/system/api-clients/:id/revoke`: the dialog that confirms revoking a client, over its page.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_meta::Title;
use web_sys::HtmlInputElement;

use super::addressed::{WithClient, use_addressed_client};
use super::head::ClientHead;
use super::show::CredentialsCard;
use crate::domain::Time;
use crate::domain::client::Lifecycle;
use crate::domain::usage::DAYS;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::clients::{RevealSecret, RevokeClient};
use crate::ui::components::badges::{Timestamp, date, thousands};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{Field, Input, PostForm, field_error, refusal_of};
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::RefusalNotice;
use crate::ui::refused::form_action;
use crate::ui::viewer::use_viewer;

/// The dialog, over the page of the client.
#[component]
pub fn RevokeClientPage() -> impl IntoView {
    let client = use_addressed_client();
    let revoke = form_action::<RevokeClient>();
    let reveal = form_action::<RevealSecret>();
    let viewer = use_viewer();
    Effect::new(move || {
        if revoke.value().with(|answer| matches!(answer, Some(Ok(())))) {
            viewer.refetch();
        }
    });
    let view = move |page: ClientPage| {
        let close_href = client_page(page.client.id.as_str(), Tab::Credentials);
        let dialog = match &page.client.lifecycle {
            Lifecycle::Live { .. } if page.may_change => {
                view! { <RevokeForm page=page.clone() revoke/> }.into_any()
            }
            Lifecycle::Live { .. } => view! { <ReadOnlyNotice page=page.clone()/> }.into_any(),
            Lifecycle::Revoked { at, by } => {
                view! { <AlreadyRevoked page=page.clone() at=*at by=by.clone()/> }.into_any()
            }
        };
        view! {
            <Title text=format!("Revoke {}", page.client.name)/>
            <ClientHead page=page.clone() client tab=Tab::Credentials/>
            <div class="body"><CredentialsCard page shown=RwSignal::new(None) reveal/></div>
            <Dialog title_id="rv-title" described_by="rv-lead" close_href>{dialog}</Dialog>
        }
    };
    view! { <WithClient client view/> }
}

#[component]
fn RevokeForm(page: ClientPage, revoke: ServerAction<RevokeClient>) -> impl IntoView {
    let refusal = refusal_of(revoke);
    let elsewhere = move || {
        refusal
            .get()
            .filter(|refusal| refusal.field("confirm").is_none())
    };
    let id = page.client.id.to_string();
    let name = page.client.name.clone();
    let secrets = if page.secrets.len() > 1 {
        "Its secrets never work again."
    } else {
        "Its secret never works again."
    };
    view! {
        <PostForm action=revoke back=format!("/system/api-clients/{id}/revoke") class="pad">
            <div>
                <h2 id="rv-title">"Revoke " {name.clone()} "?"</h2>
                <p id="rv-lead" class="hint">"This cannot be undone. " <code>{id.clone()}</code></p>
            </div>
            {move || elsewhere().map(|refusal| view! { <RefusalNotice what="The client was not revoked" refusal/> })}
            <ul class="costs" data-tone="danger">
                <li>
                    <Icon name="token"/>
                    <span>
                        <strong>"Every token of this client stops working at once"</strong> ", even those not yet expired."
                    </span>
                </li>
                {page.usage.in_use(page.now).map(|at| view! { <InUse at now=page.now requests=page.usage.requests()/> })}
                <li>
                    <Icon name="key"/>
                    <span>
                        <strong>{secrets}</strong>
                        " To give access back, create a new client and replace both values in the program that uses it."
                    </span>
                </li>
            </ul>
            <input type="hidden" name="id" value=id.clone()/>
            <ConfirmField name revoke/>
            <footer class="row">
                <a class="btn" href=client_page(&id, Tab::Credentials)>"Keep client"</a>
                <SubmitButton
                    label="Revoke client"
                    pending_label="Revoking…"
                    pending=revoke.pending()
                    class="fill danger needs-valid"
                />
            </footer>
        </PostForm>
    }
}

/// The client's recent use.
#[component]
fn InUse(at: Time, now: Time, requests: i64) -> impl IntoView {
    let noun = if requests == 1 { "request" } else { "requests" };
    let count = format!(", {} {noun} in {DAYS} days.", thousands(requests));
    view! {
        <li>
            <Icon name="clock"/>
            <span><strong>"It is in use:"</strong> " last used " <Timestamp at now inside=true/> {count}</span>
        </li>
    }
}

/// The field for the client's name. The name is compared here to enable the button, and by the server to revoke.
#[component]
fn ConfirmField(name: String, revoke: ServerAction<RevokeClient>) -> impl IntoView {
    let refusal = refusal_of(revoke);
    let typed = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed::<String>())
        .unwrap_or_default();
    let compare = {
        let name = name.clone();
        move |input: &HtmlInputElement| {
            let is_the_name = input.value().trim() == name;
            input.set_custom_validity(&if is_the_name {
                String::new()
            } else {
                format!("That is not the name. Type {name}.")
            });
        }
    };
    Effect::new({
        let compare = compare.clone();
        move || {
            let input = document().get_element_by_id("rv-name");
            if let Some(input) = input.as_ref().and_then(|input| input.dyn_ref()) {
                compare(input);
            }
        }
    });
    view! {
        <Field
            id="rv-name"
            label=move || view! { "Type " <strong>{name.clone()}</strong> " to confirm" }
            hint=|| "Its history stays in the audit log."
            error=field_error(refusal, "confirm")
        >
            <Input
                attr:name="confirm"
                attr:value=typed
                attr:required=true
                attr:autocomplete="off"
                attr:autocapitalize="off"
                attr:spellcheck="false"
                attr:autofocus=true
                on:input=move |event| compare(&event_target(&event))
            />
        </Field>
    }
}

/// The client is already revoked.
#[component]
fn AlreadyRevoked(page: ClientPage, at: Time, by: String) -> impl IntoView {
    let when = date(at);
    view! {
        <div class="pad">
            <h2 id="rv-title">{page.client.name} " is revoked"</h2>
            <p id="rv-lead">{format!("This client was revoked by {by}, {when}. Nothing else to do.")}</p>
            <footer class="row">
                <a class="btn" href=client_page(page.client.id.as_str(), Tab::Credentials) autofocus>"Back to the client"</a>
            </footer>
        </div>
    }
}

/// The administrator is a viewer.
#[component]
fn ReadOnlyNotice(page: ClientPage) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="rv-title">"Revoke " {page.client.name} "?"</h2>
            <p id="rv-lead">"Your account may read this but not change it."</p>
            <footer class="row">
                <a class="btn" href=client_page(page.client.id.as_str(), Tab::Credentials) autofocus>"Keep client"</a>
            </footer>
        </div>
    }
}
