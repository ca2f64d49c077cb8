//! `/system/api-clients/:id`: the id and the secrets of a client, and how a program asks for a token with them.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::answer::answer_about;
use super::head::{ClientHead, ClientNotices};
use super::participants::ParticipantsCard;
use super::request::RequestCard;
use super::samples::TokenRequest;
use super::secrets::{SecretRefusals, Secrets};
use super::suspension::SuspensionCard;
use crate::domain::catalog::Scope;
use crate::domain::client::ClientState;
use crate::domain::view::{ClientPage, ShownSecret};
use crate::http::console::session::take_shown_secret;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::clients::{ResumeClient, RevealSecret, SuspendClient, UpdateClient};
use crate::ui::api::secrets::CancelRotation;
use crate::ui::components::badges::duration;
use crate::ui::components::button::CopyWordButton;
use crate::ui::components::credentials::Credential;
use crate::ui::components::part::Part;
use crate::ui::page::{AdminRequest, Page};
use crate::ui::pages::participants::has_password_grant;

/// What was done, by the parameter of the address that says so.
const DONE: [(&str, &str); 7] = [
    ("saved", "Details saved."),
    (
        "rotated",
        "A new secret was made, and works. Give it to the program that uses this client.",
    ),
    (
        "ended",
        "The secret was ended. It and the tokens made with it no longer work.",
    ),
    (
        "cancelled",
        "The rotation was cancelled. The older secrets go on.",
    ),
    ("labelled", "Label saved."),
    ("suspended", "The client was suspended."),
    ("resumed", "The client was resumed."),
];

/// The same for a new secret of which no copy is kept.
const ROTATED_ONCE: &str =
    "A new secret was made, and works. It is shown once: copy it now and give it to the program.";

/// The page with a client's credentials.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    answer_about(request, &id, credentials).await
}

fn credentials(request: &AdminRequest, page: ClientPage) -> Page {
    let AdminRequest {
        page: asked, actor, ..
    } = request;
    let taken = take_shown_secret(&asked.state, &asked.headers, actor, &page.client.id);
    let (shown, cookie) = taken.unzip();
    let details = asked.refusal::<UpdateClient>();
    let refusals = SecretRefusals {
        reveal: asked.refusal::<RevealSecret>(),
        cancel: asked.refusal::<CancelRotation>(),
    };
    let suspension = asked.refusal::<SuspendClient>();
    let suspension = suspension.or_else(|| asked.refusal::<ResumeClient>());
    let done = DONE
        .iter()
        .find(|(name, _)| asked.parameter(name).is_some());
    let saved = match done {
        Some(("rotated", _)) if !page.secrets_recoverable => Some(ROTATED_ONCE),
        other => other.map(|(_, sentence)| *sentence),
    };
    let title = page.client.name.clone();
    let has_password_grant = has_password_grant(request.console().settings());
    let participants = page.clone();
    let page = Page::new(title, move || {
        view! {
            <ClientHead page=page.clone() tab=Tab::Credentials details=details.clone()/>
            <div class="body">
                <ClientNotices page=page.clone() details saved/>
                <CredentialsCard page=page.clone() shown refusals/>
                <Part name="participants" on_use=true>
                    <ParticipantsCard page=participants has_password_grant/>
                </Part>
                <Part name="suspension">
                    <SuspensionCard page refusal=suspension/>
                </Part>
            </div>
        }
    });
    page.with_cookie(cookie)
}

