//! The secrets of a client: masked with a button to reveal, or in plain text once revealed; and a rotation that waits.

use leptos::prelude::*;

use super::env_file::{env_file, env_name};
use super::last_use::network_of;
use super::waiting::{Waiting, WaitingRefusal};
use crate::domain::Time;
use crate::domain::rotation::{SECRETS_MAX, SecretState};
use crate::domain::view::{ClientPage, SecretRow, ShownSecret};
use crate::domain::words::en::event::author;
use crate::ui::addresses::{Tab, client_page, rotate_secret, secret_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::RevealSecret;
use crate::ui::components::badges::{Timestamp, date};
use crate::ui::components::button::{CopyWordButton, SubmitButton};
use crate::ui::components::credentials::{Credential, DOTS, MaskedSecret, RevealToggle};
use crate::ui::components::field::posts_to;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{RefusalNotice, Tone};

/// Why what this page answers was refused; at most one is there.
#[derive(Clone, Debug, Default)]
pub struct SecretRefusals {
    /// A secret was not revealed.
    pub reveal: Option<ApiRefusal>,
    /// A rotation was not cancelled.
    pub cancel: Option<ApiRefusal>,
}

/// What the rows of secrets share.
struct SecretsContext {
    id: String,
    name: String,
    is_only: bool,
    may_change: bool,
    now: Time,
}

/// The secrets that are not revoked.
#[component]
pub fn Secrets(
    /// The client.
    page: ClientPage,
    /// The secret that is shown.
    shown: Option<ShownSecret>,
    /// Why what this page answers was refused.
    refusals: SecretRefusals,
) -> impl IntoView {
    let none = if page.client.lifecycle.is_revoked() {
        "Its secrets never work again."
    } else {
        "This client has no secret."
    };
    let context = SecretsContext {
        id: page.client.id.to_string(),
        name: page.client.name.clone(),
        is_only: page.secrets.len() == 1,
        may_change: page.may_change && !page.client.lifecycle.is_revoked(),
        now: page.now,
    };
    let one = |row: &SecretRow| match shown.as_ref().filter(|shown| shown.number == row.number) {
        Some(secret) => plain_secret(&context, row, secret).into_any(),
        None => hidden_secret(&context, row).into_any(),
    };
    let rotate = context.may_change.then(|| {
        let live = page.secrets.iter();
        let live = live.filter(|row| row.state(page.now).is_live()).count();
        let work = if live == 1 { "works" } else { "work" };
        let hint = format!("{live} of at most {SECRETS_MAX} secrets {work}.");
        view! {
            <div class="row">
                <a class="btn" href=rotate_secret(&context.id)>
                    "New secret…"
                </a>
                <span class="hint">{hint}</span>
            </div>
        }
    });
    view! {
        {refusals
            .reveal
            .map(|refusal| view! { <RefusalNotice what="The secret was not revealed" refusal/> })}
        <WaitingRefusal refusal=refusals.cancel/>
        <Waiting page=page.clone()/>
        {page.secrets.is_empty().then(|| view! { <p class="hint">{none}</p> })}
        {page.secrets.iter().map(one).collect_view()}
        {rotate}
    }
}

/// The secret that is shown.
fn plain_secret(
    context: &SecretsContext,
    row: &SecretRow,
    secret: &ShownSecret,
) -> impl IntoView + use<> {
    let text = secret.text.clone();
    let file = env_file(&context.id, &text);
    let file_name = env_name(&context.name);
    // A revealed secret is shown in plain text; a new one is masked at first, against shoulder surfing.
    let checked = !secret.is_new_client;
    let value = {
        let text = text.clone();
        move || view! { <MaskedSecret text=text.clone()/> }
    };
    let (badge, manage) = (state_badge(context, row), manage(context, row));
    view! {
        <Credential
            id=format!("c-secret-{}", row.number)
            label=label(context, row)
            value
            badge
            hint=dates(context, row)
        >
            <RevealToggle checked/>
            <CopyWordButton text what="client secret"/>
            <a class="btn" download=file_name href=file>
                <Icon name="download"/>
                "Download .env"
            </a>
            {manage}
        </Credential>
    }
}

/// A masked secret.
fn hidden_secret(context: &SecretsContext, row: &SecretRow) -> impl IntoView + use<> {
    let masked = format!("{DOTS}{}", row.hint.as_deref().unwrap_or_default());
    let number = row.number;
    let here = client_page(&context.id, Tab::Credentials);
    let form = (context.may_change && row.recoverable).then(|| {
        view! {
            <form method="post" action={posts_to::<RevealSecret>(&here)}>
                <input type="hidden" name="id" value=context.id.clone()/>
                <input type="hidden" name="number" value=number.to_string()/>
                <SubmitButton label="Reveal" pending_label="Revealing…" class=""/>
            </form>
        }
    });
    let (badge, manage) = (state_badge(context, row), manage(context, row));
    view! {
        <Credential
            id=format!("c-secret-{number}")
            label=label(context, row)
            value=move || masked.clone()
            badge
            hint=dates(context, row)
        >
            {form}
            {manage}
        </Credential>
    }
}

/// The way to its label and its end.
fn manage(context: &SecretsContext, row: &SecretRow) -> Option<AnyView> {
    let href = secret_page(&context.id, row.number);
    let spoken = format!(" secret {}", row.number);
    context.may_change.then(|| {
        view! {
            <a class="btn quiet" href=href>
                "Label or end…"
                <span class="sr">{spoken}</span>
            </a>
        }
        .into_any()
    })
}

fn label(context: &SecretsContext, row: &SecretRow) -> String {
    let name = if context.is_only {
        "Client secret".to_owned()
    } else {
        format!("Client secret {}", row.number)
    };
    match &row.label {
        Some(label) => format!("{name}: {label}"),
        None => name,
    }
}

/// What is particular about its state; nothing for one that simply works.
fn state_badge(context: &SecretsContext, row: &SecretRow) -> Option<ViewFn> {
    let (tone, words) = match row.state(context.now) {
        SecretState::Active => return None,
        SecretState::Pending { .. } => (Tone::Warn, "Not used yet"),
        SecretState::Ending { .. } => (Tone::Warn, "Ending"),
        SecretState::Expired { .. } => (Tone::Neutral, "Expired"),
    };
    let badge = move || view! { <span class="badge" data-tone=tone.as_str()>{words}</span> };
    Some(badge.into())
}

/// When and by whom it was created, when and from where it was last used, when it ends, and whether it can be revealed.
fn dates(context: &SecretsContext, row: &SecretRow) -> ViewFn {
    let made = if row.hint.is_some() {
        "Created"
    } else {
        "Chosen by a person, set"
    };
    let created_at = row.created_at;
    let by = author(&row.created_by);
    let now = context.now;
    let end = match row.state(now) {
        SecretState::Ending { at } => Some(format!(" Expires on {}.", minute(at))),
        SecretState::Expired { at } => Some(format!(" Expired on {}.", minute(at))),
        SecretState::Active | SecretState::Pending { .. } => None,
    };
    let again = if row.recoverable {
        " Each reveal leaves an entry in the audit log."
    } else {
        " It cannot be shown again."
    };
    let rest = format!(".{}{again}", end.unwrap_or_default());
    let last_used_at = row.last_used_at;
    let network = network_of(row);
    let used = move || match last_used_at {
        Some(at) => {
            let network = network.clone();
            view! { "Last used " <Timestamp at now inside=true/> {network} }.into_any()
        }
        None => "Never used".into_any(),
    };
    (move || {
        view! {
            {made} " " <Timestamp at=created_at now inside=true/> " by " <bdi>{by.clone()}</bdi> ". " {used()} {rest.clone()}
        }
    })
        .into()
}

/// A moment to the minute, such as "12 Mar 2026 at 14:21 UTC".
fn minute(at: Time) -> String {
    format!("{} at {} UTC", date(at), at.format("%H:%M"))
}
