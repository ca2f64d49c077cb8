//! `/system/api-clients/:id/revoke`: the dialog that confirms revoking a client, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::answer::answer_about;
use super::head::ClientHead;
use super::last_use::{InUse, live_tokens_stop};
use super::show::CredentialsCard;
use crate::domain::Time;
use crate::domain::client::Lifecycle;
use crate::domain::client_tokens::LiveCount;
use crate::domain::view::ClientPage;
use crate::domain::words::en::event::author;
use crate::http::console::confirmation::name_pattern;
use crate::ui::addresses::{Tab, client_page, revoke_client};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::RevokeClient;
use crate::ui::components::badges::Timestamp;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{Field, Input, field_error, posts_to};
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::{AdminRequest, Page};

/// The dialog, over the page of the client.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let live_tokens = request.console().count_live_tokens(&request.actor, &id);
    // An error is told by what follows.
    let live_tokens = live_tokens.await.unwrap_or(LiveCount::Exactly(0));
    answer_about(request, &id, move |request, page| {
        dialog(request, page, live_tokens)
    })
    .await
}

fn dialog(request: &AdminRequest, page: ClientPage, live_tokens: LiveCount) -> Page {
    let from = match request.page.parameter("from").as_deref() {
        Some("permissions") => Tab::Permissions,
        Some("tokens") => Tab::Tokens,
        Some("activity") => Tab::Activity,
        _ => Tab::Credentials,
    };
    let refusal = request.page.refusal::<RevokeClient>();
    let title = format!("Revoke {}", page.client.name);
    Page::new(title, move || {
        let back = client_page(page.client.id.as_str(), from);
        let below = page.clone();
        let dialog = match page.client.lifecycle.clone() {
            Lifecycle::Live { .. } if page.may_change => {
                view! { <RevokeForm page live_tokens from refusal/> }.into_any()
            }
            Lifecycle::Live { .. } => view! { <ReadOnlyNotice page back=back.clone()/> }.into_any(),
            Lifecycle::Revoked { at, by } => {
                view! { <AlreadyRevoked page at by back=back.clone()/> }.into_any()
            }
        };
        view! {
            <ClientHead page=below.clone() tab=Tab::Credentials details=None/>
            <div class="body">
                <CredentialsCard page=below shown=None/>
            </div>
            <Dialog title_id="rv-title" described_by="rv-lead" close_href=back>
                {dialog}
            </Dialog>
        }
    })
}

/// The form. `from` is the tab to return to.
#[component]
fn RevokeForm(
    page: ClientPage,
    live_tokens: LiveCount,
    from: Tab,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let id = page.client.id.to_string();
    let name = page.client.name.clone();
    let secrets = if page.secrets.len() > 1 {
        "Its secrets never work again."
    } else {
        "Its secret never works again."
    };
    let elsewhere = refusal
        .clone()
        .filter(|refusal| refusal.field("confirm").is_none());
    view! {
        <form
            method="post"
            action={posts_to::<RevokeClient>(&revoke_client(&id, from))}
            class="pad"
            autocomplete="off"
        >
            <div>
                <h2 id="rv-title">"Revoke " <bdi>{name.clone()}</bdi> "?"</h2>
                <p id="rv-lead" class="hint">
                    "This cannot be undone. "
                    <code>{id.clone()}</code>
                </p>
            </div>
            {elsewhere.map(|refusal| view! { <RefusalNotice what="The client was not revoked" refusal/> })}
            <ul class="costs" data-tone="danger">
                <li>
                    <Icon name="token"/>
                    <span>
                        <strong>{live_tokens_stop(live_tokens, "Every token of this client")}</strong>
                        ", even those not yet expired."
                    </span>
                </li>
                {page
                    .usage
                    .in_use(page.now)
                    .map(|at| view! { <InUse at now=page.now requests=page.usage.requests()/> })}
                <li>
                    <Icon name="key"/>
                    <span>
                        <strong>{secrets}</strong>
                        " To give access back, create a new client and replace both values in the program that uses it."
                    </span>
                </li>
            </ul>
            <input type="hidden" name="id" value=id.clone()/>
            <ConfirmField name refusal/>
            <footer class="row">
                <a class="btn" href=client_page(&id, from)>
                    "Keep client"
                </a>
                <SubmitButton label="Revoke client" pending_label="Revoking…" class="fill danger needs-valid"/>
            </footer>
        </form>
    }
}

/// The field for the client's name. The browser compares it to enable the button, and the server to revoke.
#[component]
fn ConfirmField(name: String, refusal: Option<ApiRefusal>) -> impl IntoView {
    let error = field_error(refusal.as_ref(), "confirm");
    let typed = refusal
        .as_ref()
        .and_then(ApiRefusal::typed::<String>)
        .unwrap_or_default();
    let pattern = name_pattern(&name);
    let title = format!("The name of the client: {name}");
    view! {
        <Field
            id="rv-name"
            label=move || view! { "Type " <strong><bdi>{name.clone()}</bdi></strong> " to confirm" }
            hint=|| "Its history stays in the audit log."
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

/// The client is already revoked.
#[component]
fn AlreadyRevoked(page: ClientPage, at: Time, by: String, back: String) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="rv-title"><bdi>{page.client.name}</bdi> " is revoked"</h2>
            <p id="rv-lead">
                "This client was revoked by " <bdi>{author(&by)}</bdi> ", " <Timestamp at now=page.now inside=true/>
                ". Nothing else to do."
            </p>
            <footer class="row">
                <a class="btn" href=back autofocus>
                    "Back to the client"
                </a>
            </footer>
        </div>
    }
}

/// The administrator is an auditor.
#[component]
fn ReadOnlyNotice(page: ClientPage, back: String) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="rv-title">"Revoke " <bdi>{page.client.name}</bdi> "?"</h2>
            <p id="rv-lead">"Your account may read this but not change it."</p>
            <footer class="row">
                <a class="btn" href=back autofocus>
                    "Keep client"
                </a>
            </footer>
        </div>
    }
}
