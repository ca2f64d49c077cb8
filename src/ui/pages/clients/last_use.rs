//! When a client was last used, and from where.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::client_tokens::LiveCount;
use crate::domain::usage::DAYS;
use crate::domain::view::SecretRow;
use crate::ui::components::badges::{Timestamp, thousands};
use crate::ui::components::icon::Icon;

/// The network of its last use, at the end of a sentence.
pub(super) fn network_of(row: &SecretRow) -> Option<String> {
    let network = row.last_used_from.as_ref();
    network.map(|network| format!(" from {network}"))
}

/// What stops at once when tokens are revoked. `every` names them where no live one is known: what the last seconds brought is
/// not counted yet.
pub(super) fn live_tokens_stop(live_tokens: LiveCount, every: &str) -> String {
    let (prefix, count) = match live_tokens {
        LiveCount::Exactly(0) | LiveCount::AtMost(0) => {
            return format!("{every} stops working at once");
        }
        LiveCount::Exactly(count) => ("", count),
        LiveCount::AtMost(count) => ("Up to ", count),
    };
    let (noun, verb) = match count {
        1 => ("token", "stops"),
        _ => ("tokens", "stop"),
    };
    let count = thousands(count);
    format!("{prefix}{count} live {noun} {verb} working at once")
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
