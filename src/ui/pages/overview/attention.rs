//! What needs attention: a sentence for each client, with a way to act.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::count::Count;
use crate::domain::view::{Concern, ConcernReason, UNUSED_DAYS};
use crate::ui::addresses::{EXPIRING_CLIENTS, Tab, client_page, revoke_client};
use crate::ui::components::badges::{Timestamp, counted, thousands};
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::Tone;

#[component]
pub(super) fn Attention(
    /// The clients, the most urgent first.
    concerns: Vec<Concern>,
    /// How many clients expire soon; the list of clients shows them all.
    expiring: Count,
    may_change: bool,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let number = concerns.len();
    let is_expiring = |concern: &&Concern| matches!(concern.reason, ConcernReason::Expires { .. });
    let named = concerns.iter().filter(is_expiring).count();
    let more = i64::try_from(named).is_ok_and(|named| expiring.number > named);
    let more = more.then(|| {
        let words = format!("All {} that expire within 30 days", counted(expiring));
        view! {
            <p class="foot">
                <a class="link" href=EXPIRING_CLIENTS>
                    {words}
                </a>
            </p>
        }
    });
    let rows = concerns
        .into_iter()
        .map(|concern| view! { <Row concern may_change now/> })
        .collect_view();
    let contents = if number == 0 {
        view! { <p class="pad hint">"Nothing needs attention."</p> }.into_any()
    } else {
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="attention">
            <header class="row">
                <h2 id="attention">"Needs attention"</h2>
                <span class="count">{(number > 0).then_some(number)}</span>
            </header>
            {contents}
            {more}
        </section>
    }
}

#[component]
fn Row(concern: Concern, may_change: bool, now: Time) -> impl IntoView {
    let Concern { id, name, reason } = concern;
    let here = client_page(id.as_str(), Tab::Credentials);
    let (tone, icon) = match reason {
        _ if reason.urgency(now).0 < 2 => (Tone::Danger, "warn"),
        ConcernReason::Expires { .. } | ConcernReason::OldSecretInUse { .. } => {
            (Tone::Warn, "clock")
        }
        _ if reason.urgency(now).0 < 4 => (Tone::Warn, "lock"),
        _ => (Tone::Neutral, "info"),
    };
    let ends_unused = matches!(
        reason,
        ConcernReason::NeverUsed { .. } | ConcernReason::Unused { .. }
    );
    let (href, act) = if ends_unused && may_change {
        (revoke_client(id.as_str(), Tab::Credentials), "Revoke…")
    } else if matches!(reason, ConcernReason::Unexercised { .. }) {
        (client_page(id.as_str(), Tab::Permissions), "Review")
    } else {
        (here.clone(), "Review")
    };
    view! {
        <li data-tone=tone.as_str()>
            <Icon name=icon/>
            <div>
                <strong>
                    <a href=here>
                        <bdi>{name.clone()}</bdi>
                    </a>
                </strong>
                " "
                <Reason reason now/>
            </div>
            <a class="btn small" href=href>
                {act}
                <span class="sr">" " {name}</span>
            </a>
        </li>
    }
}

/// The sentence, after the client's name.
#[component]
fn Reason(reason: ConcernReason, now: Time) -> impl IntoView {
    match reason {
        ConcernReason::Refused {
            refused,
            requests,
            today,
        } => {
            let day = if today { "today" } else { "yesterday" };
            let share = 100 * refused / requests.max(1);
            let times = thousands(refused);
            format!("was refused {times} times {day}, {share}% of its requests.").into_any()
        }
        ConcernReason::OldSecretInUse { ends_at, used_at } => {
            let ends = in_future(ends_at, now);
            view! {
                "still uses an old secret, which ends "
                {ends}
                ". It was last used "
                <Timestamp at=used_at now inside=true/>
                "."
            }
            .into_any()
        }
        ConcernReason::Expires { at, last_used_at } => {
            let used = match last_used_at {
                Some(at) => {
                    view! { "It was last used " <Timestamp at now inside=true/> "." }.into_any()
                }
                None => "It was never used.".into_any(),
            };
            view! { "expires " {in_future(at, now)} ". " {used} }.into_any()
        }
        ConcernReason::NeverUsed { since, high_risk } => view! {
            "was made "
            <Timestamp at=since now inside=true/>
            " and never used."
            {high_risk_words(high_risk)}
        }
        .into_any(),
        ConcernReason::Unused { since, high_risk } => view! {
            "was last used "
            <Timestamp at=since now inside=true/>
            "."
            {high_risk_words(high_risk)}
        }
        .into_any(),
        ConcernReason::Unexercised { permissions } => {
            let words = match permissions {
                1 => "holds a permission that it has".to_owned(),
                more => format!("holds {} permissions that it has", thousands(more)),
            };
            format!("{words} not exercised for {UNUSED_DAYS} days.").into_any()
        }
    }
}

/// When something ends, such as "in 9 days".
fn in_future(at: Time, now: Time) -> String {
    match ((at - now).num_hours(), (at - now).num_days()) {
        (0, _) => "within the hour".to_owned(),
        (1, _) => "in 1 hour".to_owned(),
        (hours, 0) => format!("in {hours} hours"),
        (_, 1) => "in 1 day".to_owned(),
        (_, days) => format!("in {days} days"),
    }
}

fn high_risk_words(high_risk: usize) -> Option<String> {
    match high_risk {
        0 => None,
        1 => Some(" It holds a permission with a high risk.".to_owned()),
        more => Some(format!(" It holds {more} permissions with a high risk.")),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn an_end_is_told_in_hours_and_then_in_days() {
        let now: Time = "2026-11-23T12:00:00Z".parse().unwrap();
        for (hours, words) in [
            (0, "within the hour"),
            (1, "in 1 hour"),
            (23, "in 23 hours"),
            (47, "in 1 day"),
            (48, "in 2 days"),
        ] {
            assert_eq!(in_future(now + TimeDelta::hours(hours), now), words);
        }
    }
}
