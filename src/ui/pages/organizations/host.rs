//! `/system/organizations/:id/host`: the dialog that changes or removes an organization's host, over the list.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::fields::SUMMARY;
use crate::domain::organization::{NewHost, Organization};
use crate::domain::rights::Right;
use crate::ui::addresses::{ARCHIVED_ORGANIZATIONS, ORGANIZATIONS, organization_host};
use crate::ui::api::organizations::{SetOrganizationHost, show_organization};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::empty::Failed;
use crate::ui::components::field::{ErrorSummary, Field, Input, PostForm, field_error, refusal_of};
use crate::ui::refused::form_action;
use crate::ui::viewer::{use_may, watch_session};

/// The dialog with the loaded organization.
#[component]
pub fn OrganizationHostPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let organization = Resource::new(move || id.get(), show_organization);
    watch_session(move || organization.get().and_then(Result::err));
    let set_host = form_action::<SetOrganizationHost>();
    let may_change = use_may(Right::ChangeOrganizations);
    let contents = move || {
        Suspend::new(async move {
            match organization.await {
                Err(refusal) => view! {
                    <Title text="Host"/>
                    <Failed what="The organization could not be loaded" refusal/>
                }
                .into_any(),
                Ok(found) => {
                    let title = format!("Host of {}", found.name);
                    let form = if found.archived_at.is_some() {
                        view! { <IsArchived organization=found/> }.into_any()
                    } else {
                        let may_not = found.clone();
                        view! {
                            <Show
                                when=move || may_change.get()
                                fallback=move || view! { <ReadOnlyNotice organization=may_not.clone()/> }
                            >
                                <HostForm organization=found.clone() set_host/>
                            </Show>
                        }
                        .into_any()
                    };
                    view! {
                        <Title text=title/>
                        <Dialog title_id="host-title" described_by="host-lead" close_href=ORGANIZATIONS>
                            {form}
                        </Dialog>
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition>{contents}</Transition> }
}

#[component]
fn HostForm(
    organization: Organization,
    set_host: ServerAction<SetOrganizationHost>,
) -> impl IntoView {
    let Organization { id, name, host, .. } = organization;
    let refusal = refusal_of(set_host);
    let typed = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed::<NewHost>())
        .filter(|typed| typed.id == id)
        .map(|typed| typed.host);
    let value = typed
        .or_else(|| host.map(|host| host.to_string()))
        .unwrap_or_default();
    view! {
        <PostForm action=set_host back=organization_host(id) class="pad" {..} novalidate=true>
            <div>
                <h2 id="host-title">"Host of " {name}</h2>
                <p id="host-lead" class="hint">
                    "Requests at this host know this organization's clients alone, as soon as it is saved. No token ends by that."
                </p>
            </div>
            <ErrorSummary what="The host was not changed" refusal entries=SUMMARY/>
            <input type="hidden" name="form[id]" value=id.0/>
            <Field
                id="organization-host"
                label=|| "Host (optional)"
                hint=|| "The address participants use, without https://. Leave it empty for none."
                error=field_error(refusal, "host")
            >
                <Input
                    {..}
                    class:mono=true
                    name="form[host]"
                    inputmode="url"
                    placeholder="participate.city.example"
                    autocomplete="off"
                    autofocus=true
                    value=value
                />
            </Field>
            <footer class="row">
                <a class="btn" href=ORGANIZATIONS>
                    "Cancel"
                </a>
                <SubmitButton label="Save host" pending_label="Saving…" pending=set_host.pending()/>
            </footer>
        </PostForm>
    }
}

/// The administrator is a viewer.
#[component]
fn ReadOnlyNotice(organization: Organization) -> impl IntoView {
    let host = match organization.host {
        Some(host) => view! { "It is " <code>{host.to_string()}</code> ". " }.into_any(),
        None => "It has none. ".into_any(),
    };
    view! {
        <div class="pad">
            <h2 id="host-title">"Host of " {organization.name}</h2>
            <p id="host-lead">{host} "Your account may read this but not change it."</p>
            <footer class="row">
                <a class="btn" href=ORGANIZATIONS autofocus>"Back to the organizations"</a>
            </footer>
        </div>
    }
}

/// An archived organization has no host.
#[component]
fn IsArchived(organization: Organization) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="host-title">"Host of " {organization.name}</h2>
            <p id="host-lead">"This organization is archived and can have no host. Restore it first."</p>
            <footer class="row">
                <a class="btn" href=ARCHIVED_ORGANIZATIONS autofocus>"Archived organizations"</a>
            </footer>
        </div>
    }
}
