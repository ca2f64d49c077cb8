//! For whom a token acts, and its times, in words.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::client_tokens::ActsAs as Acting;
use crate::domain::scope::SYSTEM;
use crate::ui::addresses::participant_page;

/// For whom a token acts.
#[component]
pub(super) fn ActsAs(
    /// For whom.
    acting: Acting,
) -> impl IntoView {
    match acting {
        Acting::Client => "Client".into_any(),
        Acting::Participant {
            id,
            nickname: Some(nickname),
            is_impersonated,
        } => view! {
            <a class="link" href=participant_page(id)>
                <bdi>{nickname}</bdi>
            </a>
            <small>{if is_impersonated { "impersonated" } else { "signed in" }}</small>
        }
        .into_any(),
        Acting::Participant { id, .. } => format!("Participant {id}").into_any(),
    }
}

/// The scopes of a token.
#[component]
pub(super) fn TokenScopes(
    /// Their names, separated by spaces.
    scope: String,
) -> impl IntoView {
    let chip = |name: &str| {
        let class = if name == SYSTEM {
            "chip system"
        } else {
            "chip"
        };
        view! { <li class=class>{name.to_owned()}</li> }
    };
    let chips = scope
        .split(' ')
        .filter(|name| !name.is_empty())
        .map(chip)
        .collect_view();
    view! {
        <ul class="chips" aria-label="Scopes">
            {chips}
        </ul>
    }
}

/// How long it is until a moment, such as "1 h 58 min".
pub(super) fn left(until: Time, now: Time) -> String {
    let minutes = (until - now).num_minutes();
    let (days, hours) = (minutes / (24 * 60), minutes / 60 % 24);
    match (days, hours, minutes % 60) {
        (0, 0, 0) => "less than 1\u{a0}min".to_owned(),
        (0, 0, minutes) => format!("{minutes}\u{a0}min"),
        (0, hours, minutes) => format!("{hours}\u{a0}h {minutes}\u{a0}min"),
        (days, hours, _) => format!("{days}\u{a0}d {hours}\u{a0}h"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_time_left_has_two_units_at_most() {
        let now = Time::UNIX_EPOCH;
        let words = |seconds| left(now + TimeDelta::seconds(seconds), now).replace('\u{a0}', " ");
        for (seconds, expected) in [
            (0, "less than 1 min"),
            (59, "less than 1 min"),
            (60, "1 min"),
            (3_600, "1 h 0 min"),
            (7_080, "1 h 58 min"),
            (90_000, "1 d 1 h"),
        ] {
            assert_eq!(words(seconds), expected);
        }
    }
}
