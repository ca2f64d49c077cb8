//! `/system/organizations/:id/restore`: the dialog that says what restoring an organization does, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::costs::{Cost, NotAsked, ReadOnly};
use super::show;
use crate::domain::count::Count;
use crate::domain::view::OrganizationPage;
use crate::ui::addresses::{OrganizationAct, organization_dialog, organization_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::organizations::RestoreOrganization;
use crate::ui::components::badges::counted;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::AdminRequest;

/// The dialog, over the page of the organization.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let refusal = request.page.refusal::<RestoreOrganization>();
    let title = |name: &str| format!("Restore {name}");
    show::answer(request, &id, title, move |page| {
        let organization = page.summary.organization.clone();
        let (id, question) = (organization.id, format!("Restore {}?", organization.name));
        let contents = match (organization.archived_at, page.may_change) {
            (None, _) => {
                let sentence = "It is not archived. Nothing else to do.";
                view! { <NotAsked question id sentence/> }.into_any()
            }
            (Some(_), true) => view! { <RestoreForm page refusal/> }.into_any(),
            (Some(_), false) => view! { <ReadOnly question id/> }.into_any(),
        };
        view! {
            <Dialog title_id="act-title" described_by="act-lead" close_href=organization_page(id)>
                {contents}
            </Dialog>
        }
    })
    .await
}

/// The form, with what begins to work again.
#[component]
fn RestoreForm(page: OrganizationPage, refusal: Option<ApiRefusal>) -> impl IntoView {
    let organization = page.summary.organization;
    let id = organization.id;
    let active = page.summary.active_clients;
    let people = (!page.participants.is_none()).then(|| counted(page.participants));
    let here = organization_dialog(id, OrganizationAct::Restore);
    view! {
        <form method="post" action={posts_to::<RestoreOrganization>(&here)} class="pad">
            <div>
                <h2 id="act-title">"Restore " <bdi>{organization.name}</bdi> "?"</h2>
                <p id="act-lead" class="hint">
                    "It can be archived again at any time."
                </p>
            </div>
            {refusal.map(|refusal| view! { <RefusalNotice what="The organization was not restored" refusal/> })}
            <ul class="costs" data-tone="warn">
                <ClientsAgain active/>
                {people
                    .map(|people| {
                        view! {
                            <Cost icon="user">
                                <strong>"Clients can act for its participants again"</strong>
                                {format!(", {people} in number, except those who are blocked.")}
                            </Cost>
                        }
                    })}
                <Cost icon="org">
                    <strong>"It has no host"</strong>
                    " until it is given one."
                </Cost>
            </ul>
            <input type="hidden" name="id" value=id.to_string()/>
            <footer class="row">
                <a class="btn" href=organization_page(id) autofocus>
                    "Keep archived"
                </a>
                <SubmitButton label="Restore organization" pending_label="Restoring…"/>
            </footer>
        </form>
    }
}

/// What becomes of its clients and of their tokens.
#[component]
fn ClientsAgain(active: Count) -> impl IntoView {
    if active.is_none() {
        return view! {
            <Cost icon="key">
                <strong>"It has no active client."</strong>
            </Cost>
        }
        .into_any();
    }
    let (clients, rest) = if active == Count::exactly(1) {
        (
            "One client works again".to_owned(),
            ", with the secrets and permissions that it has.",
        )
    } else {
        (
            format!("{} clients work again", counted(active)),
            ", with the secrets and permissions that they have.",
        )
    };
    view! {
        <Cost icon="key">
            <strong>{clients}</strong>
            {rest}
        </Cost>
        <Cost icon="token">
            <strong>"Tokens from before do not work again"</strong>
            ": new ones have to be asked for."
        </Cost>
    }
    .into_any()
}
