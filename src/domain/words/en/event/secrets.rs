//! Secrets and tokens of clients.

use super::sentence::{Detail, EventSentence, several};
use crate::domain::Time;
use crate::domain::event::Event;
use crate::domain::text::cleaned;

const SECRET: &str = "Secret";
const LABEL: &str = "Label";

/// How many characters of the id of a token are shown, from its end.
const SHOWN: usize = 7;

pub(super) fn rotated(event: &Event) -> EventSentence {
    let Event::SecretRotated {
        hint,
        keep_old_seconds,
        label,
        pending,
        ..
    } = event
    else {
        return EventSentence::default();
    };
    let old = match (keep_old_seconds, pending) {
        (None, _) => "go on".to_owned(),
        (Some(0), false) => "invalid at once".to_owned(),
        (Some(0), true) => "invalid with the first use of the new one".to_owned(),
        (Some(seconds), false) => format!("valid for {} more", time(*seconds)),
        (Some(seconds), true) => {
            format!(
                "valid for {} after the first use of the new one",
                time(*seconds)
            )
        }
    };
    EventSentence::about("made a new secret for", "client")
        .with([Detail::fact("New secret", hinted(hint.as_deref()))])
        .with(label.as_ref().map(|label| Detail::fact(LABEL, label)))
        .with([Detail::fact("Old secrets", old)])
}

pub(super) fn activated(hint: Option<&str>, grace_seconds: u64) -> EventSentence {
    let old = match grace_seconds {
        0 => "invalid at once".to_owned(),
        seconds => format!("valid for {} more", time(seconds)),
    };
    EventSentence::about("used for the first time the new secret of", "client").with([
        Detail::fact(SECRET, hinted(hint)),
        Detail::fact("Old secrets", old),
    ])
}

pub(super) fn cancelled(hint: Option<&str>) -> EventSentence {
    EventSentence::about("cancelled the rotation of", "client")
        .with([Detail::fact(SECRET, hinted(hint))])
}

pub(super) fn ended(hint: Option<&str>) -> EventSentence {
    EventSentence::about("ended a secret of", "client").with([Detail::fact(SECRET, hinted(hint))])
}

pub(super) fn labelled(before: Option<&str>, after: Option<&str>) -> EventSentence {
    let label = |label: Option<&str>| label.map(cleaned);
    let label = Detail::changed(LABEL, label(before), label(after));
    EventSentence::about("labelled a secret of", "client").with(label)
}

/// A time in the largest unit that it is a multiple of.
pub(super) fn time(seconds: u64) -> String {
    for (length, noun) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] {
        if seconds.is_multiple_of(length) {
            return several(seconds / length, noun);
        }
    }
    several(seconds, "second")
}

pub(super) fn revealed(hint: Option<&str>) -> EventSentence {
    EventSentence::about("looked at a secret of", "client")
        .with([Detail::fact(SECRET, hinted(hint))])
}

pub(super) fn token_revoked(token: &str) -> EventSentence {
    let count = token.chars().count();
    let token = if count > SHOWN {
        let end: String = token.chars().skip(count - SHOWN).collect();
        format!("…{}", cleaned(&end))
    } else {
        cleaned(token)
    };
    let fact = Detail::fact("Token", token.clone());
    EventSentence::about(format!("revoked token {token} of"), "client").with([fact])
}

pub(super) fn tokens_revoked(hour: Time, tokens: i64) -> EventSentence {
    let fact = Detail::fact("Tokens", tokens.to_string());
    let tokens = several(tokens.unsigned_abs(), "more token");
    let hour = hour.format("%-d %b %Y, %H:%M UTC");
    EventSentence::about(format!("revoked {tokens} of"), "client")
        .and(format!("in the hour from {hour}"))
        .with([fact])
}

fn hinted(hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("ends in {hint}"),
        None => "chosen by hand".to_owned(),
    }
}
