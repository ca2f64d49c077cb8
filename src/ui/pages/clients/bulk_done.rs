//! The notice on the list after an act on several clients.

use leptos::prelude::*;

use crate::domain::client::{BulkAct, BulkDone};
use crate::ui::components::notice::{Notice, Tone};

/// What was done.
#[component]
pub(super) fn DoneNotice(done: BulkDone) -> impl IntoView {
    let clients = number_of_clients(done.clients);
    let verb = if done.clients == 1 { "was" } else { "were" };
    let is_one = done.clients == 1;
    let (what, now) = match done.act {
        BulkAct::Revoke => (
            format!("{clients} {verb} revoked."),
            if is_one { " Its" } else { " Their" }.to_owned() + " tokens stopped working at once.",
        ),
        BulkAct::Suspend => (
            format!("{clients} {verb} suspended."),
            if is_one {
                " It gets no tokens, and those it has do not work until it is resumed."
            } else {
                " They get no tokens, and those they have do not work until they are resumed."
            }
            .to_owned(),
        ),
        BulkAct::Resume => (
            format!("{clients} {verb} resumed."),
            if is_one {
                " It gets tokens again, unless it has expired."
            } else {
                " They get tokens again, unless they have expired."
            }
            .to_owned(),
        ),
        BulkAct::Expire => {
            let verb = if is_one { "has" } else { "have" };
            let tokens = if is_one { "its" } else { "their" };
            (
                format!("{clients} {verb} a new expiry."),
                format!(" On that day {tokens} tokens stop working."),
            )
        }
    };
    view! {
        <Notice tone=Tone::Accent icon="check">
            <strong>{what}</strong>
            {now}
        </Notice>
    }
}

/// "1 client", or "3 clients".
pub(super) fn number_of_clients(number: usize) -> String {
    let noun = if number == 1 { "client" } else { "clients" };
    format!("{number} {noun}")
}
