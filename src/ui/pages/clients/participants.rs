//! The card that says what a client may do for participants, and whom it reaches.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::catalog::Risk;
use crate::domain::permission;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{PARTICIPANTS, of_organization};
use crate::ui::components::badges::{Timestamp, counted};
use crate::ui::components::choice::HighRisk;

/// A client's switch for participants.
struct Switch {
    permission: &'static str,
    label: &'static str,
    sentence: &'static str,
}

const SWITCHES: [Switch; 2] = [
    Switch {
        permission: permission::IMPERSONATE,
        label: "Impersonation",
        sentence: "It may ask for a token that acts as one of them, without their password.",
    },
    Switch {
        permission: permission::LOGIN,
        label: "Login",
        sentence: "It may exchange the nickname or address and the password of one of them for a token.",
    },
];

/// The card; nothing for a client that may act for nobody.
#[component]
pub fn ParticipantsCard(
    /// The client.
    page: ClientPage,
    /// Whether participants can sign in with a password at this server.
    has_password_grant: bool,
) -> impl IntoView {
    let held: Vec<Switch> = SWITCHES
        .into_iter()
        .filter(|switch| page.client.holds(switch.permission))
        .collect();
    if held.is_empty() || page.client.lifecycle.is_revoked() {
        return ().into_any();
    }
    let risk = |name: &str| {
        let permission = page.catalog.permission(name);
        permission
            .map(|(_, permission)| permission.risk)
            .unwrap_or_default()
    };
    let switch = |switch: Switch| {
        let is_risky = risk(switch.permission) == Risk::High;
        let used = match switch.permission {
            permission::LOGIN => page.switch_uses.login,
            _ => page.switch_uses.impersonation,
        };
        view! {
            <li>
                <p class="row tight">
                    <strong>{switch.label}</strong>
                    <code>{switch.permission}</code>
                    {is_risky.then(|| view! { <HighRisk/> })}
                </p>
                <p>{switch.sentence}</p>
                <p class="hint"><LastToken used now=page.now/></p>
            </li>
        }
    };
    let switches = held.into_iter().map(switch).collect_view();
    let off = (!has_password_grant).then(|| {
        view! {
            <p class="hint">
                "This server has no password grant ("
                <code>"CLAVIGER_PASSWORD_GRANT"</code>
                " is off), so neither works by itself; a token exchange does."
            </p>
        }
    });
    view! {
        <section class="card" aria-labelledby="participants">
            <header class="row">
                <h2 id="participants">"Participants"</h2>
            </header>
            <div class="pad">
                <ul class="stack tight">{switches}</ul>
                <p><Reach page=page.clone()/></p>
                {off}
            </div>
        </section>
    }
    .into_any()
}

/// When the client last got a token by a switch.
#[component]
fn LastToken(used: Option<Time>, now: Time) -> impl IntoView {
    match used {
        Some(at) => {
            view! { "It last got a token this way " <Timestamp at now inside=true/> "." }.into_any()
        }
        None => "It never got a token this way.".into_any(),
    }
}

/// Whom the client reaches.
#[component]
pub fn Reach(
    /// The client.
    page: ClientPage,
) -> impl IntoView {
    let (Some(id), Some(count)) = (page.client.organization_id, page.participants) else {
        return "It belongs to no organization, so it reaches nobody.".into_any();
    };
    let noun = if (count.number, count.or_more) == (1, false) {
        "participant"
    } else {
        "participants"
    };
    let name = page.organization.unwrap_or_default();
    view! {
        "It reaches "
        <a class="link" href=of_organization(PARTICIPANTS, id)>
            {counted(count)} " " {noun}
        </a>
        " of "
        <bdi>{name}</bdi>
        "."
    }
    .into_any()
}
