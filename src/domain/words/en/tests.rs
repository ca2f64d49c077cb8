//! Sentences with their data.

use super::*;
use crate::domain::error::Error;

#[test]
fn a_sentence_contains_its_data() {
    let at = "2026-11-23T12:05:00Z".parse().unwrap();
    for (complaint, sentence) in [
        (
            Complaint::ChangedMeanwhile { by: None, at: None },
            "Somebody changed this client, after your page was loaded. Nothing was saved.",
        ),
        (
            Complaint::DayPassed { today: at },
            "That day has passed. Choose a day after today, 23 Nov 2026.",
        ),
        (
            Complaint::ClientGone {
                id: "dash".to_owned(),
                by: "shell:ada".to_owned(),
                at,
            },
            "client `dash` was revoked by shell:ada on 2026-11-23 12:05 UTC",
        ),
        (
            Complaint::ScopeUnknown {
                scope: "a\u{202E}b".to_owned(),
            },
            "There is no scope called “a\u{FFFD}b”.",
        ),
    ] {
        assert_eq!(complaint.to_string(), sentence);
    }
}

#[test]
fn a_throttled_request_names_the_wait() {
    for (retry_after, when) in [
        (0, "in a few seconds"),
        (6, "in a minute"),
        (61, "in 2 minutes"),
        (900, "in 15 minutes"),
    ] {
        let sentence = format!("Too many attempts from this network. Try again {when}.");
        assert_eq!(Error::TooMany { retry_after }.to_string(), sentence);
    }
}
