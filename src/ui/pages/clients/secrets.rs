//! The secrets of a client: masked with a button to reveal, or in plain text once revealed.

use leptos::prelude::*;

use super::env_file::{env_file, env_name};
use crate::domain::Time;
use crate::domain::view::{ClientPage, SecretRow, ShownSecret};
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::RevealSecret;
use crate::ui::components::badges::{Timestamp, date};
use crate::ui::components::button::{CopyWordButton, SubmitButton};
use crate::ui::components::credentials::{Credential, DOTS, MaskedSecret, RevealToggle};
use crate::ui::components::field::posts_to;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::RefusalNotice;

/// What the rows of secrets share.
struct SecretsContext {
    id: String,
    name: String,
    is_only: bool,
    may_reveal: bool,
    now: Time,
}

/// The secrets that are not revoked.
#[component]
pub fn Secrets(
    /// The client.
    page: ClientPage,
    /// The secret that is shown.
    shown: Option<ShownSecret>,
    /// Why a secret was not revealed, if this page answers that.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let none = if page.client.revoked_at.is_some() {
        "Its secrets never work again."
    } else {
        "This client has no secret."
    };
    let context = SecretsContext {
        id: page.client.id.to_string(),
        name: page.client.name.clone(),
        is_only: page.secrets.len() == 1,
        may_reveal: page.may_change && page.client.revoked_at.is_none(),
        now: page.now,
    };
    let one = |row: &SecretRow| match shown.as_ref().filter(|shown| shown.number == row.number) {
        Some(secret) => plain_secret(&context, row, secret).into_any(),
        None => hidden_secret(&context, row).into_any(),
    };
    view! {
        {refusal.map(|refusal| view! { <RefusalNotice what="The secret was not revealed" refusal/> })}
        {page.secrets.is_empty().then(|| view! { <p class="hint">{none}</p> })}
        {page.secrets.iter().map(one).collect_view()}
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
    view! {
        <Credential id=format!("c-secret-{}", row.number) label=label(context, row) value hint=dates(context, row)>
            <RevealToggle checked/>
            <CopyWordButton text what="client secret"/>
            <a class="btn" download=file_name href=file>
                <Icon name="download"/>
                "Download .env"
            </a>
        </Credential>
    }
}

/// A masked secret.
fn hidden_secret(context: &SecretsContext, row: &SecretRow) -> impl IntoView + use<> {
    let masked = format!("{DOTS}{}", row.hint.as_deref().unwrap_or_default());
    let number = row.number;
    let here = client_page(&context.id, Tab::Credentials);
    let form = (context.may_reveal && row.recoverable).then(|| {
        view! {
            <form method="post" action={posts_to::<RevealSecret>(&here)}>
                <input type="hidden" name="id" value=context.id.clone()/>
                <input type="hidden" name="number" value=number.to_string()/>
                <SubmitButton label="Reveal" pending_label="Revealing…" class=""/>
            </form>
        }
    });
    view! {
        <Credential
            id=format!("c-secret-{number}")
            label=label(context, row)
            value=move || masked.clone()
            hint=dates(context, row)
        >
            {form}
        </Credential>
    }
}

fn label(context: &SecretsContext, row: &SecretRow) -> String {
    if context.is_only {
        "Client secret".to_owned()
    } else {
        format!("Client secret {}", row.number)
    }
}

/// When it was created and last used, when it ends, and whether it can be revealed.
fn dates(context: &SecretsContext, row: &SecretRow) -> ViewFn {
    let made = if row.hint.is_some() {
        "Created"
    } else {
        "Chosen by a person, set"
    };
    let created = format!("{made} {}. ", date(row.created_at));
    let now = context.now;
    let end = row.expires_at.map(|end| {
        let word = if end <= now { "Expired" } else { "Expires" };
        format!(" {word} on {}.", date(end))
    });
    let again = if row.recoverable {
        " Each reveal leaves an entry in the audit log."
    } else {
        " It cannot be shown again."
    };
    let rest = format!(".{}{again}", end.unwrap_or_default());
    let last_used_at = row.last_used_at;
    let used = move || match last_used_at {
        Some(at) => view! { "Last used " <Timestamp at now inside=true/> }.into_any(),
        None => "Never used".into_any(),
    };
    (move || view! { {created.clone()} {used()} {rest.clone()} }).into()
}
