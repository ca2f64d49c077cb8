//! Rounds of looks and changes at the same time: some ask about a client's token, some ask for new tokens and about
//! those, while one changes the client step by step. Every answer is judged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::Value;

use super::checker::{Change, History, Look, Order, Verdict};
use super::fixture::{Deed, RequestOrigin, Subject, Target};
use super::wire::{Post, Wire};

/// How many ask about one client.
const LOOKERS: usize = 3;

/// How many looks each of them begins after a change was answered before the next change comes.
const LOOKS: usize = 2;

/// What matters of a client and its first token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether that token was not revoked by itself.
    token: bool,
    /// Whether its credentials work.
    client: bool,
    /// What it holds, in the order granted.
    permissions: Vec<String>,
}

/// What an answer told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Of the first token: nothing, or what it is good for.
    Token(Option<Vec<String>>),
    /// Whether a new token was issued.
    Issued(bool),
    /// Of a token issued meanwhile.
    Fresh(Option<Vec<String>>),
}

impl State {
    fn agrees(&self, told: &Told) -> bool {
        let live = |lives: bool| lives.then(|| self.permissions.clone());
        match told {
            Told::Token(told) => *told == live(self.client && self.token),
            Told::Issued(told) => *told == self.client,
            Told::Fresh(told) => *told == live(self.client),
        }
    }

    fn after(&self, deed: Deed) -> Self {
        let mut after = self.clone();
        match deed {
            Deed::Grant(name) => after.permissions.push(name.to_owned()),
            Deed::Remove(name) => after.permissions.retain(|held| held != name),
            Deed::RevokeToken => after.token = false,
            Deed::Resume => after.client = true,
            Deed::Suspend | Deed::RevokeClient | Deed::Rotate | Deed::Archive => {
                after.client = false;
            }
        }
        after
    }
}

/// One story of a client: what is done to it, and through which doors.
pub type Story = &'static [(Deed, RequestOrigin)];

const READ: &str = "blogs.read";
const WRITE: &str = "blogs.write";

/// Each lane tells its stories over and over, all lanes at the same time.
const LANES: [&[Story]; 4] = [
    &[&[
        (Deed::Grant(READ), RequestOrigin::Pages),
        (Deed::Grant(WRITE), RequestOrigin::Pages),
        (Deed::Remove(READ), RequestOrigin::Pages),
        (Deed::Grant(READ), RequestOrigin::Pages),
        (Deed::Remove(WRITE), RequestOrigin::Pages),
        (Deed::Remove(READ), RequestOrigin::Pages),
        (Deed::Grant(WRITE), RequestOrigin::Pages),
        (Deed::Remove(WRITE), RequestOrigin::Pages),
        (Deed::RevokeClient, RequestOrigin::Pages),
    ]],
    &[&[
        (Deed::Grant(READ), RequestOrigin::Elsewhere),
        (Deed::Suspend, RequestOrigin::Elsewhere),
        (Deed::Resume, RequestOrigin::Elsewhere),
        (Deed::Remove(READ), RequestOrigin::Elsewhere),
        (Deed::Suspend, RequestOrigin::Elsewhere),
        (Deed::Resume, RequestOrigin::Elsewhere),
        (Deed::RevokeClient, RequestOrigin::Elsewhere),
    ]],
    &[
        &[
            (Deed::RevokeToken, RequestOrigin::Wire),
            (Deed::RevokeClient, RequestOrigin::Pages),
        ],
        &[(Deed::RevokeClient, RequestOrigin::Pages)],
    ],
    &[
        &[(Deed::Rotate, RequestOrigin::Elsewhere)],
        &[
            (Deed::RevokeToken, RequestOrigin::Wire),
            (Deed::Rotate, RequestOrigin::Elsewhere),
        ],
        &[(Deed::Archive, RequestOrigin::Elsewhere)],
    ],
];

/// What came of an attack.
#[derive(Debug, Default)]
pub struct Outcome {
    pub looks: usize,
    pub judged: usize,
    pub changes: usize,
    pub violations: Vec<String>,
}

/// Attacks until so many looks were judged.
pub fn attack(target: &Target, wanted: usize) -> Outcome {
    let outcome = Mutex::new(Outcome::default());
    let judged = AtomicUsize::new(0);
    thread::scope(|scope| {
        for (lane, stories) in LANES.iter().enumerate() {
            let (outcome, judged) = (&outcome, &judged);
            scope.spawn(move || {
                for (turn, story) in stories.iter().cycle().enumerate() {
                    if judged.load(Ordering::Relaxed) >= wanted {
                        break;
                    }
                    let (count, verdict) = round(target, story, lane + turn);
                    judged.fetch_add(verdict.judged, Ordering::Relaxed);
                    let mut outcome = outcome.lock().unwrap();
                    outcome.looks += count;
                    outcome.judged += verdict.judged;
                    outcome.changes += story.len();
                    let told = |look: &Look<Told>| format!("{story:?}: {look:?}");
                    outcome
                        .violations
                        .extend(verdict.violations.iter().map(told));
                }
            });
        }
    });
    outcome.into_inner().unwrap()
}

/// Ends the looking however the round ends.
struct Bell<'a>(&'a AtomicBool);

impl Drop for Bell<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

type Seen = (usize, Result<Look<Told>, String>);