/// The id, the secrets and the token request.
#[component]
pub fn CredentialsCard(
    /// The client.
    page: ClientPage,
    /// The secret that is shown.
    shown: Option<ShownSecret>,
    /// Why what this page answers was refused.
    #[prop(optional)]
    refusals: SecretRefusals,
) -> impl IntoView {
    let is_new = shown.as_ref().is_some_and(|shown| shown.is_new_client);
    let secret = shown.as_ref().map(|shown| shown.text.clone());
    let is_shown = shown.is_some();
    let (secrets_page, powerless) = (page.clone(), page.clone());
    let id = page.client.id.to_string();
    let copied = id.clone();
    let has_ended = matches!(page.state, ClientState::Revoked | ClientState::Expired);
    let has_none = !opens_something(&page) && !has_ended;
    let asks = !page.client.lifecycle.is_revoked();
    view! {
        <section class=if is_new { "card once" } else { "card" } aria-labelledby="credentials">
            <CardHeader is_new recoverable=page.secrets_recoverable/>
            <div class="pad">
                <Credential id="c-id" label="Client ID" value=move || id.clone()>
                    <CopyWordButton text=copied what="client ID"/>
                </Credential>
                // The other parts of the card are of the client for good, or show the secret again.
                <Part name="secrets" keep=is_shown on_use=true>
                    <Secrets page=secrets_page shown refusals/>
                </Part>
                {asks.then(|| view! { <AskForToken page=page.clone() secret/> })}
                <Part name="no-permission">
                    {(has_none && !is_new)
                        .then(|| {
                            view! {
                                <div class="row">
                                    <NoPermissionYet page=powerless/>
                                </div>
                            }
                        })}
                </Part>
            </div>
            {(has_none && is_new)
                .then(|| {
                    view! {
                        <footer class="row">
                            <NoPermissionYet page=page.clone() keeps_page=!page.secrets_recoverable/>
                        </footer>
                    }
                })}
        </section>
    }
}

/// Whether the client has a permission of one of its scopes. Permissions without a scope concern participants and give
/// access to no API.
fn opens_something(page: &ClientPage) -> bool {
    let mut permissions = page.catalog.scopes.iter().flat_map(Scope::permissions);
    permissions.any(|permission| page.client.holds(&permission.name))
}

/// The introduction of the card: for a new client, what to do with its secret.
#[component]
fn CardHeader(is_new: bool, recoverable: bool) -> impl IntoView {
    let (heading, sentence) = match (is_new, recoverable) {
        (false, _) => ("Credentials", None),
        (true, true) => (
            "Client created. Store its secret now.",
            Some(
                "Put it where the program finds it. It can be revealed again on this page; each time leaves an entry in the audit log.",
            ),
        ),
        (true, false) => (
            "Client created. Copy its secret now.",
            Some(
                "The secret is shown once. Claviger keeps only a hash of it, so nobody can show it to you again. \
                 If you lose it, revoke this client and create a new one.",
            ),
        ),
    };
    view! {
        <header class=if is_new { "" } else { "row" }>
            <h2 id="credentials">{heading}</h2>
            {sentence.map(|sentence| view! { <p>{sentence}</p> })}
        </header>
    }
}

/// The token request, and what comes back. `secret` is the text of the secret that is shown.
#[component]
fn AskForToken(page: ClientPage, secret: Option<String>) -> impl IntoView {
    let request = TokenRequest {
        url: page.token_url,
        client_id: page.client.id.to_string(),
        scope: page.client.scopes.to_string(),
    };
    let hint = if secret.is_some() {
        "Copying includes the secret."
    } else {
        "Put the secret in its place."
    };
    view! {
        <div class="stack tight">
            <div class="row">
                <h3>"Ask for a token"</h3>
                <span class="hint push">{hint}</span>
            </div>
            <RequestCard request secret/>
            <p class="hint">
                "The answer carries an " <code>"access_token"</code> " for " <span data-part="token-ttl">{duration(page.token_ttl)}</span> ". Send it as "
                <code>"Authorization: Bearer …"</code>
            </p>
        </div>
    }
}

/// The notice that the client has no permission, with a link to grant some.
#[component]
fn NoPermissionYet(
    page: ClientPage,
    /// Whether the link opens elsewhere, because this page shows a secret that is never shown again.
    #[prop(optional)]
    keeps_page: bool,
) -> impl IntoView {
    let what = if page.client.permissions.is_empty() {
        "It has no permission yet"
    } else {
        "It has no permission of its scopes yet"
    };
    let until = if page.may_change {
        "until you grant one"
    } else {
        "until one is granted"
    };
    let sentence = format!("{what}: every API call is refused {until}.");
    let permissions = client_page(page.client.id.as_str(), Tab::Permissions);
    view! {
        <span>{sentence}</span>
        {page
            .may_change
            .then(|| {
                view! {
                    <a class="btn fill push" href=permissions target=keeps_page.then_some("_blank")>
                        "Grant permissions"
                        {keeps_page.then(|| view! { <span class="sr">" (opens in a new tab)"</span> })}
                    </a>
                }
            })}
    }
}
