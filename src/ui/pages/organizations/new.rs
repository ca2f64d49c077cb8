//! `/system/organizations/new`: the dialog that adds an organization, over the list.

use leptos::prelude::*;
use leptos_meta::Title;

use super::fields::SUMMARY;
use crate::domain::organization::NewOrganization;
use crate::ui::addresses::{NEW_ORGANIZATION, ORGANIZATIONS};
use crate::ui::api::organizations::CreateOrganization;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{ErrorSummary, Field, Input, PostForm, field_error, refusal_of};
use crate::ui::refused::form_action;

/// The dialog.
#[component]
pub fn NewOrganizationDialog() -> impl IntoView {
    let create = form_action::<CreateOrganization>();
    let refusal = refusal_of(create);
    let typed: NewOrganization = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed())
        .unwrap_or_default();
    let error = move |field| field_error(refusal, field);
    view! {
        <Title text="Add organization"/>
        <Dialog title_id="new-organization" close_href=ORGANIZATIONS>
            <PostForm action=create back=NEW_ORGANIZATION class="pad" {..} novalidate=true>
                <h2 id="new-organization">"Add organization"</h2>
                <ErrorSummary what="The organization was not added" refusal entries=SUMMARY/>
                <Field id="organization-name" label=|| "Name" error=error("name")>
                    <Input {..} name="form[name]" required=true maxlength="120" autocomplete="off" autofocus=true value=typed.name/>
                </Field>
                <Field
                    id="organization-host"
                    label=|| "Host (optional)"
                    hint=|| "The address participants use, without https://"
                    error=error("host")
                >
                    <Input
                        {..}
                        class:mono=true
                        name="form[host]"
                        inputmode="url"
                        placeholder="participate.city.example"
                        autocomplete="off"
                        value=typed.host
                    />
                </Field>
                <footer class="row">
                    <a class="btn" href=ORGANIZATIONS>
                        "Cancel"
                    </a>
                    <SubmitButton label="Add organization" pending_label="Adding…" pending=create.pending()/>
                </footer>
            </PostForm>
        </Dialog>
    }
}
