//! The fields that the forms share.

use leptos::prelude::*;

use crate::domain::admin::PASSWORD_MIN;
use crate::domain::ids::OrganizationId;
use crate::domain::participant::TypedParticipant;
use crate::ui::addresses::{PARTICIPANTS, of_organization};
use crate::ui::api::ApiRefusal;
use crate::ui::components::field::{Field, Input, SummaryEntry, field_error};

/// The fields in the error summary.
pub(super) const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "nickname",
        label: "Nickname",
        id: "nickname",
    },
    SummaryEntry {
        field: "email",
        label: "Email",
        id: "email",
    },
    SummaryEntry {
        field: "name",
        label: "Name",
        id: "name",
    },
    SummaryEntry {
        field: "password",
        label: "Password",
        id: "password",
    },
];

/// Nickname, address and name.
#[component]
pub(super) fn DetailsFields(
    /// The initial values.
    typed: TypedParticipant,
    /// The refusal of the form.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let error = |field| field_error(refusal.as_ref(), field);
    view! {
        <Field
            id="nickname"
            label=|| "Nickname"
            hint=|| "1 to 64 letters, digits, hyphens and underscores. No two participants of an organization share one, whatever the case."
            error=error("nickname")
        >
            <Input
                {..}
                name="form[nickname]"
                required=true
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value=typed.nickname
            />
        </Field>
        <Field id="email" label=|| "Email" hint=|| "They can sign in with it, too." error=error("email")>
            <Input {..} name="form[email]" inputmode="email" required=true autocomplete="off" value=typed.email/>
        </Field>
        <Field
            id="name"
            label=|| "Name (optional)"
            hint=|| "What people read. Without one it is made of the nickname."
            error=error("name")
        >
            <Input {..} name="form[name]" autocomplete="off" value=typed.name/>
        </Field>
    }
}

/// A new password.
#[component]
pub(super) fn PasswordField(
    /// The label.
    label: &'static str,
    /// What follows from it.
    hint: &'static str,
    /// The error.
    error: Option<String>,
) -> impl IntoView {
    let hint = move || format!("At least {PASSWORD_MIN} characters. {hint}");
    view! {
        <Field id="password" label=move || label hint error>
            <Input {..} name="password" type="password" autocomplete="new-password"/>
        </Field>
    }
}

/// The sentence in the place of a password where nobody can sign in with one.
#[component]
pub(super) fn PasswordGrantOff() -> impl IntoView {
    view! {
        <p class="hint">
            "This server takes no passwords of participants ("
            <code>"CLAVIGER_PASSWORD_GRANT"</code>
            " is off), so there is none to set."
        </p>
    }
}

/// The way back to the list of an organization from the page that is named last.
#[component]
pub(super) fn Crumbs(
    /// The organization.
    organization: OrganizationId,
    /// The name of the page.
    children: Children,
) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol class="row hint">
                <li>
                    <a href=of_organization(PARTICIPANTS, organization)>"Participants"</a>
                </li>
                <li aria-current="page">{children()}</li>
            </ol>
        </nav>
    }
}
