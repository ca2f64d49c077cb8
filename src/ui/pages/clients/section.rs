//! A section of the permissions page, and the table of contents.

use leptos::ev;
use leptos::prelude::*;

use super::grant_all::{GroupButton, PermissionsContext};
use super::sections::{PermissionFilter, PermissionGroup, Section, SectionKind};
use super::switch_queue::SwitchQueue;
use crate::ui::components::permission::{PermissionRow, PermissionWords};

/// The table of contents: every section with its count of granted permissions.
#[component]
pub fn Contents(
    /// The page.
    context: PermissionsContext,
    /// Its sections.
    sections: Vec<Section>,
) -> impl IntoView {
    let keys: Vec<String> = sections
        .iter()
        .map(|section| section.key().to_owned())
        .collect();
    let current = RwSignal::new(keys.first().cloned().unwrap_or_default());
    follow_reading(keys, current);
    let entry = move |section: Section| {
        let key = section.key().to_owned();
        let names = section.names();
        let total = names.len();
        let count = move || {
            format!(
                "{}/{total}",
                context.queue.with_value(|queue| queue.count(&names))
            )
        };
        let is_current = {
            let key = key.clone();
            move || current.with(|current| *current == key).then_some("true")
        };
        let href = format!("#scope-{key}");
        view! {
            <li>
                // `external` leaves the fragment link to the browser instead of the router.
                <a href=href rel="external" aria-current=is_current on:click=move |_| current.set(key.clone())>
                    {section.title}
                    <span class="count push">{count}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="toc" aria-label="Scopes">
            <ul>{sections.into_iter().map(entry).collect_view()}</ul>
        </nav>
    }
}

/// Highlights the section being read while scrolling: the last that begins in the upper third of the window.
fn follow_reading(keys: Vec<String>, current: RwSignal<String>) {
    Effect::new(move || {
        let keys = keys.clone();
        let handle = window_event_listener(ev::scroll, move |_| {
            let height = window()
                .inner_height()
                .ok()
                .and_then(|height| height.as_f64())
                .unwrap_or_default();
            let begins_above = |key: &&String| {
                let section = document().get_element_by_id(&format!("scope-{key}"));
                section
                    .map(|section| section.get_bounding_client_rect())
                    .is_some_and(|bounds| bounds.height() > 0.0 && bounds.top() < height / 3.0)
            };
            if let Some(key) = keys.iter().rev().find(begins_above)
                && current.with_untracked(|current| current != key)
            {
                current.set(key.clone());
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// A section: a scope, the permissions without a scope, or the retired ones.
#[component]
pub fn PermissionSection(
    /// The page.
    context: PermissionsContext,
    /// The section.
    section: Section,
) -> impl IntoView {
    let key = section.key().to_owned();
    let names = section.names();
    let total = names.len();
    let count = move || {
        format!(
            "{} of {total} granted",
            context.queue.with_value(|queue| queue.count(&names))
        )
    };
    let chip = section
        .chip()
        .map(|(name, class)| view! { <span class=class>{name.to_owned()}</span> });
    let note = match section.kind {
        SectionKind::Scope(_) if total == 0 => Some("This scope has no permissions of its own."),
        SectionKind::Scope(_) => None,
        SectionKind::Unscoped => Some("Needs no scope"),
        SectionKind::Retired => {
            Some("No longer in the catalogue: these open nothing and can only be removed.")
        }
    };
    let only = match section.groups.as_slice() {
        [only] if section.kind != SectionKind::Retired && context.may_move => Some(only.clone()),
        _ => None,
    };
    let is_left_out = is_hidden(
        context,
        section
            .groups
            .iter()
            .flat_map(|group| group.permissions.clone())
            .collect(),
    );
    let is_alone = section.groups.len() == 1;
    let is_retired = section.kind == SectionKind::Retired;
    let title = section.title.clone();
    let group = move |group: PermissionGroup| {
        let heading = if group.title == title {
            title.clone()
        } else {
            format!("{} of {title}", group.title)
        };
        view! { <GroupCard context group heading is_alone is_retired/> }
    };
    view! {
        <section
            class="scope stack tight"
            id=format!("scope-{key}")
            aria-labelledby=format!("h-{key}")
            hidden=move || is_left_out.get()
        >
            <header class="row">
                <h2 id=format!("h-{key}")>{section.title}</h2>
                {chip}
                {note.map(|note| view! { <span class="hint">{note}</span> })}
                <span class="count push">{count}</span>
                {only.map(|group| view! { <GroupButton context heading=group.title permissions=group.permissions/> })}
            </header>
            {section.groups.into_iter().map(group).collect_view()}
        </section>
    }
}

/// A group of permissions; without a header of its own when it is the section's only one.
#[component]
fn GroupCard(
    context: PermissionsContext,
    group: PermissionGroup,
    heading: String,
    is_alone: bool,
    is_retired: bool,
) -> impl IntoView {
    let is_left_out = is_hidden(context, group.permissions.clone());
    let header = (!is_alone).then(|| view! { <GroupHeader context group=group.clone() heading/> });
    let row = move |words: PermissionWords| view! { <SwitchRow context words is_retired/> };
    view! {
        <div class="card group" role="group" aria-labelledby=group.id hidden=move || is_left_out.get()>
            {header}
            {group.permissions.into_iter().map(row).collect_view()}
        </div>
    }
}

#[component]
fn GroupHeader(
    context: PermissionsContext,
    group: PermissionGroup,
    heading: String,
) -> impl IntoView {
    let names: Vec<String> = group.names().collect();
    let total = names.len();
    let count = move || {
        format!(
            "{} of {total}",
            context.queue.with_value(|queue| queue.count(&names))
        )
    };
    let button = context
        .may_move
        .then(|| view! { <GroupButton context heading permissions=group.permissions/> });
    view! {
        <header class="row">
            <h3 id=group.id>{group.title}</h3>
            <span class="count">{count}</span>
            <span class="push">{button}</span>
        </header>
    }
}

/// One permission, connected to the switch queue.
#[component]
fn SwitchRow(
    context: PermissionsContext,
    words: PermissionWords,
    is_retired: bool,
) -> impl IntoView {
    let name = words.name.clone();
    let switch = context.queue.with_value(|queue| queue.switch(&name));
    let hidden = is_hidden(context, vec![words.clone()]);
    // A permission that the catalogue no longer has cannot be granted again.
    let disabled = {
        let name = name.clone();
        Signal::derive(move || {
            !context.may_move
                || (is_retired && !context.queue.with_value(|queue| queue.holds(&name)))
        })
    };
    let keep = move |change: &dyn Fn(&SwitchQueue)| context.queue.with_value(change);
    let on_move = {
        let name = name.clone();
        Callback::new(move |on| keep(&|queue| queue.change(vec![name.clone()], on)))
    };
    let on_retry = Callback::new(move |()| {
        keep(&|queue| queue.change(vec![name.clone()], !queue.granted().contains(&name)));
    });
    view! { <PermissionRow words on=switch.on state=switch.state hidden disabled catches_up=context.is_first_view on_move on_retry/> }
}

/// Whether the filter hides all of these.
fn is_hidden(context: PermissionsContext, permissions: Vec<PermissionWords>) -> Memo<bool> {
    Memo::new(move |_| {
        let is_in =
            |filter: &PermissionFilter| permissions.iter().any(|words| filter.lets_through(words));
        context
            .filter
            .with(|filter| filter.is_set() && !is_in(filter))
    })
}
