//! The password, the theme and the keys.

use leptos::prelude::*;

use crate::ui::addresses::ACCOUNT;
use crate::ui::api::ApiRefusal;
use crate::ui::api::account::ChangeOwnPassword;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{
    ErrorSummary, Field, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::components::frame::{ShortcutsChoice, ThemeForm};

const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "current",
        label: "Current password",
        id: "current-password",
    },
    SummaryEntry {
        field: "password",
        label: "New password",
        id: "new-password",
    },
];

/// The form for another password.
#[component]
pub(super) fn PasswordCard(
    /// The account, for the browser's store of passwords.
    email: String,
    /// Why it was refused.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let current_error = field_error(refusal.as_ref(), "current");
    let error = field_error(refusal.as_ref(), "password");
    view! {
        <section class="card" aria-labelledby="password-title">
            <header class="row">
                <h2 id="password-title">"Password"</h2>
            </header>
            <form method="post" action={posts_to::<ChangeOwnPassword>(ACCOUNT)} class="pad" novalidate=true>
                <ErrorSummary what="The password was not changed" refusal entries=SUMMARY/>
                <input type="hidden" autocomplete="username" value=email/>
                <Field id="current-password" label=|| "Current password" error=current_error>
                    <Input {..} name="current" type="password" required=true autocomplete="current-password"/>
                </Field>
                <Field
                    id="new-password"
                    label=|| "New password"
                    hint=|| "At least 12 characters; a sentence works well. Your other sessions end."
                    error
                >
                    <Input {..} name="password" type="password" required=true minlength="12" autocomplete="new-password"/>
                </Field>
                <div class="row">
                    <SubmitButton label="Change password" pending_label="Changing…"/>
                </div>
            </form>
        </section>
    }
}

/// What is kept in this browser alone.
#[component]
pub(super) fn AppearanceCard(
    /// The theme of the cookie, if any.
    theme: Option<String>,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="browser-title">
            <header class="row">
                <h2 id="browser-title">"This browser"</h2>
            </header>
            <div class="pad">
                <ThemeForm theme address=ACCOUNT.to_owned() prefix="account-theme"/>
                <ShortcutsChoice/>
            </div>
        </section>
    }
}
