//! The newest changes, a sentence each.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::event::{ActorRef, Event, Target};
use crate::domain::view::RecentChange;
use crate::ui::addresses::{ORGANIZATIONS, Tab, client_page, participant_page};
use crate::ui::components::badges::{Timestamp, thousands};
use crate::ui::components::icon::Icon;

#[component]
pub(super) fn RecentChanges(
    /// The changes, the newest first.
    changes: Vec<RecentChange>,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let contents = if changes.is_empty() {
        view! { <p class="pad hint">"Nothing was changed lately."</p> }.into_any()
    } else {
        let rows = changes
            .into_iter()
            .map(|change| view! { <Row change now/> })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="recent">
            <header class="row">
                <h2 id="recent">"Recent changes"</h2>
            </header>
            {contents}
        </section>
    }
}

#[component]
fn Row(change: RecentChange, now: Time) -> impl IntoView {
    let at = change.recorded.record.at;
    let (icon, act) = act_of(&change.recorded.record.event);
    let actor = actor_of(&change);
    let target = target_of(&change).map(|(name, href)| match href {
        Some(href) => view! {
            " "
            <strong>
                <a href=href>
                    <bdi>{name}</bdi>
                </a>
            </strong>
        }
        .into_any(),
        None => view! { " " <strong><bdi>{name}</bdi></strong> }.into_any(),
    });
    view! {
        <li>
            <Icon name=icon/>
            <div><strong><bdi>{actor}</bdi></strong> " " {act} {target}</div>
            <span class="count"><Timestamp at now/></span>
        </li>
    }
}

/// An icon, and what was done, up to the name of what it was done to.
fn act_of(event: &Event) -> (&'static str, String) {
    let (icon, act) = match event {
        Event::AdminCreated { .. } => ("user", "added the administrator"),
        Event::AdminPasswordReset {} => ("user", "set a new password for"),
        Event::OrganizationCreated { .. } => ("org", "added the organization"),
        Event::OrganizationArchived { .. } => ("org", "archived the organization"),
        Event::OrganizationRestored { .. } => ("org", "restored the organization"),
        Event::OrganizationHostChanged { .. } => ("org", "changed the host of"),
        Event::ClientCreated { .. } => ("plus", "created"),
        Event::ClientUpdated { .. } => ("pencil", "changed the details of"),
        Event::ClientSuspended {} => ("ban", "suspended"),
        Event::ClientResumed {} => ("check", "resumed"),
        Event::ClientRevoked { .. } => ("ban", "revoked"),
        Event::SecretRotated { .. } => ("key", "made a new secret for"),
        Event::SecretRevealed { .. } => ("eye", "revealed a secret of"),
        Event::ParticipantCreated { .. } => ("user", "added the participant"),
        Event::ParticipantRegistered { .. } => ("user", "registered the participant"),
        Event::ParticipantChanged { .. } => ("user", "changed the participant"),
        Event::ParticipantBlocked {} => ("ban", "blocked the participant"),
        Event::ParticipantUnblocked {} => ("user", "unblocked the participant"),
        Event::ParticipantPasswordSet {} => ("user", "set a password for the participant"),
        Event::PermissionsChanged { granted, removed } => {
            return ("sliders", switched(granted, removed));
        }
        Event::DemoFilled { clients, .. } => {
            let clients = thousands(*clients);
            return (
                "plus",
                format!("filled the database with {clients} clients"),
            );
        }
        // A kind of a newer version, or one that is no change.
        _ => return ("info", format!("did {} to", event.kind())),
    };
    (icon, act.to_owned())
}

/// What was switched on and off.
fn switched(granted: &[String], removed: &[String]) -> String {
    match (granted, removed) {
        ([one], []) => format!("granted {one} to"),
        ([], [one]) => format!("removed {one} from"),
        (_, []) => format!("granted {} permissions to", granted.len()),
        ([], _) => format!("removed {} permissions from", removed.len()),
        _ => format!(
            "granted {} and removed {} permissions of",
            granted.len(),
            removed.len()
        ),
    }
}

/// Who did it.
fn actor_of(change: &RecentChange) -> String {
    match &change.recorded.record.actor {
        ActorRef::Client { id } => change.actor_name.clone().unwrap_or_else(|| id.to_string()),
        ActorRef::Shell { user } => format!("{user} on the server"),
        ActorRef::Visitor => "A visitor".to_owned(),
        actor => actor.name(),
    }
}

/// The name of what it was done to, and its page.
fn target_of(change: &RecentChange) -> Option<(String, Option<String>)> {
    let record = &change.recorded.record;
    let named = |id: &str| change.target_name.clone().unwrap_or_else(|| id.to_owned());
    match &record.target {
        Target::Client { id } => Some((
            named(id.as_str()),
            Some(client_page(id.as_str(), Tab::Credentials)),
        )),
        Target::Participant { id } => Some((named(&id.to_string()), Some(participant_page(*id)))),
        Target::Admin { email } => Some((email.clone(), None)),
        Target::Organization { id } => match &record.event {
            Event::OrganizationCreated { name, .. }
            | Event::OrganizationArchived { name, .. }
            | Event::OrganizationRestored { name, .. }
            | Event::OrganizationHostChanged { name, .. } => {
                Some((name.clone(), Some(ORGANIZATIONS.to_owned())))
            }
            _ => Some((id.to_string(), None)),
        },
        Target::Directory | Target::SetUp => None,
        Target::Unknown(text) => Some((text.clone(), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_told_in_words() {
        let names = |count: usize| vec!["blogs.write".to_owned(); count];
        for (granted, removed, words) in [
            (1, 0, "granted blogs.write to"),
            (0, 1, "removed blogs.write from"),
            (3, 0, "granted 3 permissions to"),
            (0, 2, "removed 2 permissions from"),
            (1, 2, "granted 1 and removed 2 permissions of"),
        ] {
            assert_eq!(switched(&names(granted), &names(removed)), words);
        }
    }
}
