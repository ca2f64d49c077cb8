//! When a client was last used, and from where.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::usage::DAYS;
use crate::domain::view::SecretRow;
use crate::ui::components::badges::{Timestamp, thousands};
use crate::ui::components::icon::Icon;

/// The network of its last use, at the end of a sentence.
pub(super) fn network_of(row: &SecretRow) -> Option<String> {
    let network = row.last_used_from.as_ref();
    network.map(|network| format!(" from {network}"))
}

/// What stops at once when tokens are revoked: so many that may be live, or `every` one of somebody.
pub(super) fn live_tokens_stop(live_tokens: i64, every: &str) -> String {
    match live_tokens {
        0 => format!("{every} stops working at once"),
        1 => "At most one live token stops working at once".to_owned(),
        count => format!(
            "Up to {} live tokens stop working at once",
            thousands(count)
        ),
    }
}

/// A client's recent use, where it is about to end.
#[component]
pub(super) fn InUse(
    /// When it was last used.
    at: Time,
    /// When the page was made.
    now: Time,
    /// How many requests it made in the days that the pages show.
    requests: i64,
) -> impl IntoView {
    let noun = if requests == 1 { "request" } else { "requests" };
    let count = format!(", {} {noun} in {DAYS} days.", thousands(requests));
    view! {
        <li>
            <Icon name="clock"/>
            <span>
                <strong>"It is in use:"</strong>
                " last used "
                <Timestamp at now inside=true/>
                {count}
            </span>
        </li>
    }
}
