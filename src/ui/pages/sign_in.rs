//! `/system/sign-in`.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::domain::address::in_query;
use crate::http::console::problem;
use crate::http::console::session::session_id;
use crate::ui::addresses::SIGN_IN;
use crate::ui::api::ApiRefusal;
use crate::ui::api::session::{SignIn, SignInForm};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{Field, Input, posts_to};
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::page::{Page, PageRequest};
use crate::ui::page_names::{PageName, name_of};

/// The sign-in page.
pub async fn page(request: PageRequest) -> Response {
    let is_set_up = request.console().is_set_up().await;
    let host = request.console().settings().issuer_host();
    let refusal = request.refusal::<SignIn>();
    let next = request.parameter("next").filter(|next| !next.is_empty());
    let has_ended = request.parameter("ended").is_some();
    let email = email_of_session(&request).await;
    let status = is_set_up
        .as_ref()
        .map_or_else(problem::status, |_| StatusCode::OK);
    let page = Page::new("Sign in", move || {
        let card = match is_set_up {
            Ok(is_set_up) => {
                view! { <SignInCard is_set_up host next=next.clone() email refusal/> }.into_any()
            }
            Err(error) => {
                let refusal = problem::problem(&error).into();
                view! { <RefusalNotice what="The page could not be loaded" refusal/> }.into_any()
            }
        };
        view! {
            <PublicLayout>
                {has_ended.then(|| view! { <EndedNotice next/> })}
                {card}
                <p>
                    "Locked out? Someone with a shell on the server can run "
                    <code class="nowrap">"claviger admin reset-password"</code>
                    "."
                </p>
            </PublicLayout>
        }
    });
    request.answer(page.with_status(status))
}

/// The address of whose session the browser has a cookie, if the server still has the session. Without it the page is the
/// same but for an empty field.
async fn email_of_session(request: &PageRequest) -> Option<String> {
    let session = session_id(&request.state, &request.headers)?;
    let found = request.console().email_of_session(&session).await;
    found.ok().flatten()
}

/// Explains that the session has ended, and names the page that the sign-in leads back to.
#[component]
fn EndedNotice(next: Option<String>) -> impl IntoView {
    let page = next.and_then(|next| name_of(&next));
    let then = match page {
        Some(PageName { words, id: None }) => {
            view! { "Sign in to go back to " <strong>{words}</strong> "." }.into_any()
        }
        Some(PageName {
            words,
            id: Some(id),
        }) => view! {
            "Sign in to go back to "
            <strong>{words} " " <code translate="no">{id}</code></strong>
            "."
        }
        .into_any(),
        None => "Sign in to go on.".into_any(),
    };
    view! {
        <Notice tone=Tone::Warn icon="clock">
            "You were signed out. A session ends after 30 minutes without use, and after 12 hours at most. "
            {then}
        </Notice>
    }
}

/// The form, or a link to set-up while there is no administrator.
#[component]
fn SignInCard(
    is_set_up: bool,
    host: String,
    next: Option<String>,
    /// The address of the session that ended.
    email: Option<String>,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let unset = (!is_set_up).then(|| {
        view! {
            <Notice tone=Tone::Warn icon="info">
                <strong>"There is no administrator yet."</strong>
                " Open the set-up link in the server's log; its line begins with "
                <code class="nowrap">"claviger: set-up link"</code>
                "."
            </Notice>
        }
    });
    view! {
        {unset}
        <div class="card">
            <SignInBox host next email refusal/>
        </div>
    }
}

/// The form. After a refusal, and after a session, the e-mail is there and the focus is on the password.
#[component]
fn SignInBox(
    host: String,
    next: Option<String>,
    email: Option<String>,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let back = match &next {
        Some(next) => format!("{SIGN_IN}?next={}", in_query(next)),
        None => SIGN_IN.to_owned(),
    };
    let typed = refusal
        .as_ref()
        .and_then(ApiRefusal::typed::<SignInForm>)
        .unwrap_or_default();
    let email = Some(typed.email)
        .filter(|email| !email.is_empty())
        .or(email);
    let is_known = email.is_some();
    view! {
        <form method="post" action={posts_to::<SignIn>(&back)} class="pad">
            <div>
                <h1>"Sign in"</h1>
                <p class="hint">"to " {host}</p>
            </div>
            {refusal.map(|refusal| view! { <RefusalNotice what="Not signed in" refusal/> })}
            <input type="hidden" name="form[typed]" value=typed.typed/>
            <input type="hidden" name="form[next]" value=next.unwrap_or_default()/>
            <Field id="email" label=|| "Email">
                <Input {..} name="form[email]" type="email" required=true autocomplete="username" inputmode="email" value=email/>
            </Field>
            <Field id="password" label=|| "Password">
                <Input {..} name="password" type="password" required=true autocomplete="current-password" autofocus=is_known/>
            </Field>
            <SubmitButton label="Sign in" pending_label="Signing in…" class="fill wide"/>
        </form>
    }
}
