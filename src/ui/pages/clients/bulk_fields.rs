//! What is said and asked before an act on several clients.

use leptos::prelude::*;

use crate::domain::client::{BulkAct, BulkPreview, ClientState};
use crate::domain::client_tokens::LiveCount;
use crate::domain::usage::DAYS;
use crate::ui::api::ApiRefusal;
use crate::ui::components::badges::thousands;
use crate::ui::components::field::{Field, Input, field_error};
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::Tone;
use crate::ui::pages::clients::last_use::live_tokens_stop;

/// What stops or begins to work, and how much it is used.
#[component]
pub(super) fn Costs(preview: BulkPreview) -> impl IntoView {
    let used: Vec<i64> = preview
        .able
        .iter()
        .filter(|row| row.usage.in_use(preview.now).is_some())
        .map(|row| row.usage.requests())
        .collect();
    let requests = thousands(used.iter().sum());
    let usage = match used.len() {
        0 => format!("None of them was used in the last {DAYS} days"),
        1 => "1 of them is in use".to_owned(),
        more => format!("{more} of them are in use"),
    };
    let detail =
        (!used.is_empty()).then(|| format!(": {requests} token requests in the last {DAYS} days"));
    let Effect { tone, what, more } = effect(&preview);
    view! {
        <ul class="costs" data-tone=tone.as_str()>
            <li>
                <Icon name="token"/>
                <span>
                    <strong>{what}</strong>
                    {more}
                </span>
            </li>
            <li>
                <Icon name="clock"/>
                <span>
                    <strong>{usage}</strong>
                    {detail}
                    "."
                </span>
            </li>
        </ul>
    }
}

/// What an act does to tokens, in words.
struct Effect {
    tone: Tone,
    what: String,
    more: String,
}

fn effect(preview: &BulkPreview) -> Effect {
    let at_once = live_tokens_stop(
        LiveCount::AtMost(preview.live_tokens),
        "Every token of these clients",
    );
    match preview.act {
        BulkAct::Revoke => Effect {
            tone: Tone::Danger,
            what: at_once,
            more: ", even those not yet expired. Their secrets never work again.".to_owned(),
        },
        BulkAct::Suspend => Effect {
            tone: Tone::Warn,
            what: at_once,
            more: ", until they are resumed.".to_owned(),
        },
        BulkAct::Resume => Effect {
            tone: Tone::Neutral,
            what: "These clients get tokens again".to_owned(),
            more: ", unless they have expired.".to_owned(),
        },
        BulkAct::Expire => Effect {
            tone: Tone::Warn,
            what: "At 00:00 UTC on that day every token of these clients stops working".to_owned(),
            more: match expired(preview) {
                0 => ".".to_owned(),
                1 => ". One of them has expired and gets tokens again until then.".to_owned(),
                more => format!(". {more} of them have expired and get tokens again until then."),
            },
        },
    }
}

/// How many of the clients have expired.
fn expired(preview: &BulkPreview) -> usize {
    let rows = preview.able.iter();
    rows.filter(|row| row.state == ClientState::Expired).count()
}

/// The field for the number of clients. The browser compares it to enable the button, and the server to revoke.
#[component]
pub(super) fn ConfirmField(
    count: usize,
    typed: String,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let error = field_error(refusal.as_ref(), "confirm");
    view! {
        <Field
            id="bulk-confirm"
            label=move || view! { "Type " <strong>{count}</strong> ", the number of clients, to confirm" }
            hint=|| "Their history stays in the audit log."
            error
        >
            <Input
                {..}
                name="form[confirm]"
                value=typed
                required=true
                pattern=format!(r"\s*{count}\s*")
                title=format!("The number of clients: {count}")
                inputmode="numeric"
                autocomplete="off"
            />
        </Field>
    }
}

/// The field for the day.
#[component]
pub(super) fn DayField(
    first_day: String,
    typed: String,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let error = field_error(refusal.as_ref(), "expires_on");
    view! {
        <Field
            id="bulk-day"
            label=|| "Expires on"
            hint=|| "A client that expires on this day already stays as it is."
            error
        >
            <Input
                {..}
                type="date"
                name="form[expires_on]"
                min=first_day
                value=typed
                required=true
                autocomplete="off"
            />
        </Field>
    }
}
