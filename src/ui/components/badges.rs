//! Inline values: a client's status, its scopes, times, numbers.

use chrono::SecondsFormat;
use leptos::prelude::*;

use super::notice::Tone;
use crate::domain::Time;
use crate::domain::client::ClientState;
use crate::domain::scope::{self, ScopeName, Scopes};
use crate::ui::locale::{Day, Locale};
pub use crate::ui::numbers::{counted, duration, thousands};

/// A client's status, as a shape and a word.
#[component]
pub fn StatusBadge(
    /// The status.
    state: ClientState,
) -> impl IntoView {
    view! { <span class="status" data-tone=status_tone(state).as_str()>{status_word(state)}</span> }
}

/// The tone of a status.
#[must_use]
pub fn status_tone(state: ClientState) -> Tone {
    match state {
        ClientState::Active => Tone::Accent,
        ClientState::Expiring { .. } | ClientState::Suspended => Tone::Warn,
        ClientState::Expired => Tone::Neutral,
        ClientState::Revoked => Tone::Danger,
    }
}

/// The word for a status.
#[must_use]
pub fn status_word(state: ClientState) -> String {
    match state {
        ClientState::Active => "Active".to_owned(),
        ClientState::Expiring { days: 0 } => "Less than a day left".to_owned(),
        ClientState::Expiring { days: 1 } => "1 day left".to_owned(),
        ClientState::Expiring { days } => format!("{days} days left"),
        ClientState::Expired => "Expired".to_owned(),
        ClientState::Suspended => "Suspended".to_owned(),
        ClientState::Revoked => "Revoked".to_owned(),
    }
}

/// The scopes of a client; those beyond the limit are shown as a number, and named for screen readers.
#[component]
pub fn ScopeChips(
    /// The scopes.
    scopes: Scopes,
    /// The limit.
    #[prop(optional)]
    limit: Option<usize>,
) -> impl IntoView {
    let cut = limit.unwrap_or(scopes.len()).min(scopes.len());
    let rest: Vec<String> = scopes[cut..].iter().map(ToString::to_string).collect();
    let more = (!rest.is_empty()).then(|| {
        let names = rest.join(", ");
        let title = names.clone();
        view! {
            <li class="chip more" title=title>
                {format!("+{}", rest.len())}
                <span class="sr">" more: " {names}</span>
            </li>
        }
    });
    let chips = scopes[..cut]
        .iter()
        .cloned()
        .map(|scope| view! { <ScopeChip scope/> })
        .collect_view();
    view! {
        <ul class="chips" aria-label="Scopes">
            {chips}
            {more}
        </ul>
    }
}

/// One scope.
#[component]
fn ScopeChip(scope: ScopeName) -> impl IntoView {
    let class = if scope.as_str() == scope::SYSTEM {
        "chip system"
    } else {
        "chip"
    };
    view! { <li class=class>{scope.to_string()}</li> }
}

/// A number that is not known exactly, in words.
pub fn up_to(most: i64) -> String {
    match most {
        0 => "0".to_owned(),
        _ => format!("up to {}", thousands(most)),
    }
}

/// A time: relative up to a week, then a date. The exact one is in `datetime` and `title`. In the browser
/// `islands::times` keeps the words true.
#[component]
pub fn Timestamp(
    /// The time.
    at: Time,
    /// When the page was rendered.
    now: Time,
    /// Whether it is inside a sentence.
    #[prop(optional)]
    inside: bool,
) -> impl IntoView {
    let When {
        moment,
        exact,
        words,
    } = when(at, now, inside);
    view! {
        <time datetime=moment title=exact data-inside=inside.then_some("")>
            {words}
        </time>
    }
}

/// A time in the forms that a page has of it. None has a character that markup would have to escape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// In RFC 3339.
    pub moment: String,
    /// The exact one, for people.
    pub exact: String,
    /// Relative up to a week, then a date.
    pub words: String,
}

/// A time as it is shown at a moment.
#[must_use]
pub fn when(at: Time, now: Time, inside: bool) -> When {
    let moment = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    When {
        words: moment_in_words(&moment, at.timestamp(), now.timestamp(), inside),
        exact: exact_moment(at),
        moment,
    }
}

/// A moment to the second, such as "12 March 2026, 14:21:00 UTC".
#[must_use]
pub fn exact_moment(at: Time) -> String {
    let day = Locale::current().long_date(at.into());
    format!("{day}, {} UTC", at.format("%H:%M:%S"))
}

/// A moment to the minute, such as "12 Mar 2026, 14:21 UTC".
#[must_use]
pub fn minute(at: Time) -> String {
    format!("{}, {} UTC", date(at), at.format("%H:%M"))
}

