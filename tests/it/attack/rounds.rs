//! Concurrent observations and changes: threads introspect a client's token or request and introspect new ones, while
//! one thread changes the client step by step. Every response is checked.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::checker::{Change, History, LogicalClock, Observation, Verdict};
use super::fixture::{Channel, Operation, Subject, Target};
use super::transport::{Transport, introspect, issue};

/// Threads that observe one client.
const OBSERVERS: usize = 3;

/// How many observations each observer begins between two changes.
const OBSERVATIONS: usize = 2;

/// The state of a client and its first token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientState {
    /// Whether the first token was not revoked individually.
    token: bool,
    /// Whether the client's credentials are accepted.
    client: bool,
    /// The client's permissions, in the order granted.
    permissions: Vec<String>,
}

/// The result of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// The permissions of the first token; none when it is not active.
    Token(Option<Vec<String>>),
    /// Whether a new token was issued.
    Issued(bool),
    /// The permissions of a newly issued token; none when it is not active.
    Fresh(Option<Vec<String>>),
}

impl ClientState {
    fn agrees(&self, observed: &Observed) -> bool {
        let live = |lives: bool| lives.then(|| self.permissions.clone());
        match observed {
            Observed::Token(observed) => *observed == live(self.client && self.token),
            Observed::Issued(observed) => *observed == self.client,
            Observed::Fresh(observed) => *observed == live(self.client),
        }
    }

    fn after(&self, operation: Operation) -> Self {
        let mut after = self.clone();
        match operation {
            Operation::Grant(name) => after.permissions.push(name.to_owned()),
            Operation::Remove(name) => after.permissions.retain(|held| held != name),
            Operation::RevokeToken => after.token = false,
            Operation::Resume => after.client = true,
            Operation::Suspend
            | Operation::RevokeClient
            | Operation::Rotate
            | Operation::Archive => {
                after.client = false;
            }
        }
        after
    }
}

/// The operations on one client, each with its channel.
pub type Scenario = &'static [(Operation, Channel)];

const READ: &str = "blogs.read";
const WRITE: &str = "blogs.write";

/// The scenarios of each thread, which repeats them; all threads run at the same time.
const LANES: [&[Scenario]; 4] = [
    &[&[
        (Operation::Grant(READ), Channel::Pages),
        (Operation::Grant(WRITE), Channel::Pages),
        (Operation::Remove(READ), Channel::Pages),
        (Operation::Grant(READ), Channel::Pages),
        (Operation::Remove(WRITE), Channel::Pages),
        (Operation::Remove(READ), Channel::Pages),
        (Operation::Grant(WRITE), Channel::Pages),
        (Operation::Remove(WRITE), Channel::Pages),
        (Operation::RevokeClient, Channel::Pages),
    ]],
    &[&[
        (Operation::Grant(READ), Channel::External),
        (Operation::Suspend, Channel::External),
        (Operation::Resume, Channel::External),
        (Operation::Remove(READ), Channel::External),
        (Operation::Suspend, Channel::External),
        (Operation::Resume, Channel::External),
        (Operation::RevokeClient, Channel::External),
    ]],
    &[
        &[
            (Operation::RevokeToken, Channel::OAuth),
            (Operation::RevokeClient, Channel::Pages),
        ],
        &[(Operation::RevokeClient, Channel::Pages)],
    ],
    &[
        &[(Operation::Rotate, Channel::External)],
        &[
            (Operation::RevokeToken, Channel::OAuth),
            (Operation::Rotate, Channel::External),
        ],
        &[(Operation::Archive, Channel::External)],
    ],
];

/// The result of an attack.
#[derive(Debug, Default)]
pub struct Outcome {
    pub observations: usize,
    pub judged: usize,
    pub changes: usize,
    pub violations: Vec<String>,
}

/// Attacks until at least `least` observations were judged.
pub fn attack(target: &Target, least: usize) -> Outcome {
    let outcome = Mutex::new(Outcome::default());
    let judged = AtomicUsize::new(0);
    thread::scope(|scope| {
        for (lane, scenarios) in LANES.iter().enumerate() {
            let (outcome, judged) = (&outcome, &judged);
            scope.spawn(move || {
                for (iteration, scenario) in scenarios.iter().cycle().enumerate() {
                    if judged.load(Ordering::Relaxed) >= least {
                        break;
                    }
                    let (count, verdict) = round(target, scenario, lane + iteration);
                    judged.fetch_add(verdict.judged, Ordering::Relaxed);
                    let mut outcome = outcome.lock().unwrap();
                    outcome.observations += count;
                    outcome.judged += verdict.judged;
                    outcome.changes += scenario.len();
                    let observed = |observation: &Observation<Observed>| {
                        format!("{scenario:?}: {observation:?}")
                    };
                    outcome
                        .violations
                        .extend(verdict.violations.iter().map(observed));
                }
            });
        }
    });
    outcome.into_inner().unwrap()
}

