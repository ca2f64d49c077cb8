//! What is logged: by the server on stderr, as `CLAVIGER_LOG` has it; by a command warnings alone, and the cause of a
//! refusal is told with it, because a command has no log to look into.

use std::fmt::Debug;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::domain::error::Error;

/// The variable that says what the server logs.
const VARIABLE: &str = "CLAVIGER_LOG";

/// What it logs when nobody says.
const DEFAULT: &str = "warn,claviger=info";

/// What is said in place of what the driver says.
const WRONG_LINE: &str =
    "a line of ~/.pgpass, or of the file in PGPASSFILE, cannot be read and is passed over";

/// The last error that was logged in this process.
static CAUSE: Mutex<Option<String>> = Mutex::new(None);

/// Starts the log of a server.
pub fn start_for_server() {
    let (filter, refused) = filter(std::env::var_os(VARIABLE).map(|value| {
        value
            .into_string()
            .unwrap_or_else(|value| value.to_string_lossy().into_owned())
    }));
    // https://no-color.org
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && !is_plain)
        // To complain of a log that cannot be written, it would write to the same stderr, and panic.
        .log_internal_errors(false)
        .finish();
    // Fails only when a test has started it before.
    let _ = log.with(WithoutPasswords).try_init();
    if let Some(reason) = refused {
        tracing::warn!("{VARIABLE} cannot be read, so `{DEFAULT}` holds: {reason}");
    }
}

/// The filter that a value means, and why the value is none.
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

/// Keeps what the driver says of a wrong line in `.pgpass` out of the log, whatever `CLAVIGER_LOG` holds: it repeats the
/// line, and with it the password.
struct WithoutPasswords;

impl<S: Subscriber> Layer<S> for WithoutPasswords {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        if !repeats_a_password(event.metadata()) {
            return true;
        }
        tracing::warn!("{WRONG_LINE}");
        false
    }
}

fn repeats_a_password(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "sqlx_postgres::options::pgpass"
        && metadata.fields().field("line").is_some()
}

/// Lets a command tell warnings, each by this function, and keeps the cause of a refusal.
pub fn start_for_command(warn: fn(&str)) {
    // Fails only when it was started before.
    let _ = tracing_subscriber::registry()
        .with(CommandLog { warn })
        .try_init();
}

/// What a refusal says, with its cause when the database is to blame.
pub fn with_cause(error: &Error) -> String {
    let cause = CAUSE.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (error, cause) {
        (Error::Internal { .. }, Some(cause)) => format!(
            "Something went wrong with the database: {cause}. `claviger database check` says whether it is whole."
        ),
        (Error::Unavailable, Some(cause)) => format!("{error} The cause: {cause}"),
        _ => error.to_string(),
    }
}

struct CommandLog {
    warn: fn(&str),
}

impl<S: Subscriber> Layer<S> for CommandLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if repeats_a_password(metadata) {
            (self.warn)(WRONG_LINE);
        }
        if !metadata.target().starts_with("claviger") {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        match *metadata.level() {
            Level::ERROR => {
                let cause = said.cause.unwrap_or(said.message);
                *CAUSE.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
            }
            Level::WARN => (self.warn)(&said.message),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Said {
    message: String,
    cause: Option<String>,
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "cause" => self.cause = Some(format!("{value:?}")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_value_is_the_default_and_a_wrong_one_is_told_of() {
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
