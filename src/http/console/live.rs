//! `/system/live`: what changes while a page is looked at, as server-sent events (HTML, "Server-sent events").
//!
//! Every change is `data: {"by": …, "mine": …, "about": …, "version": …}`. The use of clients that the page shows is an event
//! of its own, `use`, with the cells that show it as they are on the page. The stream ends with the session and with the server.
//!
//! The id of a change is its number in the audit log. A page names the newest one that it shows in `since`, and a browser that
//! connects again the last one that it got in `Last-Event-ID`; the stream begins with what came after it.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::time::{Instant, timeout_at};

use crate::domain::Time;
use crate::domain::client::ClientId;
use crate::domain::error::Error;
use crate::domain::ids::Sequence;
use crate::domain::view::{SentUpdate, UseCells};
use crate::domain::words::en::event;
use crate::service::{Actor, ClientUse, Console, LiveNews, LiveUpdate, LiveUpdates};

/// How often a comment is sent, so that no proxy takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How often is looked whether the server stops.
const PAUSE: Duration = Duration::from_millis(250);

/// How often the session is looked at.
const SESSION_CHECK: Duration = Duration::from_secs(10);

/// Tells nginx not to hold the stream back.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Writes the cells as they are at a moment.
pub type WriteCells = Box<dyn Fn(&ClientUse, Time) -> UseCells + Send>;

/// What a page follows.
pub struct Followed {
    /// The newest entry of the audit log that it knows of.
    pub since: Option<Sequence>,
    /// The clients whose use it shows, besides changes.
    pub clients: Vec<ClientId>,
    /// How it shows their use.
    pub write: WriteCells,
}

/// The number in a header `Last-Event-ID`.
#[must_use]
pub fn last_event(headers: &HeaderMap) -> Option<Sequence> {
    let id = headers.get("last-event-id")?.to_str().ok()?;
    id.parse().ok().map(Sequence)
}

/// The stream of whoever is signed in. Everything that is committed after `since`, or after the answer has begun, is on it.
pub async fn stream(console: Console, actor: Actor, followed: Followed) -> Response {
    let begun = async {
        let mut updates = console.follow_changes(&actor).await?;
        if let Some(since) = followed.since {
            console.follow_since(&mut updates, since).await?;
        }
        console.follow_uses(&mut updates, &followed.clients).await?;
        Ok::<_, Error>(updates)
    };
    match begun.await {
        Ok(updates) => {
            let stream = events(Follower {
                console,
                actor,
                updates,
                write: followed.write,
                checked_at: Instant::now(),
            });
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
    write: WriteCells,
    checked_at: Instant,
}

fn events(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(follower, |mut follower| async move {
        let event = match follower.next().await? {
            LiveNews::Changed(update) => follower.change(update),
            LiveNews::Used(uses) => follower.uses(&uses),
        };
        Some((Ok(event), follower))
    })
}

impl Follower {
    /// The next news; none when the stream has ended.
    async fn next(&mut self) -> Option<LiveNews> {
        loop {
            let news = timeout_at(Instant::now() + PAUSE, self.updates.next()).await;
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
            if let Ok(news) = news {
                return Some(news);
            }
        }
    }

    fn uses(&self, uses: &[ClientUse]) -> Event {
        let now = self.console.now();
        let cells: Vec<UseCells> = uses.iter().map(|used| (self.write)(used, now)).collect();
        let event = Event::default().event("use");
        // Plain data can be written as JSON.
        event.json_data(cells).unwrap_or_default()
    }

    fn change(&self, update: LiveUpdate) -> Event {
        let sent = SentUpdate {
            mine: update.actor == self.actor.reference(),
            by: event::changer(&update.actor, &update.target),
            about: update.target.to_string(),
            version: update.version.map(|version| version.0),
        };
        let event = Event::default().id(update.sequence.0.to_string());
        // Plain data can be written as JSON.
        event.json_data(sent).unwrap_or_default()
    }
}
