//! `/system/organizations/:id/host`: the dialog that changes or removes an organization's host, over the list or, where it was
//! opened there, over the organization's page.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::fields::{HostInput, SUMMARY};
use super::{list, show};
use crate::domain::organization::{NewHost, Organization};
use crate::domain::rights::Right;
use crate::ui::addresses::{
    ARCHIVED_ORGANIZATIONS, FROM_PAGE, ORGANIZATIONS, OrganizationAct, organization_dialog,
    organization_host, organization_page,
};
use crate::ui::api::ApiRefusal;
use crate::ui::api::organizations::SetOrganizationHost;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{ErrorSummary, Field, field_error, posts_to};
use crate::ui::page::AdminRequest;

/// The page below with the dialog.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    // What is no number is no organization's id.
    let number = id.parse().unwrap_or_default();
    let found = request
        .console()
        .get_organization(&request.actor, number)
        .await;
    let organization = match found {
        Ok(organization) => organization,
        Err(error) => {
            return request
                .failed("The organization could not be loaded", error)
                .await;
        }
    };
    let is_from_page = request.page.parameter("from").as_deref() == Some(FROM_PAGE);
    let refusal = request.page.refusal::<SetOrganizationHost>();
    let may_change = request.may(Right::ChangeOrganizations);
    let title = format!("Host of {}", organization.name);
    let way = if is_from_page {
        Way {
            here: organization_dialog(number, OrganizationAct::Host),
            back: organization_page(number),
            from: FROM_PAGE,
        }
    } else {
        Way {
            here: organization_host(number),
            back: ORGANIZATIONS.to_owned(),
            from: "",
        }
    };
    let dialog = move || {
        let back = way.back.clone();
        let contents = if organization.archived_at.is_some() {
            view! { <IsArchived organization/> }.into_any()
        } else if may_change {
            view! { <HostForm organization refusal way/> }.into_any()
        } else {
            view! { <ReadOnlyNotice organization back=way.back/> }.into_any()
        };
        view! {
            <Dialog title_id="host-title" described_by="host-lead" close_href=back>
                {contents}
            </Dialog>
        }
    };
    if is_from_page {
        show::answer(request, &id, |_| title, move |_| dialog()).await
    } else {
        list::answer(request, title, StatusCode::OK, dialog).await
    }
}

/// Where the dialog was opened.
struct Way {
    /// The address of the dialog.
    here: String,
    /// The page below.
    back: String,
    /// The same, as the form says it.
    from: &'static str,
}

#[component]
fn HostForm(organization: Organization, refusal: Option<ApiRefusal>, way: Way) -> impl IntoView {
    let Organization { id, name, host, .. } = organization;
    let error = field_error(refusal.as_ref(), "host");
    let typed = refusal
        .as_ref()
        .and_then(ApiRefusal::typed::<NewHost>)
        .filter(|typed| typed.id == id)
        .map(|typed| typed.host);
    let value = typed
        .or_else(|| host.map(|host| host.to_string()))
        .unwrap_or_default();
    view! {
        <form method="post" action={posts_to::<SetOrganizationHost>(&way.here)} class="pad" novalidate=true>
            <div>
                <h2 id="host-title">"Host of " {name}</h2>
                <p id="host-lead" class="hint">
                    "From then on this host accepts only this organization’s clients. No token is revoked."
                </p>
            </div>
            <ErrorSummary what="The host was not changed" refusal entries=SUMMARY/>
            <input type="hidden" name="form[id]" value=id.0/>
            <input type="hidden" name="from" value=way.from/>
            <Field
                id="organization-host"
                label=|| view! { "Host " <span class="hint">"optional"</span> }
                hint=|| "The address participants use, without https://. Leave it empty for none."
                error
            >
                <HostInput value autofocus=true/>
            </Field>
            <footer class="row">
                <a class="btn" href=way.back>
                    "Cancel"
                </a>
                <SubmitButton label="Save host" pending_label="Saving…"/>
            </footer>
        </form>
    }
}

/// The administrator is an auditor.
#[component]
fn ReadOnlyNotice(
    organization: Organization,
    /// The page below.
    back: String,
) -> impl IntoView {
    let host = match organization.host {
        Some(host) => view! { "It is " <code>{host.to_string()}</code> ". " }.into_any(),
        None => "It has none. ".into_any(),
    };
    view! {
        <div class="pad">
            <h2 id="host-title">"Host of " <bdi>{organization.name}</bdi></h2>
            <p id="host-lead">{host} "Your account may read this but not change it."</p>
            <footer class="row">
                <a class="btn" href=back autofocus>"Back"</a>
            </footer>
        </div>
    }
}

/// An archived organization has no host.
#[component]
fn IsArchived(organization: Organization) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="host-title">"Host of " <bdi>{organization.name}</bdi></h2>
            <p id="host-lead">"This organization is archived and can have no host. Restore it first."</p>
            <footer class="row">
                <a class="btn" href=ARCHIVED_ORGANIZATIONS autofocus>"Archived organizations"</a>
            </footer>
        </div>
    }
}
