//! The numbers at the top of the overview.

use leptos::prelude::*;

use crate::domain::client::StatusCounts;
use crate::domain::usage::Counts;
use crate::ui::components::badges::{counted, thousands};

#[component]
pub(super) fn Numbers(
    /// Clients by status.
    clients: StatusCounts,
    /// The requests of today.
    today: Counts,
    /// Those of yesterday up to the same time.
    yesterday: Counts,
    /// How many tokens may be live.
    live_tokens: i64,
) -> impl IntoView {
    view! {
        <dl class="card stats">
            <div>
                <dt>"Active clients"</dt>
                <dd>
                    {counted(clients.active)} " "
                    <small class="count">{of_all(clients)}</small>
                </dd>
            </div>
            <div>
                <dt>"Live tokens"</dt>
                <dd>
                    {thousands(live_tokens)} " "
                    <small class="count">{at_most(live_tokens)}</small>
                </dd>
            </div>
            <div>
                <dt>"Tokens issued today"</dt>
                <dd>
                    {thousands(today.issued)} " "
                    <small class="count">{compared(today.issued, yesterday.issued)}</small>
                </dd>
            </div>
            <div>
                <dt>"Introspected today"</dt>
                <dd>
                    {thousands(today.introspected)} " "
                    <small class="count">
                        {compared(today.introspected, yesterday.introspected)}
                    </small>
                </dd>
            </div>
            <div>
                <dt>"Refused today"</dt>
                <dd>
                    {thousands(today.refused)} " "
                    <small class="count">{share(today.refused, today.requests())}</small>
                </dd>
            </div>
        </dl>
    }
}

/// Of how many clients; beyond the bound of counts nobody knows.
fn of_all(clients: StatusCounts) -> String {
    if clients.active.or_more {
        return "not counted further".to_owned();
    }
    format!("of {}", counted(clients.all))
}

/// That live tokens are counted by the hour of their end.
fn at_most(live_tokens: i64) -> &'static str {
    if live_tokens == 0 {
        "none that has not expired"
    } else {
        "at most, by the hour"
    }
}

/// A number of today beside the one of yesterday up to the same time.
fn compared(today: i64, yesterday: i64) -> String {
    let change = 100 * (today - yesterday);
    match (today, yesterday) {
        (0, 0) => "none yesterday either".to_owned(),
        (_, 0) => "none by this time yesterday".to_owned(),
        _ if change.abs() < yesterday => "as many as yesterday by now".to_owned(),
        _ if change < 0 => format!("{}% fewer than yesterday by now", -change / yesterday),
        _ if change >= 900 * yesterday => {
            let times = thousands(today / yesterday);
            format!("{times} times yesterday by now")
        }
        _ => format!("{}% more than yesterday by now", change / yesterday),
    }
}

/// What part of a number another one is, such as "1.2% of requests".
fn share(part: i64, all: i64) -> String {
    match (part, all) {
        (_, 0) => "no requests yet".to_owned(),
        (0, _) => format!("of {} requests", thousands(all)),
        _ => {
            let tenths = 1_000 * part / all;
            match (tenths / 10, tenths % 10) {
                (0, 0) => "less than 0.1% of requests".to_owned(),
                (whole, tenth) if whole < 10 && tenth > 0 => {
                    format!("{whole}.{tenth}% of requests")
                }
                (whole, _) => format!("{whole}% of requests"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_compared_in_words() {
        for (today, yesterday, words) in [
            (0, 0, "none yesterday either"),
            (5, 0, "none by this time yesterday"),
            (7_368, 7_085, "3% more than yesterday by now"),
            (1_000, 999, "as many as yesterday by now"),
            (50, 100, "50% fewer than yesterday by now"),
            (0, 100, "100% fewer than yesterday by now"),
            (200, 100, "100% more than yesterday by now"),
            (1_234_000, 1_000, "1,234 times yesterday by now"),
        ] {
            assert_eq!(compared(today, yesterday), words, "{today} {yesterday}");
        }
    }

    #[test]
    fn a_share_is_rounded_down() {
        for (part, all, words) in [
            (0, 0, "no requests yet"),
            (0, 1_200, "of 1,200 requests"),
            (88, 7_456, "1.1% of requests"),
            (1, 100_000, "less than 0.1% of requests"),
            (43, 100, "43% of requests"),
            (434, 1_000, "43% of requests"),
            (5, 5, "100% of requests"),
        ] {
            assert_eq!(share(part, all), words, "{part} {all}");
        }
    }
}
