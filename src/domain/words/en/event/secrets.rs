//! Secrets and tokens of clients.

use super::told::{Detail, Told, several};
use crate::domain::Time;
use crate::domain::text::cleaned;

/// How many characters of the id of a token are shown, from its end.
const SHOWN: usize = 7;

pub(super) fn rotated(hint: Option<&str>, keep_old_seconds: u64) -> Told {
    let old = match keep_old_seconds {
        0 => "invalid at once".to_owned(),
        seconds if seconds % 86_400 == 0 => {
            format!("valid for {} more", several(seconds / 86_400, "day"))
        }
        seconds if seconds % 3_600 == 0 => {
            format!("valid for {} more", several(seconds / 3_600, "hour"))
        }
        seconds if seconds % 60 == 0 => {
            format!("valid for {} more", several(seconds / 60, "minute"))
        }
        seconds => format!("valid for {} more", several(seconds, "second")),
    };
    Told::about("made a new secret for", "client").with([
        Detail::fact("New secret", hinted(hint)),
        Detail::fact("Old secrets", old),
    ])
}

pub(super) fn revealed(hint: Option<&str>) -> Told {
    Told::about("looked at a secret of", "client").with([Detail::fact("Secret", hinted(hint))])
}

pub(super) fn token_revoked(token: &str) -> Told {
    let count = token.chars().count();
    let token = if count > SHOWN {
        let end: String = token.chars().skip(count - SHOWN).collect();
        format!("…{}", cleaned(&end))
    } else {
        cleaned(token)
    };
    let fact = Detail::fact("Token", token.clone());
    Told::about(format!("revoked token {token} of"), "client").with([fact])
}

pub(super) fn tokens_revoked(hour: Time, tokens: i64) -> Told {
    let fact = Detail::fact("Tokens", tokens.to_string());
    let tokens = several(tokens.unsigned_abs(), "more token");
    let hour = hour.format("%-d %b %Y, %H:%M UTC");
    Told::about(format!("revoked {tokens} of"), "client")
        .and(format!("in the hour from {hour}"))
        .with([fact])
}

fn hinted(hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("ends in {hint}"),
        None => "chosen by hand".to_owned(),
    }
}
