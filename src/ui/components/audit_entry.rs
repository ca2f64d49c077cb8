//! The parts of an entry of the audit log, wherever it is shown: who acted, what was done to what, what was before and
//! after, when, and from where.

use chrono::{Datelike, SecondsFormat, TimeDelta};
use leptos::prelude::*;

use super::badges::exact_moment;
use super::notice::Tone;
use crate::domain::Time;
use crate::domain::audit::{EntryNames, Topic};
use crate::domain::event::{ActorRef, Record, Target};
use crate::domain::words::en::event::{self, Detail};
use crate::ui::addresses::{Tab, client_page, organization_page, participant_page};
use crate::ui::locale::Locale;

/// How many details are shown; the rest can be opened.
const SHOWN: usize = 8;

/// Who acted; a client is a link.
#[component]
pub fn ActorName(
    /// The actor.
    actor: ActorRef,
    /// The name of a client.
    name: Option<String>,
) -> impl IntoView {
    let words = event::actor(&actor, name.as_deref());
    match actor {
        ActorRef::Client { id } => view! {
            <a class="link" href=client_page(id.as_str(), Tab::Activity)>
                <bdi>{words}</bdi>
            </a>
        }
        .into_any(),
        _ => view! { <bdi>{words}</bdi> }.into_any(),
    }
}

/// What it was done to, as a link where there is a page.
#[component]
pub fn TargetName(
    /// The target.
    target: Target,
    /// Its name, where it has one.
    name: Option<String>,
) -> impl IntoView {
    let words = event::target(&target, name.as_deref());
    let href = match target {
        Target::Client { id } => Some(client_page(id.as_str(), Tab::Activity)),
        Target::Organization { id } => Some(organization_page(id)),
        Target::Participant { id } => Some(participant_page(id)),
        Target::Admin { .. }
        | Target::Directory
        | Target::AuditLog
        | Target::SetUp
        | Target::Unknown(_) => None,
    };
    match href {
        Some(href) => view! {
            <a class="link" href=href>
                <bdi>{words}</bdi>
            </a>
        }
        .into_any(),
        None => view! { <bdi>{words}</bdi> }.into_any(),
    }
}

/// An entry as a sentence with links: actor, act and target. Where the page is about the target, `here` is said in place of
/// its name, such as "this client".
#[component]
pub fn EntrySentence(
    /// The record.
    record: Record,
    /// The names.
    names: EntryNames,
    /// What the page is about, and how it is called there.
    here: Option<Here>,
) -> impl IntoView {
    let sentence = event::sentence_of(&record.event);
    let target = sentence.noun.map(|noun| match here {
        Some(here) if here.target == record.target => here.words.into_any(),
        _ => {
            let noun = (!noun.is_empty()).then(|| format!("{noun} "));
            view! {
                {noun}
                <TargetName target=record.target name=names.target/>
            }
            .into_any()
        }
    });
    let after = Some(sentence.after).filter(|after| !after.is_empty());
    view! {
        <p>
            <strong><ActorName actor=record.actor name=names.actor/></strong>
            " "
            {sentence.before}
            {target.map(|target| view! { " " {target} })}
            {after.map(|after| format!(" {after}"))}
        </p>
    }
}

/// What a page is about.
#[derive(Clone, Debug)]
pub struct Here {
    /// The target of its entries.
    pub target: Target,
    /// How it is called, such as "this client".
    pub words: &'static str,
}

/// What was before and after, and other facts; the first ones, and the rest to be opened.
#[component]
pub fn EntryDetails(
    /// The details.
    details: Vec<Detail>,
) -> impl IntoView {
    let mut details = details;
    // One more is no longer than the line that says so.
    let rest = if details.len() > SHOWN + 1 {
        details.split_off(SHOWN)
    } else {
        Vec::new()
    };
    let list = |details: Vec<Detail>| {
        (!details.is_empty()).then(|| {
            view! { <ul class="chips changes">{details.into_iter().map(detail).collect_view()}</ul> }
        })
    };
    let more = (!rest.is_empty()).then(|| {
        view! {
            <details class="changes">
                <summary>{rest.len()} " more"</summary>
                {list(rest)}
            </details>
        }
    });
    view! {
        {list(details)}
        {more}
    }
}

