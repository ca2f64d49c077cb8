//! `/system/api-clients/:id/permissions`: one switch for each permission, saved as it moves.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::addressed::{WithClient, use_addressed_client};
use super::failure::toast;
use super::grant_all::{GrantConfirmation, PermissionsContext};
use super::head::{ClientHead, ClientNotices};
use super::permission_filter::{FilterRow, clear};
use super::section::{Contents, PermissionSection};
use super::sections::{GrantedFilter, PermissionFilter, Section, SectionKind, sections};
use super::switch_queue::SwitchQueue;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::permissions::{HeldPermissions, SavePermissions};
use crate::ui::browser::focus_id;
use crate::ui::components::empty::Empty;
use crate::ui::components::field::{PostForm, refusal_of};
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};
use crate::ui::components::toast::{Toaster, use_toasts};
use crate::ui::refused::form_action;
use crate::ui::viewer::watch_session;

/// The page with a client's permissions.
#[component]
pub fn ClientPermissionsPage() -> impl IntoView {
    let client = use_addressed_client();
    let save = form_action::<SavePermissions>();
    let filter = RwSignal::new(filter_of_address());
    let toasts = use_toasts();
    let reload = Callback::new(move |()| {
        client.page.refetch();
        // The pressed link, which has the focus, is removed with the old contents.
        focus_id("main");
    });
    let view = move |page: ClientPage| {
        let sections = sections(&page);
        let context = context(
            &page,
            switch_queue(&page, &sections, toasts),
            filter,
            client.is_first_view(),
        );
        let grantable: Vec<String> = sections
            .iter()
            .filter(|section| section.kind != SectionKind::Retired)
            .flat_map(Section::names)
            .collect();
        let granted =
            Signal::derive(move || context.queue.with_value(|queue| queue.count(&grantable)));
        view! {
            <Title text=format!("Permissions of {}", page.client.name)/>
            <ClientHead page=page.clone() client tab=Tab::Permissions granted/>
            <div class="body">
                <ClientNotices page=page.clone() client saved="Permissions saved."/>
                <PermissionNotices page=page.clone() context save reload/>
                <div class="split">
                    <Contents context sections=sections.clone()/>
                    <div class="stack">
                        <FilterRow filter queue=context.queue here=client_page(page.client.id.as_str(), Tab::Permissions)/>
                        <PermissionsForm page context sections save/>
                    </div>
                </div>
            </div>
            <GrantConfirmation context/>
        }
    };
    view! { <WithClient client view/> }
}

/// The filter in the address.
fn filter_of_address() -> PermissionFilter {
    let query = use_query_map().get_untracked();
    let show = query
        .get("show")
        .map(|word| GrantedFilter::parse(&word))
        .unwrap_or_default();
    PermissionFilter {
        text: query.get("filter").unwrap_or_default(),
        show,
        granted: Vec::new(),
    }
}

/// The queue of the page's switches; it reports failures as toasts.
fn switch_queue(page: &ClientPage, sections: &[Section], toasts: Toaster) -> SwitchQueue {
    let held = HeldPermissions {
        permissions: page
            .client
            .permissions
            .iter()
            .map(ToString::to_string)
            .collect(),
        version: page.client.version,
    };
    let names = sections.iter().flat_map(Section::names);
    SwitchQueue::new(
        page.client.id.to_string(),
        held,
        names,
        move |queue, failure| {
            let queue = queue.clone();
            toasts.show(toast(failure, move |failure| queue.retry(failure)));
        },
    )
}

/// What the components of the page share.
fn context(
    page: &ClientPage,
    queue: SwitchQueue,
    filter: RwSignal<PermissionFilter>,
    is_first_view: bool,
) -> PermissionsContext {
    filter.update_untracked(|filter| filter.granted = queue.granted());
    let refusal = queue.refusal();
    watch_session(move || refusal.get());
    let is_hydrated = RwSignal::new(false);
    Effect::new(move || is_hydrated.set(true));
    PermissionsContext {
        queue: StoredValue::new(queue),
        filter,
        is_first_view,
        may_move: page.may_change && !page.client.lifecycle.is_revoked(),
        is_hydrated,
        confirmation: RwSignal::new(None),
    }
}

