//! `/system/organizations/new`: the dialog that adds an organization, over the list.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::fields::{HostInput, SUMMARY};
use super::list;
use crate::domain::rights::Right;
use crate::ui::addresses::{NEW_ORGANIZATION, ORGANIZATIONS};
use crate::ui::api::ApiRefusal;
use crate::ui::api::organizations::{CreateOrganization, OrganizationForm};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{ErrorSummary, Field, FormKey, Input, field_error, posts_to};
use crate::ui::page::AdminRequest;

/// The list with the dialog.
pub async fn page(request: AdminRequest) -> Response {
    if !request.may(Right::ChangeOrganizations) {
        return request.read_only("Add organization", ORGANIZATIONS).await;
    }
    let refusal = request.page.refusal::<CreateOrganization>();
    let title = "Add organization".to_owned();
    let key = request.console().form_key();
    let dialog = move || view! { <NewOrganizationDialog key refusal/> };
    list::answer(request, title, StatusCode::OK, dialog).await
}

/// The dialog.
#[component]
fn NewOrganizationDialog(key: String, refusal: Option<ApiRefusal>) -> impl IntoView {
    let typed: OrganizationForm = refusal
        .as_ref()
        .and_then(ApiRefusal::typed)
        .unwrap_or_default();
    let key = refusal
        .as_ref()
        .and_then(ApiRefusal::form_key)
        .unwrap_or(key);
    let name_error = field_error(refusal.as_ref(), "name");
    let host_error = field_error(refusal.as_ref(), "host");
    view! {
        <Dialog title_id="new-organization" close_href=ORGANIZATIONS>
            <form method="post" action={posts_to::<CreateOrganization>(NEW_ORGANIZATION)} class="pad" novalidate=true>
                <FormKey key/>
                <h2 id="new-organization">"Add organization"</h2>
                <ErrorSummary what="The organization was not added" refusal entries=SUMMARY/>
                <Field id="organization-name" label=|| "Name" error=name_error>
                    <Input {..} name="form[name]" required=true autocomplete="off" autofocus=true value=typed.name/>
                </Field>
                <Field
                    id="organization-host"
                    label=|| view! { "Host " <span class="hint">"optional"</span> }
                    hint=|| "The address participants use, without https://"
                    error=host_error
                >
                    <HostInput value=typed.host/>
                </Field>
                <footer class="row">
                    <a class="btn" href=ORGANIZATIONS>
                        "Cancel"
                    </a>
                    <SubmitButton label="Add organization" pending_label="Adding…"/>
                </footer>
            </form>
        </Dialog>
    }
}
