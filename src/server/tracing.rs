//! The server's log: on stderr, filtered by `CLAVIGER_LOG`.

use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::domain::words::en::start::PASSWORD_LINE_UNREADABLE;

/// The variable with the filter.
pub const VARIABLE: &str = "CLAVIGER_LOG";

/// The default filter.
const DEFAULT: &str = "warn,claviger=info";

/// Starts the log, with the value of [`VARIABLE`], if it has one.
pub fn start(value: Option<String>, has_colours: bool) {
    let (filter, refused) = filter(value);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(has_colours)
        // Reporting a failed write would write to the same stderr, and panic.
        .log_internal_errors(false)
        .finish();
    // Fails only when a test has set a subscriber before.
    let _ = log.with(WithoutPasswords).try_init();
    if let Some(reason) = refused {
        tracing::warn!("{VARIABLE} cannot be read, so `{DEFAULT}` holds: {reason}");
    }
}

/// The filter for a value, and the error when the value is invalid.
fn filter(value: Option<String>) -> (EnvFilter, Option<String>) {
    let is_blank = |value: &String| value.chars().all(|it| it.is_whitespace() || it == ',');
    match value
        .filter(|value| !is_blank(value))
        .map(EnvFilter::try_new)
    {
        None => (DEFAULT.into(), None),
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (DEFAULT.into(), Some(error.to_string())),
    }
}

/// Keeps the driver's event about an invalid line of `.pgpass` out of the log, whatever `CLAVIGER_LOG` holds: the event
/// repeats the line, and with it the password.
struct WithoutPasswords;

impl<S: Subscriber> Layer<S> for WithoutPasswords {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        if !repeats_a_password(event.metadata()) {
            return true;
        }
        tracing::warn!("{PASSWORD_LINE_UNREADABLE}");
        false
    }
}

/// Whether an event of the driver repeats a line of `.pgpass`.
#[must_use]
pub fn repeats_a_password(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "sqlx_postgres::options::pgpass"
        && metadata.fields().field("line").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_value_is_the_default_and_a_wrong_one_is_reported() {
        for value in [None, Some(""), Some("  "), Some(","), Some(" , ")] {
            let (filter, refused) = filter(value.map(ToOwned::to_owned));
            assert_eq!(filter.to_string(), EnvFilter::from(DEFAULT).to_string());
            assert_eq!(refused, None);
        }
        let (right, refused) = filter(Some("claviger=debug".to_owned()));
        assert_eq!(
            (right.to_string().as_str(), refused),
            ("claviger=debug", None)
        );
        for value in ["claviger=loud", "info,claviger==debug", "[", "\u{FFFD}=x"] {
            let (filter, refused) = filter(Some(value.to_owned()));
            assert_eq!(filter.to_string(), EnvFilter::from(DEFAULT).to_string());
            assert!(refused.is_some(), "{value}");
        }
    }
}