fn detail(detail: Detail) -> AnyView {
    match detail {
        Detail::Added(text) => view! { <li>{added(text)}</li> }.into_any(),
        Detail::Removed(text) => view! { <li>{removed(text)}</li> }.into_any(),
        Detail::Changed {
            name,
            before,
            after,
        } => view! {
            <li>
                <span class="hint">{name}</span>
                " "
                {before.map(removed)}
                " "
                {after.map(added)}
            </li>
        }
        .into_any(),
        Detail::Fact { name, value } => view! {
            <li>
                <span class="hint">{name}</span>
                " "
                <bdi>{value}</bdi>
            </li>
        }
        .into_any(),
    }
}

fn added(text: String) -> AnyView {
    view! { <ins class="chip" data-tone="accent"><bdi>{text}</bdi></ins> }.into_any()
}

fn removed(text: String) -> AnyView {
    view! { <del class="chip" data-tone="danger"><bdi>{text}</bdi></del> }.into_any()
}

/// The time of an entry, under the heading of its day.
#[component]
pub fn EntryTime(
    /// The moment.
    at: Time,
) -> impl IntoView {
    let moment = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let exact = exact_moment(at);
    view! {
        <time datetime=moment title=exact data-exact="">
            {at.format("%H:%M:%S").to_string()}
        </time>
    }
}

/// The day of an entry, such as "Sunday 22 November".
#[must_use]
pub fn day_in_words(at: Time, now: Time) -> String {
    let (day, today) = (at.date_naive(), now.date_naive());
    if day == today {
        "Today".to_owned()
    } else if day == today - TimeDelta::days(1) {
        "Yesterday".to_owned()
    } else if day.year() == today.year() {
        format!(
            "{} {}",
            day.format("%A"),
            Locale::current().long_day_and_month(at.into())
        )
    } else {
        format!(
            "{} {}",
            day.format("%A"),
            Locale::current().long_date(at.into())
        )
    }
}

/// The tone of a kind: colour means access. What closes is red, what needs a second look is brass.
#[must_use]
pub fn tone(kind: &str) -> Tone {
    match kind {
        "client.revoked"
        | "organization.archived"
        | "participant.blocked"
        | "token.revoked"
        | "tokens.revoked"
        | "tokens.revoked_all"
        | "secret.ended"
        | "admin.disabled" => Tone::Danger,
        "client.suspended"
        | "admin.sign_in_failed"
        | "secret.revealed"
        | "audit.exported"
        | "clients.exported" => Tone::Warn,
        _ => match Topic::of_kind(kind) {
            Topic::SignIns | Topic::Server => Tone::Neutral,
            _ => Tone::Accent,
        },
    }
}

/// The icon of a kind.
#[must_use]
pub fn icon(kind: &str) -> &'static str {
    match (Topic::of_kind(kind), tone(kind)) {
        (_, Tone::Danger) => "ban",
        (Topic::Clients | Topic::Secrets, _) => "key",
        (Topic::Permissions, _) => "sliders",
        (Topic::Tokens, _) => "token",
        (Topic::Organizations, _) => "org",
        (Topic::Participants | Topic::Administrators | Topic::SignIns, _) => "user",
        (Topic::Server, _) => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let now = at("2026-11-23T00:30:00Z");
        for (moment, words) in [
            ("2026-11-23T00:00:00Z", "Today"),
            ("2026-11-22T23:59:59Z", "Yesterday"),
            ("2026-11-20T10:00:00Z", "Friday 20 November"),
            ("2025-11-20T10:00:00Z", "Thursday 20 November 2025"),
            ("2027-01-01T00:00:00Z", "Friday 1 January 2027"),
        ] {
            assert_eq!(day_in_words(at(moment), now), words);
        }
    }
}
