//! `/system/api-clients/:id/permissions`: one switch for each permission, saved as it moves.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::compare::{Beside, ComparePanel};
use super::head::{ClientHead, ClientNotices};
use super::permission_filter::{FilterRow, NoMatch};
use super::section::{Contents, Mode, PermissionSection};
use super::sections::{Section, sections};
use crate::domain::ids::OrganizationId;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page, new_client};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::UpdateClient;
use crate::ui::api::permissions::{CopyPermissions, SavePermissions};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};
use crate::ui::components::part::Part;
use crate::ui::islands::switches::Switches;
use crate::ui::islands::switches::filter::PermissionFilter;
use crate::ui::page::{AdminRequest, Page};

/// What the page is rendered from.
struct PermissionsPage {
    page: ClientPage,
    filter: PermissionFilter,
    /// The administrator.
    admin: String,
    /// The address, with the filter.
    address: String,
    /// Whether the form was just saved.
    is_saved: bool,
    /// The refusal of the form, if this page answers it.
    refusal: Option<ApiRefusal>,
    /// The refusal of the details form.
    details: Option<ApiRefusal>,
    /// The refusal of a copy.
    copy: Option<ApiRefusal>,
    /// What stands beside the permissions.
    beside: Beside,
}

/// A client's permissions.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let loaded = match request.console().show_client(&request.actor, &id).await {
        Ok(page) => Beside::read(&request, &page)
            .await
            .map(|beside| (page, beside)),
        Err(error) => Err(error),
    };
    match loaded {
        Ok((page, beside)) => {
            let page = permissions(&request, page, beside);
            request.answer(page).await
        }
        Err(error) => {
            let what = "The client could not be loaded";
            request.failed(what, error).await
        }
    }
}

fn permissions(request: &AdminRequest, page: ClientPage, beside: Beside) -> Page {
    let parameter = |name| request.page.parameter(name).unwrap_or_default();
    let contents = PermissionsPage {
        filter: PermissionFilter::new(&parameter("filter"), &parameter("show")),
        admin: request.actor.email().to_owned(),
        address: request.page.uri.to_string(),
        is_saved: request.page.parameter("saved").is_some(),
        refusal: request.page.refusal::<SavePermissions>(),
        details: request.page.refusal::<UpdateClient>(),
        copy: request.page.refusal::<CopyPermissions>(),
        beside,
        page,
    };
    let title = format!("Permissions of {}", contents.page.client.name);
    Page::new(title, move || view! { <PermissionsContents contents/> })
}

/// The loaded page.
#[component]
fn PermissionsContents(contents: PermissionsPage) -> impl IntoView {
    let PermissionsPage {
        page,
        filter,
        admin,
        address,
        is_saved,
        refusal,
        details,
        copy,
        beside,
    } = contents;
    let here = client_page(page.client.id.as_str(), Tab::Permissions);
    let sections = sections(&page, &filter, &beside);
    let mode = Mode {
        may_move: page.may_change && !page.client.lifecycle.is_revoked(),
        is_filtered: filter.is_set(),
    };
    let is_empty = mode.is_filtered
        && sections
            .iter()
            .flat_map(Section::permissions)
            .all(|permission| permission.is_hidden);
    let is_history_shown = beside.is_history_shown();
    let compare = beside.other();
    let may_move = mode.may_move;
    let saved = is_saved.then_some("Permissions saved.");
    let fixed = fixed(&page);
    let is_revoked = page.client.lifecycle.is_revoked();
    view! {
        <ClientHead page=page.clone() tab=Tab::Permissions details=details.clone()/>
        <div class="body">
            <ClientNotices page=page.clone() details saved/>
            <Part name="fixed">
                {fixed.map(|sentence| view! { <Notice tone=Tone::Neutral icon="lock">{sentence}</Notice> })}
            </Part>
            {refusal.map(|refusal| view! { <RefusalNotice what="The permissions were not saved" refusal/> })}
            {copy.map(|refusal| view! { <RefusalNotice what="The permissions were not copied" refusal/> })}
            <div class="split">
                <Contents sections=&sections/>
                <div class="stack">
                    <FilterRow filter=filter.clone() here=here.clone() compare/>
                    <ComparePanel page=page.clone() beside may_move/>
                    <PermissionsForm page=page.clone() sections mode admin address/>
                    <NoMatch filter is_shown=is_empty here/>
                    <Hint organization=page.client.organization_id is_revoked is_history_shown/>
                </div>
            </div>
        </div>
        <Switches/>
    }
}

/// Why the switches are disabled, if they are.
fn fixed(page: &ClientPage) -> Option<&'static str> {
    match (page.client.lifecycle.is_revoked(), page.may_change) {
        (true, _) => {
            Some("This client is revoked. Its permissions open nothing and cannot be changed.")
        }
        (false, false) => Some("Your account may read this but not change it."),
        (false, true) => None,
    }
}

/// The form. Without script it is saved as a whole; `islands::switches` saves each switch as it moves and never posts it.
#[component]
fn PermissionsForm(
    page: ClientPage,
    sections: Vec<Section>,
    mode: Mode,
    /// The administrator: what is kept in the browser for later belongs to one.
    admin: String,
    /// The address of the page, with the filter.
    address: String,
) -> impl IntoView {
    let may_move = mode.may_move;
    let id = page.client.id.to_string();
    let client = id.clone();
    let sections = sections
        .into_iter()
        .map(|section| view! { <PermissionSection section mode/> })
        .collect_view();
    let save = may_move.then(|| {
        view! {
            <div class="row stand-in">
                <SubmitButton label="Save permissions" pending_label="Saving…"/>
                <span class="hint">"Without JavaScript, changes are saved when you press this button."</span>
            </div>
        }
    });
    view! {
        <form
            class="stack"
            id="permissions"
            method="post"
            action={posts_to::<SavePermissions>(&address)}
            data-client=client
            data-admin=admin
            data-version=page.client.version.0
        >
            // Enter in a checkbox presses the form's first submit button (HTML, "implicit submission"): not a group's.
            <button class="sr" type="submit" tabindex="-1" aria-hidden="true" disabled=!may_move></button>
            <input type="hidden" name="form[id]" value=id/>
            {sections}
            {save}
        </form>
    }
}

/// What the page does not do.
#[component]
fn Hint(
    organization: Option<OrganizationId>,
    is_revoked: bool,
    /// Whether the page says when permissions were exercised.
    is_history_shown: bool,
) -> impl IntoView {
    let href = match organization {
        Some(organization) => new_client(organization),
        None => "/system/api-clients/new".to_owned(),
    };
    let changes = (!is_revoked).then(|| {
        view! {
            <p class="hint">
                "Every change is saved at once and applies to tokens already issued. Scopes are fixed: to add one, "
                <a class="link" href=href>
                    "create a new client"
                </a>
                " and revoke this one."
            </p>
        }
    });
    view! {
        {changes}
        {is_history_shown
            .then(|| {
                view! {
                    <p class="hint">
                        "A permission counts as exercised, to the minute, when an API behind "
                        <code>"/oauth/verify"</code>
                        " required it and a token of this client passed. An API that decides by itself does not show here."
                    </p>
                }
            })}
    }
}
