//! `/system/setup`: creates the first administrator, with the code from the server's log.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::ui::api::session::{SetUp, SetupForm, setup_status};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{
    ErrorSummary, Field, Input, PostForm, SummaryEntry, field_error, refusal_of,
};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::refused::form_action;

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
#[component]
pub fn SetupPage() -> impl IntoView {
    let status = Resource::new(|| (), |()| setup_status());
    view! {
        <Title text="Set up"/>
        <PublicLayout>
            <Transition>
                {move || match status.get() {
                    None => ().into_any(),
                    Some(Ok(status)) if status.is_set_up => view! { <AlreadyDone/> }.into_any(),
                    Some(Ok(_)) => view! { <FirstAdministrator/> }.into_any(),
                    Some(Err(refusal)) => view! { <RefusalNotice what="The page could not be loaded" refusal/> }.into_any(),
                }}
            </Transition>
        </PublicLayout>
    }
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
fn FirstAdministrator() -> impl IntoView {
    view! {
        <div class="stack tight">
            <h1>"Create the first administrator"</h1>
            <p class="hint">"This page works once. When it is done, only an administrator can add others."</p>
        </div>
        <div class="card">
            <SetupBox/>
        </div>
        <p>"Passwords are kept as Argon2 hashes. Nothing leaves this server."</p>
    }
}

/// The form.
#[component]
fn SetupBox() -> impl IntoView {
    let set_up = form_action::<SetUp>();
    let refusal = refusal_of(set_up);
    let in_address = use_query_map()
        .with_untracked(|query| query.get_str("code").map(ToOwned::to_owned))
        .unwrap_or_default();
    let typed = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed())
        .unwrap_or_else(|| SetupForm {
            code: in_address,
            email: String::new(),
        });
    let error = move |field| field_error(refusal, field);
    let code_hint =
        || "Claviger wrote it to its log when it started, in the line that begins with:";
    let log_line = || view! { <span class="value">"claviger: set-up link"</span> };
    view! {
        <PostForm action=set_up back="/system/setup" class="pad" {..} novalidate=true>
            <ErrorSummary what="The administrator was not created" refusal entries=SUMMARY/>
            <Field id="code" label=|| "Set-up code" hint=code_hint example=log_line error=error("code")>
                <Input {..} class:mono=true name="form[code]" required=true autocomplete="off" spellcheck="false" value=typed.code/>
            </Field>
            <Field id="email" label=|| "Email" hint=|| "A role address outlives the person: ops@, platform@." error=error("email")>
                <Input {..} name="form[email]" type="email" required=true autocomplete="username" value=typed.email/>
            </Field>
            <Field id="password" label=|| "Password" hint=|| "At least 12 characters; a sentence works well." error=error("password")>
                <Input {..} name="password" type="password" required=true minlength="12" autocomplete="new-password"/>
            </Field>
            <SubmitButton label="Create administrator" pending_label="Creating…" pending=set_up.pending() class="fill wide"/>
        </PostForm>
    }
}