/// The time of the last use.
#[component]
pub fn LastUsed(
    /// The time, if it was ever used.
    at: Option<Time>,
    /// When the page was rendered.
    now: Time,
) -> impl IntoView {
    match at {
        Some(at) => view! { <Timestamp at now/> }.into_any(),
        None => "Never".into_any(),
    }
}

/// When it was last used, in words that need no column header, such as "Used 5 min ago".
#[component]
pub fn UsedOrNever(
    /// The time, if it was ever used.
    at: Option<Time>,
    /// When the page was rendered.
    now: Time,
) -> impl IntoView {
    match at {
        Some(at) => view! { "Used " <Timestamp at now inside=true/> }.into_any(),
        None => "Never used".into_any(),
    }
}

/// A date, such as "12 Mar 2026".
#[must_use]
pub fn date(at: Time) -> String {
    Locale::current().date(at.into())
}

/// A date of the last days, such as "12 Mar".
#[must_use]
pub fn day_and_month(at: Time) -> String {
    Locale::current().day_and_month(at.into())
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A time in words, the same on the server and in the browser, which has no calendar of ours. `moment` is RFC 3339 in UTC;
/// `at` is the same moment and `now` the present, in seconds since 1970. Inside a sentence no word has a capital.
#[must_use]
pub fn moment_in_words(moment: &str, at: i64, now: i64, inside: bool) -> String {
    let ago = now - at;
    if !(0..7 * DAY).contains(&ago) {
        return day_of(moment).unwrap_or_else(|| moment.to_owned());
    }
    let days = now.div_euclid(DAY) - at.div_euclid(DAY);
    match (ago / 60, ago / HOUR) {
        (0, _) if inside => "just now".to_owned(),
        (0, _) => "Just now".to_owned(),
        (minutes, 0) => format!("{minutes} min ago"),
        (_, hours @ 1..24) => format!("{hours} h ago"),
        _ if days == 1 && inside => "yesterday".to_owned(),
        _ if days == 1 => "Yesterday".to_owned(),
        _ => format!("{days} days ago"),
    }
}

/// The day of a moment in RFC 3339, as [`date`] writes it.
fn day_of(moment: &str) -> Option<String> {
    Some(Locale::current().date(Day::of(moment)?))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn at(text: &str) -> Time {
        DateTime::parse_from_rfc3339(text).unwrap().into()
    }

    #[test]
    fn numbers_and_moments_follow_the_reader() {
        let moment = "2026-03-12T14:21:05Z";
        let now = at("2026-11-23T12:00:00Z");
        let written = Locale::American.during(|| {
            let when = when(at(moment), now, false);
            (
                when.words,
                when.exact,
                minute(at(moment)),
                thousands(12_345),
            )
        });
        let expected = (
            "Mar 12, 2026",
            "March 12, 2026, 14:21:05 UTC",
            "Mar 12, 2026, 14:21 UTC",
            "12,345",
        );
        assert_eq!(
            (&*written.0, &*written.1, &*written.2, &*written.3),
            expected
        );
        assert_eq!(Locale::Swiss.during(|| thousands(-12_345)), "−12’345");
    }

    #[test]
    fn moments_are_relative_up_to_a_week() {
        let now = at("2026-11-23T12:00:00Z").timestamp();
        let cases = [
            ("2026-11-23T11:59:30Z", "Just now"),
            ("2026-11-23T11:48:00Z", "12 min ago"),
            ("2026-11-23T11:00:01Z", "59 min ago"),
            ("2026-11-23T11:00:00Z", "1 h ago"),
            ("2026-11-23T06:00:00Z", "6 h ago"),
            ("2026-11-22T12:00:01Z", "23 h ago"),
            ("2026-11-22T09:00:00Z", "Yesterday"),
            ("2026-11-19T09:00:00Z", "4 days ago"),
            ("2026-11-16T12:00:01Z", "7 days ago"),
            ("2026-11-16T12:00:00Z", "16 Nov 2026"),
            ("2026-11-23T12:00:01Z", "23 Nov 2026"),
            ("2026-03-12T14:21:00Z", "12 Mar 2026"),
            ("2027-06-01T00:00:00Z", "1 Jun 2027"),
        ];
        for (moment, words) in cases {
            let seconds = at(moment).timestamp();
            assert_eq!(moment_in_words(moment, seconds, now, false), words);
            let inside = moment_in_words(moment, seconds, now, true);
            let is_word = ["Just now", "Yesterday"].contains(&words);
            let expected = if is_word {
                words.to_lowercase()
            } else {
                words.to_owned()
            };
            assert_eq!(inside, expected);
        }
    }

    #[test]
    fn a_day_is_written_one_way() {
        for month in 1..=12 {
            let moment = format!("2026-{month:02}-09T23:59:59Z");
            assert_eq!(day_of(&moment), Some(date(at(&moment))));
        }
        for nonsense in ["", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "äöüäöü"] {
            assert_eq!(day_of(nonsense), None, "{nonsense}");
        }
    }
}
