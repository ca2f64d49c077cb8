//! `/system/invitation?code=…`: where a one-time link leads. Looking at it uses nothing up; the form does. Its refusals come
//! back without the code in the address.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use leptos::prelude::*;

use super::words::role_name;
use crate::domain::admin::AdminLink;
use crate::domain::secret::Secret;
use crate::http::console::problem;
use crate::ui::addresses::{INVITATION, SIGN_IN};
use crate::ui::api::ApiRefusal;
use crate::ui::api::admins::{LinkForm, UseAdminLink};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{
    ErrorSummary, Field, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::page::{Page, PageRequest};

const SUMMARY: &[SummaryEntry] = &[SummaryEntry {
    field: "password",
    label: "Password",
    id: "password",
}];

/// The page of a one-time link.
pub async fn page(request: PageRequest) -> Response {
    let refusal = request.refusal::<UseAdminLink>();
    let typed = refusal.as_ref().and_then(ApiRefusal::typed::<LinkForm>);
    let code = typed.map(|form| form.code);
    let code = code.or_else(|| request.parameter("code"));
    let other = request.actor.as_ref().map(|actor| actor.email().to_owned());
    let host = request.console().settings().issuer_host();
    let found = match &code {
        Some(code) => {
            let code = Secret::new(code.clone());
            Some(request.console().show_admin_link(&code).await)
        }
        None => None,
    };
    let status = match &found {
        Some(Err(error)) => problem::status(error),
        _ => StatusCode::OK,
    };
    let page = Page::new("Invitation", move || {
        let contents = match found {
            Some(Ok(link)) => {
                let code = code.unwrap_or_default();
                view! { <LinkCard link code host other refusal/> }.into_any()
            }
            Some(Err(error)) => view! { <NoLink sentence=error.to_string()/> }.into_any(),
            None => {
                let sentence = "Open the whole link that you were given.".to_owned();
                view! { <NoLink sentence/> }.into_any()
            }
        };
        view! { <PublicLayout>{contents}</PublicLayout> }
    });
    let mut response = request.answer(page.with_status(status));
    // The code is in the address, which files of the page and other pages are not to be told.
    let policy = HeaderValue::from_static("strict-origin");
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, policy);
    response
}

/// A link that does not work.
#[component]
fn NoLink(sentence: String) -> impl IntoView {
    view! {
        <div class="stack tight">
            <h1>"This link does not work"</h1>
            <p class="hint">{sentence}</p>
        </div>
        <div>
            <a class="btn wide" href=SIGN_IN>
                "Go to the sign-in"
            </a>
        </div>
    }
}

/// Somebody else is signed in in this browser.
#[component]
fn OtherSession(other: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Warn icon="info">
            "This browser is signed in as "
            <strong><bdi>{other}</bdi></strong>
            ". That session ends when you go on."
        </Notice>
    }
}

/// The form of a link that works.
#[component]
fn LinkCard(
    link: AdminLink,
    code: String,
    /// The server's host.
    host: String,
    /// The address of another administrator who is signed in here.
    other: Option<String>,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let AdminLink { email, role, .. } = link;
    let (title, sentence, button) = match role {
        Some(role) => (
            "Join as an administrator",
            format!(
                "You were invited to {host} as {}. Choose a password, and you are signed in.",
                role_name(role).to_lowercase()
            ),
            "Join",
        ),
        None => (
            "Choose a new password",
            format!("For your account at {host}. It ends every session that you have open."),
            "Set password",
        ),
    };
    let other = other.filter(|other| *other != email);
    let other = other.map(|other| view! { <OtherSession other/> });
    let error = field_error(refusal.as_ref(), "password");
    view! {
        <div class="stack tight">
            <h1>{title}</h1>
            <p class="hint">{sentence}</p>
        </div>
        {other}
        <div class="card">
            <form method="post" action={posts_to::<UseAdminLink>(INVITATION)} class="pad" novalidate=true>
                <ErrorSummary what="The password was not set" refusal entries=SUMMARY/>
                <input type="hidden" name="form[code]" value=code/>
                <div class="field">
                    <label for="email">"Email"</label>
                    <input class="input" id="email" type="email" autocomplete="username" readonly value=email/>
                </div>
                <Field
                    id="password"
                    label=|| "Password"
                    hint=|| "At least 12 characters; a sentence works well."
                    error
                >
                    <Input
                        {..}
                        name="password"
                        type="password"
                        required=true
                        minlength="12"
                        autocomplete="new-password"
                        autofocus=true
                    />
                </Field>
                <SubmitButton label=button pending_label="Setting…" class="fill wide"/>
            </form>
        </div>
        <p>"This link works once. Passwords are kept as Argon2 hashes."</p>
    }
}
