//! Why requests of a client were refused.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::client_tokens::RefusalRow;
use crate::domain::words::en::tokens::refused;
use crate::ui::components::badges::{Timestamp, date, thousands};
use crate::ui::components::icon::Icon;

/// The card with the last refusals.
#[component]
pub(super) fn RefusedCard(
    /// The refusals, the newest first.
    rows: Vec<RefusalRow>,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let contents = if rows.is_empty() {
        view! {
            <div class="pad">
                <p class="hint">"No request of this client was refused lately."</p>
            </div>
        }
        .into_any()
    } else {
        let rows = rows.into_iter().map(|row| view! { <Refusal row now/> });
        view! { <ul class="list">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="refused">
            <header class="row">
                <h2 id="refused">"Refused requests"</h2>
                <span class="hint push">"Programs get a shorter answer than this."</span>
            </header>
            {contents}
        </section>
    }
}

/// Equal refusals.
#[component]
fn Refusal(row: RefusalRow, now: Time) -> impl IntoView {
    let sentence = refused(&row);
    let refusal = row.refusal;
    let icon = if refusal.reason.is_proven() {
        "ban"
    } else {
        "warn"
    };
    let times = match refusal.count {
        1 => "Once".to_owned(),
        count => format!(
            "{} times since {}",
            thousands(count),
            date(refusal.first_at)
        ),
    };
    let from = match refusal.network.as_str() {
        "unknown" => "an unknown network",
        network => network,
    };
    let origin = format!("{times}, from {from}.");
    view! {
        <li>
            <Icon name=icon/>
            <div>
                <p>{sentence}</p>
                <p class="hint">{origin}</p>
            </div>
            <Timestamp at=refusal.last_at now/>
        </li>
    }
}
