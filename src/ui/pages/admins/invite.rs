//! `/system/administrators/invite`: the dialog that makes an invitation, over the list.

use axum::response::Response;
use leptos::prelude::*;

use super::list;
use super::words::RoleSelect;
use crate::domain::admin::LINK_HOURS;
use crate::domain::rights::Right;
use crate::domain::role::Role;
use crate::ui::addresses::{ADMINS, INVITE_ADMIN};
use crate::ui::api::ApiRefusal;
use crate::ui::api::admins::{InvitationForm, InviteAdmin};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{
    ErrorSummary, Field, FormKey, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::page::AdminRequest;

const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "email",
        label: "Email",
        id: "invited-email",
    },
    SummaryEntry {
        field: "role",
        label: "Role",
        id: "invited-role",
    },
];

/// The list with the dialog.
pub async fn page(request: AdminRequest) -> Response {
    if !request.may(Right::ManageAdmins) {
        return request.read_only("Invite administrator", ADMINS).await;
    }
    let refusal = request.page.refusal::<InviteAdmin>();
    let key = request.console().form_key();
    let dialog = move || view! { <InviteDialog key refusal/> };
    list::answer(request, "Invite administrator", dialog).await
}

/// The dialog.
#[component]
fn InviteDialog(key: String, refusal: Option<ApiRefusal>) -> impl IntoView {
    let typed: InvitationForm = refusal
        .as_ref()
        .and_then(ApiRefusal::typed)
        .unwrap_or_default();
    let key = refusal
        .as_ref()
        .and_then(ApiRefusal::form_key)
        .unwrap_or(key);
    let email_error = field_error(refusal.as_ref(), "email");
    let role_error = field_error(refusal.as_ref(), "role");
    let chosen = Role::parse(&typed.role);
    view! {
        <Dialog title_id="invite" described_by="invite-lead" close_href=ADMINS>
            <form method="post" action={posts_to::<InviteAdmin>(INVITE_ADMIN)} class="pad" novalidate=true>
                <FormKey key/>
                <div>
                    <h2 id="invite">"Invite administrator"</h2>
                    <p id="invite-lead" class="hint">
                        {format!(
                            "You get a link to pass on, which works once and for {LINK_HOURS} hours. The server sends no mail.",
                        )}
                    </p>
                </div>
                <ErrorSummary what="No link was made" refusal entries=SUMMARY/>
                <Field
                    id="invited-email"
                    label=|| "Email"
                    hint=|| "What they sign in with. A link that this address has already stops working."
                    error=email_error
                >
                    <Input
                        {..}
                        name="form[email]"
                        type="email"
                        required=true
                        autocomplete="off"
                        autofocus=true
                        value=typed.email
                    />
                </Field>
                <Field id="invited-role" label=|| "Role" error=role_error>
                    <RoleSelect chosen/>
                </Field>
                <footer class="row">
                    <a class="btn" href=ADMINS>
                        "Cancel"
                    </a>
                    <SubmitButton label="Make invitation link" pending_label="Making…"/>
                </footer>
            </form>
        </Dialog>
    }
}