/// One story of a new client. Gives the number of looks, and what the checker says.
fn round(target: &Target, story: Story, node: usize) -> (usize, Verdict<Told>) {
    let subject = target.subject();
    let (order, is_over) = (Order::default(), AtomicBool::new(false));
    let (sender, receiver) = channel();
    let mut looks = Vec::new();
    let history = thread::scope(|scope| {
        let _bell = Bell(&is_over);
        for number in 0..LOOKERS {
            let looker = Looker {
                number,
                wire: target.wire(node + number),
                inspector: &target.inspector,
                subject: &subject,
                order: &order,
                sender: sender.clone(),
            };
            let is_over = &is_over;
            scope.spawn(move || looker.look_until(is_over));
        }
        drop(sender);
        let mut wire = target.wire(node);
        let mut state = State {
            token: true,
            client: true,
            permissions: Vec::new(),
        };
        let mut history = History {
            before: state.clone(),
            changes: Vec::new(),
        };
        wait(&receiver, 0, &mut looks);
        for (deed, origin) in story {
            state = state.after(*deed);
            let sent = order.next();
            target.perform(*deed, *origin, &subject, &mut *wire);
            let answered = order.next();
            let after = state.clone();
            history.changes.push(Change {
                sent,
                answered,
                after,
            });
            looks.push(look_at_once(target, node, &subject, &order));
            wait(&receiver, answered, &mut looks);
        }
        history
    });
    looks.extend(receiver.into_iter().map(|(_, seen)| seen.unwrap()));
    (looks.len(), history.judge(&looks, State::agrees))
}

/// Whoever looks in turn soon begins when the look of the others ends. This one begins whenever a change was answered:
/// in the middle of theirs, which began before.
fn look_at_once(target: &Target, node: usize, subject: &Subject, order: &Order) -> Look<Told> {
    let mut wire = target.wire(node + 1);
    let sent = order.next();
    let told = introspect(&mut *wire, &target.inspector, &subject.token).map(Told::Token);
    Look {
        sent,
        answered: order.next(),
        told: told.unwrap(),
    }
}

/// Waits until each looker has begun some looks after a place.
fn wait(receiver: &Receiver<Seen>, after: u64, looks: &mut Vec<Look<Told>>) {
    let mut missing = [LOOKS; LOOKERS];
    while missing.iter().any(|left| *left > 0) {
        let (number, seen) = receiver.recv().expect("they look until the bell rings");
        let look = seen.unwrap();
        if look.sent > after {
            missing[number] = missing[number].saturating_sub(1);
        }
        looks.push(look);
    }
}

/// Who looks: the first two at the token they all know, the third at new ones.
struct Looker<'a> {
    number: usize,
    wire: Box<dyn Wire>,
    inspector: &'a str,
    subject: &'a Subject,
    order: &'a Order,
    sender: Sender<Seen>,
}

impl Looker<'_> {
    fn look_until(mut self, is_over: &AtomicBool) {
        while !is_over.load(Ordering::Relaxed) {
            if self.number > 0 {
                self.look(|looker| {
                    let token = &looker.subject.token;
                    introspect(&mut *looker.wire, looker.inspector, token).map(Told::Token)
                });
                continue;
            }
            let mut fresh = None;
            self.look(|looker| {
                fresh = issue(&mut *looker.wire, &looker.subject.basic)?;
                Ok(Told::Issued(fresh.is_some()))
            });
            if let Some(token) = fresh {
                self.look(|looker| {
                    introspect(&mut *looker.wire, looker.inspector, &token).map(Told::Fresh)
                });
            }
        }
    }

    fn look(&mut self, ask: impl FnOnce(&mut Self) -> Result<Told, String>) {
        let sent = self.order.next();
        let told = ask(self);
        let answered = self.order.next();
        let seen = told.map(|told| Look {
            sent,
            answered,
            told,
        });
        // Nobody listens any more when the round has failed.
        let _ = self.sender.send((self.number, seen));
    }
}

/// The permissions of a live token, or nothing.
pub fn introspect(
    wire: &mut dyn Wire,
    basic: &str,
    token: &str,
) -> Result<Option<Vec<String>>, String> {
    let reply = wire.post(Post {
        path: "/oauth/introspect",
        headers: &[("authorization", basic)],
        form: &format!("token={token}"),
    });
    let reply = reply.map_err(|error| error.to_string())?;
    if reply.status != 200 {
        return Err(format!("{reply:?}"));
    }
    if reply.body == r#"{"active":false}"# {
        return Ok(None);
    }
    let Value::Array(names) = &reply.json()["permissions"] else {
        return Err(format!("{reply:?}"));
    };
    let names = names
        .iter()
        .map(|name| name.as_str().map(ToOwned::to_owned));
    names
        .collect::<Option<_>>()
        .map(Some)
        .ok_or_else(|| format!("{reply:?}"))
}

/// A new token, or nothing for credentials that do not work.
pub fn issue(wire: &mut dyn Wire, basic: &str) -> Result<Option<String>, String> {
    let reply = wire.post(Post {
        path: "/oauth/token",
        headers: &[("authorization", basic)],
        form: "grant_type=client_credentials",
    });
    let reply = reply.map_err(|error| error.to_string())?;
    match reply.status {
        200 => Ok(reply.json()["access_token"].as_str().map(ToOwned::to_owned)),
        401 if reply.json()["error"] == "invalid_client" => Ok(None),
        _ => Err(format!("{reply:?}")),
    }
}
