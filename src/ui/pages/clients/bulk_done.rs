//! The notice on the list after an act on several clients.

use leptos::prelude::*;

use crate::domain::client::{BulkAct, BulkDone};
use crate::ui::components::notice::{Notice, Tone};

/// What was done.
#[component]
pub(super) fn DoneNotice(done: BulkDone) -> impl IntoView {
    let clients = number_of_clients(done.clients);
    let verb = if done.clients == 1 { "was" } else { "were" };
    let (what, now) = match done.act {
        BulkAct::Revoke => (
            format!("{clients} {verb} revoked."),
            " Their tokens stopped working at once.",
        ),
        BulkAct::Suspend => (
            format!("{clients} {verb} suspended."),
            " They get no tokens, and those they have do not work until they are resumed.",
        ),
        BulkAct::Resume => (
            format!("{clients} {verb} resumed."),
            " They get tokens again, unless they have expired.",
        ),
        BulkAct::Expire => {
            let verb = if done.clients == 1 { "has" } else { "have" };
            (
                format!("{clients} {verb} a new expiry."),
                " On that day their tokens stop working.",
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
