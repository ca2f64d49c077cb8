//! `/system/sign-in`.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::domain::address::address_in_query;
use crate::ui::api::session::{SetupStatus, SignIn, SignInForm, setup_status};
use crate::ui::browser::focus_id;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{Field, Input, PostForm, refusal_of};
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::refused::form_action;

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let status = Resource::new(|| (), |()| setup_status());
    view! {
        <Title text="Sign in"/>
        <PublicLayout>
            <EndedNotice/>
            <Transition>
                {move || match status.get() {
                    None => ().into_any(),
                    Some(Ok(status)) => view! { <SignInCard status/> }.into_any(),
                    Some(Err(refusal)) => view! { <RefusalNotice what="The page could not be loaded" refusal/> }.into_any(),
                }}
            </Transition>
            <p>
                "Locked out? Someone with a shell on the server can run "
                <code>"claviger admin reset-password"</code>
                "."
            </p>
        </PublicLayout>
    }
}

/// Explains that the session has ended.
#[component]
fn EndedNotice() -> impl IntoView {
    let query = use_query_map();
    let ended = move || query.with(|query| query.get_str("ended").is_some());
    let on = move || query.with(|query| query.get_str("next").is_some());
    view! {
        <Show when=ended>
            <Notice tone=Tone::Warn icon="clock">
                "You were signed out. A session ends after 30 minutes without use, and after 12 hours at most. "
                {move || if on() { "Sign in to go back to where you were." } else { "Sign in to go on." }}
            </Notice>
        </Show>
    }
}

/// The form, or a link to set-up while there is no administrator.
#[component]
fn SignInCard(status: SetupStatus) -> impl IntoView {
    let unset = (!status.is_set_up).then(|| {
        view! {
            <Notice tone=Tone::Warn icon="info">
                <strong>"There is no administrator yet."</strong>
                " Open the set-up link in the server's log; its line begins with "
                <code>"claviger: set-up link"</code>
                "."
            </Notice>
        }
    });
    view! {
        {unset}
        <div class="card">
            <SignInBox host=status.host/>
        </div>
    }
}

/// The form.
#[component]
fn SignInBox(host: String) -> impl IntoView {
    let sign_in = form_action::<SignIn>();
    let refusal = refusal_of(sign_in);
    let query = use_query_map();
    let next = Memo::new(move |_| query.with(|query| query.get_str("next").map(ToOwned::to_owned)));
    let back = Signal::derive(move || match next.get() {
        Some(next) => format!("/system/sign-in?next={}", address_in_query(&next)),
        None => "/system/sign-in".to_owned(),
    });
    let typed = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed::<SignInForm>())
        .unwrap_or_default();
    Effect::new(move || {
        if refusal.with(Option::is_some) {
            focus_id("password");
        }
    });
    view! {
        <PostForm action=sign_in back class="pad">
            <div>
                <h1>"Sign in"</h1>
                <p class="hint">"to " {host}</p>
            </div>
            {move || refusal.get().map(|refusal| view! { <RefusalNotice what="Not signed in" refusal/> })}
            <input type="hidden" name="form[typed]" value=typed.typed/>
            <input type="hidden" name="form[next]" value=move || next.get().unwrap_or_default()/>
            <Field id="email" label=|| "Email">
                <Input {..} name="form[email]" type="email" required=true autocomplete="username" inputmode="email" value=typed.email/>
            </Field>
            <Field id="password" label=|| "Password">
                <Input {..} name="password" type="password" required=true autocomplete="current-password"/>
            </Field>
            <SubmitButton label="Sign in" pending_label="Signing in…" pending=sign_in.pending() class="fill wide"/>
        </PostForm>
    }
}
