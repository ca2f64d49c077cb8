//! The page of a participant, also below its dialogs.

use leptos::prelude::*;

use super::done::{DoneNotice, ParticipantChange};
use super::fields::Crumbs;
use super::forms::{Forms, Refusals};
use super::shown::Shown;
use super::state::{ShownState, StateBadge};
use crate::domain::Time;
use crate::ui::addresses::{PARTICIPANTS, block_participant, of_organization};
use crate::ui::components::badges::Timestamp;
use crate::ui::components::frame::fact;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{Notice, Tone};

/// The page.
#[component]
pub(super) fn Contents(
    /// The participant.
    shown: Shown,
    /// What was just done.
    change: Option<ParticipantChange>,
    /// Why forms of the page were refused.
    refusals: Refusals,
) -> impl IntoView {
    let forms = shown
        .is_open()
        .then(|| view! { <Forms shown=shown.clone() refusals/> });
    let extra = shown.participant.extra.clone();
    let extra = (!extra.members().is_empty()).then(|| {
        let text = serde_json::to_string_pretty(extra.members()).unwrap_or_default();
        view! { <ExtraCard text/> }
    });
    view! {
        <Head shown change/>
        <div class="body narrow">
            {forms}
            {extra}
        </div>
    }
}

/// The header: who it is, the facts, and notices.
#[component]
fn Head(shown: Shown, change: Option<ParticipantChange>) -> impl IntoView {
    let participant = shown.participant.clone();
    let state = ShownState::from(&participant);
    let id = participant.id;
    let block = (shown.is_open() && participant.blocked_at.is_none()).then(|| {
        view! {
            <div class="row push">
                <a class="btn warns" href=block_participant(id)>
                    <Icon name="ban"/>
                    "Block…"
                </a>
            </div>
        }
    });
    let name = participant.name.clone();
    let done = change.map(|change| view! { <DoneNotice change name=name.clone()/> });
    let read_only = if shown.organization.archived_at.is_some() {
        Some("Their organization is archived: nobody can act for them, and they cannot be changed.")
    } else if shown.may_change {
        None
    } else {
        Some("Your account may read this but not change it.")
    };
    view! {
        <header class="page-head">
            <Crumbs organization=participant.organization_id>
                <bdi>{participant.nickname.to_string()}</bdi>
            </Crumbs>
            <div class="row title">
                <h1>
                    <bdi>{name.clone()}</bdi>
                </h1>
                <StateBadge state/>
                {block}
            </div>
            <Facts shown/>
            {done}
            {read_only.map(|sentence| view! { <Notice tone=Tone::Neutral icon="lock">{sentence}</Notice> })}
        </header>
    }
}

/// The facts about a participant.
#[component]
fn Facts(shown: Shown) -> impl IntoView {
    let Shown {
        participant,
        organization,
        now,
        ..
    } = shown;
    let at = move |at: Option<Time>, never: &'static str| match at {
        Some(at) => view! { <Timestamp at now/> }.into_any(),
        None => never.into_any(),
    };
    let organization = view! {
        <a class="link" href=of_organization(PARTICIPANTS, organization.id)>
            <bdi>{organization.name}</bdi>
        </a>
    };
    let blocked = participant
        .blocked_at
        .map(|since| fact("Blocked", at(Some(since), "")));
    let nickname = participant.nickname.to_string();
    let email = participant.email.to_string();
    view! {
        <dl class="facts">
            {fact("ID", view! { <code>{participant.id.0}</code> }.into_any())}
            {fact("Organization", organization.into_any())}
            {fact("Nickname", view! { <bdi>{nickname}</bdi> }.into_any())}
            {fact("Email", view! { <bdi>{email}</bdi> }.into_any())}
            {fact("Address confirmed", at(participant.confirmed_at, "No"))}
            {fact("Terms accepted", at(participant.accepted_terms_at, "Not recorded"))}
            {fact("Created", at(Some(participant.created_at), ""))}
            {fact("Changed", at(Some(participant.updated_at), ""))}
            {blocked}
        </dl>
    }
}

/// What clients keep about the participant.
#[component]
fn ExtraCard(text: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="extra">
            <header class="row">
                <h2 id="extra">"Extra"</h2>
                <span class="hint">"What clients keep about them, as JSON"</span>
            </header>
            <div class="pad">
                <pre class="value" tabindex="0" role="region" aria-labelledby="extra" translate="no">
                    {text}
                </pre>
            </div>
        </section>
    }
}
