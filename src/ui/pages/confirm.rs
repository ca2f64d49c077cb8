//! `/system/confirm`: asks for the password again, and carries the form that needed it.

use axum::response::Response;
use leptos::prelude::*;

use crate::domain::address::in_query;
use crate::http::console::own_pages::own_page;
use crate::http::console::session::HOME;
use crate::ui::addresses::CONFIRM;
use crate::ui::api::ApiRefusal;
use crate::ui::api::account::{Confirm, ConfirmForm};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{Field, Input, field_error, posts_to};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::page::{AdminRequest, Page};

/// The page.
pub async fn page(request: AdminRequest) -> Response {
    let AdminRequest { page, actor } = request;
    let refusal = page.refusal::<Confirm>();
    let typed = refusal.as_ref().and_then(ApiRefusal::typed::<ConfirmForm>);
    let form = typed.unwrap_or_else(|| ConfirmForm {
        held: String::new(),
        next: page.parameter("next").unwrap_or_default(),
    });
    let email = actor.email().to_owned();
    page.answer(Page::new("Confirm it is you", move || {
        view! {
            <PublicLayout>
                <ConfirmCard email form refusal/>
            </PublicLayout>
        }
    }))
}

/// The form. What it carries is done when the password is right.
#[component]
fn ConfirmCard(email: String, form: ConfirmForm, refusal: Option<ApiRefusal>) -> impl IntoView {
    let next = own_page(&form.next).unwrap_or_else(|| HOME.to_owned());
    let back = format!("{CONFIRM}?next={}", in_query(&next));
    let then = if form.held.is_empty() {
        "Then you return to where you were."
    } else {
        "Nothing was changed yet; it is done when the password is right."
    };
    let error = field_error(refusal.as_ref(), "password");
    // That the password is needed is what the page says; other refusals, such as too many guesses, are said above it.
    let failure = refusal.filter(|refusal| error.is_none() && !refusal.is_password_needed());
    view! {
        <div class="stack tight">
            <h1>"Confirm it is you"</h1>
            <p class="hint">
                "This needs your password again; the last time is more than 10 minutes ago. " {then}
            </p>
        </div>
        <div class="card">
            <form method="post" action={posts_to::<Confirm>(&back)} class="pad" novalidate=true>
                {failure.map(|refusal| view! { <RefusalNotice what="Not confirmed" refusal/> })}
                <input type="hidden" name="form[held]" value=form.held/>
                <input type="hidden" name="form[next]" value=next.clone()/>
                <div class="field">
                    <label for="email">"Email"</label>
                    <input class="input" id="email" type="email" autocomplete="username" readonly value=email/>
                </div>
                <Field id="password" label=|| "Password" error>
                    <Input
                        {..}
                        name="password"
                        type="password"
                        required=true
                        autocomplete="current-password"
                        autofocus=true
                    />
                </Field>
                <SubmitButton label="Confirm" pending_label="Confirming…" class="fill wide"/>
                <a class="btn wide" href=next>
                    "Leave it as it is"
                </a>
            </form>
        </div>
    }
}
