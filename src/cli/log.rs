//! The log of a command: warnings go to stderr, and an error message includes its logged cause, because a command has no
//! log file.

use std::fmt::Debug;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::domain::error::Error;
use crate::domain::words::en;
use crate::server::tracing::{VARIABLE, repeats_a_password, start};

/// The last error that was logged in this process.
static CAUSE: Mutex<Option<String>> = Mutex::new(None);

/// Starts the log of a server by the environment.
pub fn start_for_server() {
    let filter = std::env::var_os(VARIABLE).map(|value| value.to_string_lossy().into_owned());
    // https://no-color.org
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    start(filter, std::io::stderr().is_terminal() && !is_plain);
}

/// Starts the log of a command: `warn` is called with each warning, and the last error is kept for [`with_cause`].
pub fn start_for_command(warn: fn(&str)) {
    // Fails only when a subscriber was set before.
    let _ = tracing_subscriber::registry()
        .with(CommandLog { warn })
        .try_init();
}

/// The sentence of an error, with its cause for errors of the database.
pub fn with_cause(error: &Error) -> String {
    let cause = CAUSE.lock().unwrap_or_else(PoisonError::into_inner).take();
    match cause {
        Some(cause) => en::command::with_cause(error, &cause),
        None => error.to_string(),
    }
}

struct CommandLog {
    warn: fn(&str),
}

impl<S: Subscriber> Layer<S> for CommandLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if repeats_a_password(metadata) {
            (self.warn)(en::start::PASSWORD_LINE_UNREADABLE);
        }
        if !metadata.target().starts_with("claviger") {
            return;
        }
        let mut logged = LoggedError::default();
        event.record(&mut logged);
        match *metadata.level() {
            Level::ERROR => {
                let cause = logged.cause.unwrap_or(logged.message);
                *CAUSE.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
            }
            Level::WARN => (self.warn)(&logged.message),
            _ => {}
        }
    }
}

#[derive(Default)]
struct LoggedError {
    message: String,
    cause: Option<String>,
}

impl Visit for LoggedError {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "cause" => self.cause = Some(format!("{value:?}")),
            _ => {}
        }
    }
}
