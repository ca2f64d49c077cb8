//! A section of the permissions page, and the table of contents.

use leptos::prelude::*;

use super::sections::{PermissionGroup, Section, SectionKind};
use crate::ui::components::permission::PermissionRow;

/// How the page is shown.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// Whether the administrator may change the client.
    pub may_move: bool,
    /// Whether a filter is set.
    pub is_filtered: bool,
}

/// The table of contents: every section with its count of granted permissions.
#[component]
pub fn Contents<'a>(
    /// The sections.
    sections: &'a [Section],
) -> impl IntoView + use<> {
    let entry = |(index, section): (usize, &Section)| {
        let (granted, total) = section.counts();
        let href = format!("#scope-{}", section.key());
        view! {
            <li>
                <a href=href aria-current=(index == 0).then_some("true")>
                    <span>{section.title.clone()}</span>
                    <span class="count push">{format!("{granted}/{total}")}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="toc" id="contents" aria-label="Scopes">
            <ul>{sections.iter().enumerate().map(entry).collect_view()}</ul>
        </nav>
    }
}

/// A section: a scope, the permissions without a scope, or the retired ones.
#[component]
pub fn PermissionSection(
    /// The section.
    section: Section,
    /// How the page is shown.
    mode: Mode,
) -> impl IntoView {
    let key = section.key().to_owned();
    let (granted, total) = section.counts();
    let chip = section
        .chip()
        .map(|(name, class)| view! { <span class=class translate="no">{name.to_owned()}</span> });
    let note = match section.kind {
        SectionKind::Scope(_) if total == 0 => Some("This scope has no permissions of its own."),
        SectionKind::Scope(_) => None,
        SectionKind::Unscoped => Some("Needs no scope"),
        SectionKind::Retired => {
            Some("No longer in the catalogue: these open nothing and can only be removed.")
        }
    };
    let button = match section.groups.as_slice() {
        [only] if section.kind != SectionKind::Retired => group_button(only, mode),
        _ => None,
    };
    let is_hidden = mode.is_filtered && section.groups.iter().all(PermissionGroup::is_hidden);
    let is_alone = section.groups.len() == 1;
    let title = section.title.clone();
    let group = move |group: PermissionGroup| {
        let heading = format!("{} of {title}", group.title);
        view! { <GroupCard group heading is_alone mode/> }
    };
    view! {
        <section
            class="scope stack tight"
            id=format!("scope-{key}")
            aria-labelledby=format!("h-{key}")
            hidden=is_hidden
        >
            <header class="row">
                <h2 id=format!("h-{key}")>{section.title}</h2>
                {chip}
                {note.map(|note| view! { <span class="hint">{note}</span> })}
                <span class="row push">
                    <span class="count">{format!("{granted} of {total} granted")}</span>
                    {button}
                </span>
            </header>
            {section.groups.into_iter().map(group).collect_view()}
        </section>
    }
}

/// A group of permissions; without a header of its own when it is the section's only one.
#[component]
fn GroupCard(
    group: PermissionGroup,
    /// The heading, for the accessible name of its button.
    heading: String,
    is_alone: bool,
    mode: Mode,
) -> impl IntoView {
    let header = (!is_alone).then(|| {
        let (granted, total) = group.counts();
        let mut named = group.clone();
        named.title = heading;
        view! {
            <header class="row">
                <h3 id=group.id.clone()>{group.title.clone()}</h3>
                <span class="count">{format!("{granted} of {total}")}</span>
                <span class="push">{group_button(&named, mode)}</span>
            </header>
        }
    });
    let is_hidden = group.is_hidden();
    let may_move = mode.may_move;
    let rows = group
        .permissions
        .into_iter()
        .map(|permission| view! { <PermissionRow permission may_move/> })
        .collect_view();
    view! {
        <div class="card group" role="group" aria-labelledby=group.id hidden=is_hidden>
            {header}
            {rows}
        </div>
    }
}

/// The button that grants or removes what is shown of a group. What would need a question waits for `islands::switches`.
fn group_button(group: &PermissionGroup, mode: Mode) -> Option<AnyView> {
    if !mode.may_move {
        return None;
    }
    let action = group.action();
    let (heading, spoken) = (group.title.clone(), group.title.clone());
    let asks = action.needs_question();
    let label = action.label(false, mode.is_filtered);
    let value = action.form_value();
    let is_hidden = value.is_empty();
    let view = view! {
        <button
            class=if asks { "btn quiet small asks" } else { "btn quiet small" }
            type="submit"
            name="form[group]"
            hidden=is_hidden
            value=value
            disabled=asks
            data-heading=heading
        >
            <span data-label="">{label}</span>
            <span class="sr">" in " {spoken}</span>
        </button>
    };
    Some(view.into_any())
}