/// Notices: why switches are disabled, and conflicts with other changes.
#[component]
fn PermissionNotices(
    page: ClientPage,
    context: PermissionsContext,
    save: ServerAction<SavePermissions>,
    reload: Callback<()>,
) -> impl IntoView {
    let here = client_page(page.client.id.as_str(), Tab::Permissions);
    let conflict = context.queue.with_value(SwitchQueue::conflict);
    let refusal = refusal_of(save);
    let fixed = match (page.client.lifecycle.is_revoked(), page.may_change) {
        (true, _) => {
            Some("This client is revoked. Its permissions open nothing and cannot be changed.")
        }
        (false, false) => Some("Your account may read this but not change it."),
        (false, true) => None,
    };
    let changed = move || {
        let here = here.clone();
        conflict.get().map(|sentence| {
            view! {
                <Notice tone=Tone::Neutral icon="info">
                    {sentence} " "
                    <a class="link" href=here on:click=move |event| {
                        event.prevent_default();
                        reload.run(());
                    }>"Show the current permissions"</a>
                </Notice>
            }
        })
    };
    view! {
        {fixed.map(|sentence| view! { <Notice tone=Tone::Neutral icon="lock">{sentence}</Notice> })}
        {move || refusal.get().map(|refusal| view! { <RefusalNotice what="The permissions were not saved" refusal/> })}
        {changed}
    }
}

/// The form. Without script it is saved as a whole; with script the switch queue saves, and the form is never posted.
#[component]
fn PermissionsForm(
    page: ClientPage,
    context: PermissionsContext,
    sections: Vec<Section>,
    save: ServerAction<SavePermissions>,
) -> impl IntoView {
    let id = page.client.id.to_string();
    let here = client_page(&id, Tab::Permissions);
    let all: Vec<_> = sections
        .iter()
        .flat_map(|section| &section.groups)
        .flat_map(|group| group.permissions.clone())
        .collect();
    let is_empty = Memo::new(move |_| {
        context
            .filter
            .with(|filter| !all.iter().any(|words| filter.lets_through(words)))
    });
    let new_href = match page.client.organization_id {
        Some(organization) => format!("/system/api-clients/new?organization={organization}"),
        None => "/system/api-clients/new".to_owned(),
    };
    view! {
        <PostForm action=save back=here.clone() class="stack">
            // Enter in a checkbox presses the form's first submit button (implicit submission): this one does nothing else.
            <button
                class="sr"
                type="submit"
                tabindex="-1"
                aria-hidden="true"
                disabled=!context.may_move
                on:click=|event| event.prevent_default()
            ></button>
            <input type="hidden" name="form[id]" value=id/>
            {sections.into_iter().map(|section| view! { <PermissionSection context section/> }).collect_view()}
            {context.may_move.then(|| view! {
                <div class="row no-js">
                    <button class="btn fill" type="submit">"Save permissions"</button>
                    <span class="hint">"Without JavaScript, changes are saved when you press this button."</span>
                </div>
            })}
        </PostForm>
        {move || (is_empty.get() && context.filter.with(PermissionFilter::is_set)).then(|| view! { <NoMatch context here=here.clone()/> })}
        <p class="hint">
            "Every change is saved at once and applies to tokens already issued. Scopes are fixed: to add one, "
            <a class="link" href=new_href>"create a new client"</a> " and revoke this one."
        </p>
    }
}

/// The empty state of a filter without a match.
#[component]
fn NoMatch(context: PermissionsContext, here: String) -> impl IntoView {
    let filter = context.filter.get_untracked();
    let title = match (filter.text.trim(), filter.show) {
        ("", GrantedFilter::Granted) => "No permission is granted".to_owned(),
        ("", _) => "Every permission is granted".to_owned(),
        (text, _) => format!("No permission matches “{text}”"),
    };
    let sentence = match filter.show {
        GrantedFilter::All => "Check the spelling, or clear the filter.",
        GrantedFilter::Granted => "Only granted permissions are shown.",
        GrantedFilter::Off => "Only permissions that are not granted are shown.",
    };
    let press = {
        let here = here.clone();
        move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            clear(context.filter, &here);
        }
    };
    view! {
        <Empty title>
            <p>{sentence}</p>
            <a class="btn small" href=here on:click=press>"Clear filter"</a>
        </Empty>
    }
}