/// Stops the observers when dropped, also on a panic.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

type ObserverMessage = (usize, Result<Observation<Observed>, String>);

/// Runs one scenario on a new client. Gives the number of observations, and the checker's verdict.
fn round(target: &Target, scenario: Scenario, node: usize) -> (usize, Verdict<Observed>) {
    let subject = target.subject();
    let (clock, is_over) = (LogicalClock::default(), AtomicBool::new(false));
    let (sender, receiver) = channel();
    let mut observations = Vec::new();
    let history = thread::scope(|scope| {
        let _stop = StopOnDrop(&is_over);
        for number in 0..OBSERVERS {
            let observer = Observer {
                number,
                transport: target.transport(node + number),
                inspector: &target.inspector,
                subject: &subject,
                clock: &clock,
                sender: sender.clone(),
            };
            let is_over = &is_over;
            scope.spawn(move || observer.observe_until(is_over));
        }
        drop(sender);
        let mut transport = target.transport(node);
        let mut state = ClientState {
            token: true,
            client: true,
            permissions: Vec::new(),
        };
        let mut history = History {
            before: state.clone(),
            changes: Vec::new(),
        };
        wait(&receiver, 0, &mut observations);
        for (operation, channel) in scenario {
            state = state.after(*operation);
            let sent = clock.next();
            target.perform(*operation, *channel, &subject, &mut *transport);
            let answered = clock.next();
            let after = state.clone();
            history.changes.push(Change {
                sent,
                answered,
                after,
            });
            observations.push(observe_now(target, node, &subject, &clock));
            wait(&receiver, answered, &mut observations);
        }
        history
    });
    observations.extend(receiver.into_iter().map(|(_, message)| message.unwrap()));
    (
        observations.len(),
        history.judge(&observations, ClientState::agrees),
    )
}

/// Observes right after a change was answered. Observers that poll in a loop tend to synchronize and begin together;
/// this observation begins while theirs are in progress.
fn observe_now(
    target: &Target,
    node: usize,
    subject: &Subject,
    clock: &LogicalClock,
) -> Observation<Observed> {
    let mut transport = target.transport(node + 1);
    let sent = clock.next();
    let observed =
        introspect(&mut *transport, &target.inspector, &subject.token).map(Observed::Token);
    Observation {
        sent,
        answered: clock.next(),
        observed: observed.unwrap(),
    }
}

/// Waits until each observer has begun its observations after a timestamp.
fn wait(
    receiver: &Receiver<ObserverMessage>,
    after: u64,
    observations: &mut Vec<Observation<Observed>>,
) {
    let mut missing = [OBSERVATIONS; OBSERVERS];
    while missing.iter().any(|left| *left > 0) {
        let (number, message) = receiver
            .recv()
            .expect("observers run until the round is over");
        let observation = message.unwrap();
        if observation.sent > after {
            missing[number] = missing[number].saturating_sub(1);
        }
        observations.push(observation);
    }
}

/// A thread that observes: number 0 new tokens, the others the first token.
struct Observer<'a> {
    number: usize,
    transport: Box<dyn Transport>,
    inspector: &'a str,
    subject: &'a Subject,
    clock: &'a LogicalClock,
    sender: Sender<ObserverMessage>,
}

impl Observer<'_> {
    fn observe_until(mut self, is_over: &AtomicBool) {
        while !is_over.load(Ordering::Relaxed) {
            if self.number > 0 {
                self.observe(|observer| {
                    let token = &observer.subject.token;
                    introspect(&mut *observer.transport, observer.inspector, token)
                        .map(Observed::Token)
                });
                continue;
            }
            let mut fresh = None;
            self.observe(|observer| {
                fresh = issue(&mut *observer.transport, &observer.subject.basic)?;
                Ok(Observed::Issued(fresh.is_some()))
            });
            if let Some(token) = fresh {
                self.observe(|observer| {
                    introspect(&mut *observer.transport, observer.inspector, &token)
                        .map(Observed::Fresh)
                });
            }
        }
    }

    fn observe(&mut self, ask: impl FnOnce(&mut Self) -> Result<Observed, String>) {
        let sent = self.clock.next();
        let observed = ask(self);
        let answered = self.clock.next();
        let message = observed.map(|observed| Observation {
            sent,
            answered,
            observed,
        });
        // The receiver is gone when the round has failed.
        let _ = self.sender.send((self.number, message));
    }
}
