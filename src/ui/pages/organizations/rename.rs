//! `/system/organizations/:id/rename`: the dialog that gives an organization another name, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::costs::ReadOnly;
use super::fields::SUMMARY;
use super::show;
use crate::domain::organization::{NewName, Organization};
use crate::ui::addresses::{OrganizationAct, organization_dialog, organization_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::organizations::RenameOrganization;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{ErrorSummary, Field, Input, field_error, posts_to};
use crate::ui::page::AdminRequest;

/// The dialog, over the page of the organization.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let refusal = request.page.refusal::<RenameOrganization>();
    let title = |name: &str| format!("Rename {name}");
    show::answer(request, &id, title, move |page| {
        let organization = page.summary.organization;
        let back = organization_page(organization.id);
        let contents = if page.may_change {
            view! { <RenameForm organization refusal/> }.into_any()
        } else {
            view! { <ReadOnly question=format!("Rename {}", organization.name) id=organization.id/> }
                .into_any()
        };
        view! {
            <Dialog title_id="act-title" described_by="act-lead" close_href=back>
                {contents}
            </Dialog>
        }
    })
    .await
}

#[component]
fn RenameForm(organization: Organization, refusal: Option<ApiRefusal>) -> impl IntoView {
    let Organization {
        id, name, version, ..
    } = organization;
    let error = field_error(refusal.as_ref(), "name");
    let typed = refusal.as_ref().and_then(ApiRefusal::typed::<NewName>);
    let value = typed
        .filter(|typed| typed.id == id)
        .map_or_else(|| name.clone(), |typed| typed.name);
    let here = organization_dialog(id, OrganizationAct::Rename);
    view! {
        <form method="post" action={posts_to::<RenameOrganization>(&here)} class="pad" novalidate=true>
            <div>
                <h2 id="act-title">"Rename " <bdi>{name}</bdi></h2>
                <p id="act-lead" class="hint">
                    "Only what people read changes. Programs know the organization by its ID, "
                    <code>{id.0}</code>
                    ", which stays."
                </p>
            </div>
            <ErrorSummary what="The organization was not renamed" refusal entries=SUMMARY/>
            <input type="hidden" name="form[id]" value=id.0/>
            <input type="hidden" name="form[version]" value=version.0/>
            <Field id="organization-name" label=|| "Name" error>
                <Input {..} name="form[name]" required=true autocomplete="off" autofocus=true value=value/>
            </Field>
            <footer class="row">
                <a class="btn" href=organization_page(id)>
                    "Cancel"
                </a>
                <SubmitButton label="Save name" pending_label="Saving…"/>
            </footer>
        </form>
    }
}
