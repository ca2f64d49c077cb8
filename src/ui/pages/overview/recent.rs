//! The newest changes, a sentence each.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::audit::Topic;
use crate::domain::event::{ActorRef, Event, Target};
use crate::domain::view::RecentChange;
use crate::domain::words::en::event::{Told, told};
use crate::ui::addresses::{AUDIT, ORGANIZATIONS, Tab, client_page, participant_page};
use crate::ui::components::badges::Timestamp;
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
                <a class="link push" href=AUDIT>"Audit log"</a>
            </header>
            {contents}
        </section>
    }
}

#[component]
fn Row(change: RecentChange, now: Time) -> impl IntoView {
    let at = change.recorded.record.at;
    let event = &change.recorded.record.event;
    let icon = icon_of(event);
    let Told {
        before,
        noun,
        after,
        ..
    } = told(event);
    let actor = actor_of(&change);
    let target = target_of(&change).filter(|_| noun.is_some());
    let target = target.map(|(name, href)| match href {
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
            <div><strong><bdi>{actor}</bdi></strong> " " {before} " " {noun} {target} " " {after}</div>
            <span class="count"><Timestamp at now/></span>
        </li>
    }
}

/// The icon of an event.
fn icon_of(event: &Event) -> &'static str {
    match Topic::of_kind(event.kind()) {
        Topic::Clients => "key",
        Topic::Permissions => "sliders",
        Topic::Secrets | Topic::Tokens => "token",
        Topic::Organizations => "org",
        Topic::Participants | Topic::SignIns | Topic::Administrators => "user",
        Topic::Server => "info",
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
        Target::Directory | Target::AuditLog | Target::SetUp => None,
        Target::Unknown(text) => Some((text.clone(), None)),
    }
}
