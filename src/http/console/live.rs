//! `/system/live`: what changes while a page is looked at, as server-sent events (HTML, "Server-sent events").
//!
//! Every update is `data: {"by": …, "mine": …, "about": …, "version": …}`. The stream ends with the session and with the
//! server.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Extension, State as Extract};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::ConsoleState;
use super::session::Identity;
use crate::service::{Actor, Console, LiveUpdate, LiveUpdates};

/// How often a comment is sent, so that no proxy takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How often is looked whether the server stops.
const PAUSE: Duration = Duration::from_millis(250);

/// How often the session is looked at.
const SESSION_CHECK: Duration = Duration::from_secs(10);

/// Tells nginx not to hold the stream back.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// One update, as it is sent.
#[derive(Serialize)]
struct Sent {
    by: String,
    mine: bool,
    about: String,
    version: Option<i64>,
}

/// The stream of whoever is signed in.
pub async fn stream(
    Extract(state): Extract<ConsoleState>,
    Extension(identity): Extension<Identity>,
) -> Response {
    let Some(actor) = identity.actor else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    match state.console.follow_changes(&actor) {
        Ok(updates) => {
            let stream = events(state.console, actor, updates);
            let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
            let no = HeaderValue::from_static("no");
            ([(UNBUFFERED, no)], Sse::new(stream).keep_alive(keep_alive)).into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What a stream knows.
struct Follower {
    console: Console,
    actor: Actor,
    updates: LiveUpdates,
    checked_at: Instant,
}

fn events(
    console: Console,
    actor: Actor,
    updates: LiveUpdates,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let follower = Follower {
        console,
        actor,
        updates,
        checked_at: Instant::now(),
    };
    unfold(follower, |mut follower| async move {
        let update = follower.next().await?;
        let event = follower.event(update);
        Some((Ok(event), follower))
    })
}

impl Follower {
    /// The next update; none when the stream has ended.
    async fn next(&mut self) -> Option<LiveUpdate> {
        loop {
            let update = timeout_at(Instant::now() + PAUSE, self.updates.next()).await;
            if self.console.is_live_closed() {
                return None;
            }
            if self.checked_at.elapsed() >= SESSION_CHECK {
                self.checked_at = Instant::now();
                // A database that cannot be asked now can be asked later.
                if let Ok(false) = self.console.is_session_live(&self.actor).await {
                    return None;
                }
            }
            if let Ok(update) = update {
                return Some(update);
            }
        }
    }

    fn event(&self, update: LiveUpdate) -> Event {
        let sent = Sent {
            mine: update.actor == self.actor.reference(),
            by: update.actor.name(),
            about: update.target.to_string(),
            version: update.version.map(|version| version.0),
        };
        // Plain data can be written as JSON.
        Event::default().json_data(sent).unwrap_or_default()
    }
}
