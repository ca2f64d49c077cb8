//! `/system/setup`: creates the first administrator, with the code from the server's log.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::http::console::problem;
use crate::ui::api::ApiRefusal;
use crate::ui::api::session::{SetUp, SetupForm};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{
    ErrorSummary, Field, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::page::{Page, PageRequest};

const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "code",
        label: "Set-up code",
        id: "code",
    },
    SummaryEntry {
        field: "email",
        label: "Email",
        id: "email",
    },
    SummaryEntry {
        field: "password",
        label: "Password",
        id: "password",
    },
];

/// The set-up page.
pub async fn page(request: PageRequest) -> Response {
    let is_set_up = request.console().is_set_up().await;
    let refusal = request.refusal::<SetUp>();
    let code = request.parameter("code").unwrap_or_default();
    let status = is_set_up
        .as_ref()
        .map_or_else(problem::status, |_| StatusCode::OK);
    let page = Page::new("Set up", move || {
        let contents = match is_set_up {
            Ok(true) => view! { <AlreadyDone/> }.into_any(),
            Ok(false) => view! { <FirstAdministrator code refusal/> }.into_any(),
            Err(error) => {
                let refusal = problem::problem(&error).into();
                view! { <RefusalNotice what="The page could not be loaded" refusal/> }.into_any()
            }
        };
        view! { <PublicLayout>{contents}</PublicLayout> }
    });
    request.answer(page.with_status(status))
}

/// The page when set-up is done.
#[component]
fn AlreadyDone() -> impl IntoView {
    view! {
        <div class="stack tight">
            <h1>"Set-up is done"</h1>
            <p class="hint">"This server has an administrator. Only an administrator can add others."</p>
        </div>
        <div>
            <a class="btn fill wide" href="/system/sign-in">
                "Sign in"
            </a>
        </div>
    }
}

/// The page before set-up is done.
#[component]
fn FirstAdministrator(code: String, refusal: Option<ApiRefusal>) -> impl IntoView {
    view! {
        <div class="stack tight">
            <h1>"Create the first administrator"</h1>
            <p class="hint">"This page works once. When it is done, only an administrator can add others."</p>
        </div>
        <div class="card">
            <SetupBox code refusal/>
        </div>
        <p>"Passwords are kept as Argon2 hashes. Nothing leaves this server."</p>
    }
}

/// The form.
#[component]
fn SetupBox(code: String, refusal: Option<ApiRefusal>) -> impl IntoView {
    let typed = refusal
        .as_ref()
        .and_then(ApiRefusal::typed)
        .unwrap_or_else(|| SetupForm {
            code,
            email: String::new(),
        });
    let error = |field| field_error(refusal.as_ref(), field);
    let (code_error, email_error, password_error) =
        (error("code"), error("email"), error("password"));
    let code_hint =
        || "Claviger wrote it to its log when it started, in the line that begins with:";
    let log_line = || view! { <span class="value">"claviger: set-up link"</span> };
    view! {
        <form method="post" action={posts_to::<SetUp>("/system/setup")} class="pad" novalidate=true>
            <ErrorSummary what="The administrator was not created" refusal entries=SUMMARY/>
            <Field id="code" label=|| "Set-up code" hint=code_hint example=log_line error=code_error>
                <Input {..} class:mono=true name="form[code]" required=true autocomplete="off" spellcheck="false" value=typed.code/>
            </Field>
            <Field id="email" label=|| "Email" hint=|| "A role address outlives the person: ops@, platform@." error=email_error>
                <Input {..} name="form[email]" type="email" required=true autocomplete="username" value=typed.email/>
            </Field>
            <Field id="password" label=|| "Password" hint=|| "At least 12 characters; a sentence works well." error=password_error>
                <Input {..} name="password" type="password" required=true minlength="12" autocomplete="new-password"/>
            </Field>
            <SubmitButton label="Create administrator" pending_label="Creating…" class="fill wide"/>
        </form>
    }
}
