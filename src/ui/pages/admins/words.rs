//! A role and a state in words.

use leptos::prelude::*;

use crate::domain::admin::Admin;
use crate::domain::role::Role;
use crate::ui::components::field::Select;
use crate::ui::components::notice::Tone;

/// A role's name for people.
#[must_use]
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Manager => "Manager",
        Role::Auditor => "Auditor",
    }
}

/// What a role may do, in a few words.
fn role_sentence(role: Role) -> &'static str {
    match role {
        Role::Owner => "everything, administrators included",
        Role::Manager => "clients, organizations and participants",
        Role::Auditor => "reads everything, changes nothing",
    }
}

/// The choice of a role, in its field.
#[component]
pub(super) fn RoleSelect(
    /// The role that is chosen at first.
    chosen: Option<Role>,
) -> impl IntoView {
    let options = Role::EVERY.map(|role| {
        view! {
            <option value=role.as_str() selected=chosen == Some(role)>
                {role_name(role)} ": " {role_sentence(role)}
            </option>
        }
    });
    let none = chosen
        .is_none()
        .then(|| view! { <option value="" selected>"Choose a role"</option> });
    view! {
        <Select {..} name="form[role]" required=true autocomplete="off">
            {none}
            {options.into_iter().collect_view()}
        </Select>
    }
}

/// Whether an administrator can sign in.
#[component]
pub(super) fn StateBadge(
    /// The administrator.
    admin: Admin,
) -> impl IntoView {
    let (tone, word) = match admin.disabled_at {
        Some(_) => (Tone::Warn, "Disabled"),
        None => (Tone::Accent, "Active"),
    };
    view! { <span class="status" data-tone=tone.as_str()>{word}</span> }
}
