//! The domain: pure types, parsing, and the rules that need no clock, no disk and no network.
//!
//! Server and browser are built with this module, so a form in the browser and the service make the same checks.

pub mod address;
pub mod admin;
pub mod audit;
pub mod catalog;
pub mod client;
pub mod client_tokens;
pub mod command;
pub mod complaint;
pub mod count;
pub mod csv;
pub mod device;
pub mod error;
pub mod event;
pub mod host;
pub mod ids;
pub mod live_tokens;
pub mod organization;
pub mod page;
pub mod participant;
pub mod permission;
pub mod problem;
pub mod progress;
pub mod refusal;
pub mod rights;
pub mod role;
pub mod rotation;
pub mod scope;
pub mod secret;
pub mod start;
pub mod text;
pub mod token;
pub mod usage;
pub mod view;
pub mod visible;
pub mod words;

/// A moment, to the microsecond, in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;

/// The end that a form means by a day, which is the beginning of the day: an end that there was within that day stays at its
/// exact moment, because a form has days only.
#[must_use]
pub fn on_same_day(was: Option<Time>, day: Option<Time>) -> Option<Time> {
    let date = |at: Time| at.date_naive();
    was.filter(|was| day.map(date) == Some(date(*was))).or(day)
}

/// Whether a moment can be written in RFC 3339, which has years of four digits only.
#[must_use]
pub fn is_writable(at: Time) -> bool {
    chrono::Datelike::year(&at) <= 9999
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_stays_on_its_day() {
        let at = |text: &str| Some(text.parse::<Time>().unwrap());
        let (was, day) = (at("2027-06-01T15:30:00Z"), at("2027-06-01T00:00:00Z"));
        assert_eq!(on_same_day(was, day), was);
        let next = at("2027-06-02T00:00:00Z");
        assert_eq!(on_same_day(was, next), next);
        assert_eq!(on_same_day(was, None), None);
        assert_eq!(on_same_day(None, day), day);
    }
}
