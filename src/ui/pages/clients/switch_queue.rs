//! Saves the switches of the permissions page, one request at a time and in order.
//!
//! A switch moves at once and its change is queued. When a request is refused or not answered, its switches are set back to the server's state with a message.
//! The queue outlives the page, so that leaving the page loses no change and failures are still reported.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::failure::{Failure, FailureReason};
use super::switch::{Switch, fade};
use crate::domain::permission::PermissionSwitch;
use crate::ui::api::permissions::{HeldPermissions, set_permissions};
use crate::ui::api::{ApiRefusal, RefusalReason};
use crate::ui::browser::is_offline;
use crate::ui::components::permission::SwitchState;

/// How long the server may take to answer.
const SAVE_TIMEOUT: Duration = Duration::from_secs(10);

/// All switches of a client, with the queue of their changes.
#[derive(Clone)]
pub struct SwitchQueue(Arc<QueueState>);

/// Called with each failure, also after the page was left.
type OnFailure = Box<dyn Fn(&SwitchQueue, Failure) + Send + Sync>;

struct QueueState {
    id: String,
    held: ArcRwSignal<HeldPermissions>,
    conflict: ArcRwSignal<Option<String>>,
    refusal: ArcRwSignal<Option<ApiRefusal>>,
    switches: HashMap<String, Switch>,
    changes: ArcStoredValue<QueuedChanges>,
    on_failure: OnFailure,
}

/// The queued changes. A change is the names of its switches; their positions are read when it is sent. `ticket` numbers
/// the requests.
#[derive(Default)]
struct QueuedChanges {
    queued: VecDeque<Vec<String>>,
    ticket: u64,
    is_busy: bool,
}

impl SwitchQueue {
    /// The switches of a client. `on_failure` is called with each failure, also after the page was left.
    pub fn new(
        id: String,
        held: HeldPermissions,
        names: impl IntoIterator<Item = String>,
        on_failure: impl Fn(&Self, Failure) + Send + Sync + 'static,
    ) -> Self {
        let switch = |name: String| {
            let on = ArcRwSignal::new(held.permissions.contains(&name));
            (
                name,
                Switch {
                    on,
                    state: ArcRwSignal::default(),
                },
            )
        };
        let switches = names.into_iter().map(switch).collect();
        let held = ArcRwSignal::new(held);
        Self(Arc::new(QueueState {
            id,
            held,
            conflict: ArcRwSignal::default(),
            refusal: ArcRwSignal::default(),
            switches,
            changes: ArcStoredValue::default(),
            on_failure: Box::new(on_failure),
        }))
    }

    /// One of the switches.
    #[must_use]
    pub fn switch(&self, name: &str) -> Switch {
        self.0.switches.get(name).cloned().unwrap_or_default()
    }

    /// The server's sentence when the client was changed meanwhile.
    #[must_use]
    pub fn conflict(&self) -> ArcRwSignal<Option<String>> {
        self.0.conflict.clone()
    }

    /// The refusal of the last request, if any.
    #[must_use]
    pub fn refusal(&self) -> ArcRwSignal<Option<ApiRefusal>> {
        self.0.refusal.clone()
    }

    /// Whether a permission is granted on the server. Tracked.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.0
            .held
            .with(|held| held.permissions.iter().any(|permission| permission == name))
    }

    /// The permissions granted on the server. Not tracked.
    #[must_use]
    pub fn granted(&self) -> Vec<String> {
        self.0.held.with_untracked(|held| held.permissions.clone())
    }

    /// How many of these are granted on the server. Tracked.
    #[must_use]
    pub fn count(&self, names: &[String]) -> usize {
        names.iter().filter(|name| self.holds(name)).count()
    }

    /// Moves switches and queues the change, as one request.
    pub fn change(&self, names: Vec<String>, on: bool) {
        for name in &names {
            self.switch(name).on.set(on);
        }
        if is_offline() {
            return self.roll_back(names, FailureReason::Offline);
        }
        for name in &names {
            self.switch(name).state.set(SwitchState::Saving);
        }
        self.0
            .changes
            .update_value(|changes| changes.queued.push_back(names));
        self.next();
    }

    /// Queues failed changes again.
    pub fn retry(&self, failure: &Failure) {
        for on in [true, false] {
            let names: Vec<String> = failure
                .permissions
                .iter()
                .filter(|(_, held)| *held != on)
                .map(|(name, _)| name.clone())
                .collect();
            if !names.is_empty() {
                self.change(names, on);
            }
        }
    }

    fn next(&self) {
        let Some((ticket, switches)) = self.take() else {
            return;
        };
        let (queue, names) = (self.clone(), names_of(&switches));
        set_timeout(move || queue.give_up(ticket, names), SAVE_TIMEOUT);
        let queue = self.clone();
        spawn_local(async move {
            let answer = queue.send(&switches).await;
            queue.handle_response(ticket, names_of(&switches), answer);
        });
    }

    /// Takes the next change, with a ticket and the switches that differ from the server; none while a request is pending.
    fn take(&self) -> Option<(u64, Vec<(String, bool)>)> {
        loop {
            let names = self.0.changes.try_update_value(|changes| {
                if changes.is_busy {
                    None
                } else {
                    changes.queued.pop_front()
                }
            })??;
            let (switches, settled): (Vec<_>, Vec<_>) = names
                .into_iter()
                .map(|name| (self.switch(&name).on.get_untracked(), name))
                .partition(|(on, name)| *on != self.has(name));
            // Moved back while earlier requests were pending: the same as on the server again.
            for (_, name) in settled {
                self.settle(&name, SwitchState::Saved);
                fade(self.switch(&name));
            }
            if !switches.is_empty() {
                let ticket = self.0.changes.try_update_value(|changes| {
                    changes.is_busy = true;
                    changes.ticket += 1;
                    changes.ticket
                })?;
                return Some((
                    ticket,
                    switches.into_iter().map(|(on, name)| (name, on)).collect(),
                ));
            }
        }
    }

    async fn send(&self, switches: &[(String, bool)]) -> Result<HeldPermissions, ApiRefusal> {
        let switch = |(permission, on): &(String, bool)| PermissionSwitch {
            permission: permission.clone(),
            on: *on,
        };
        set_permissions(self.0.id.clone(), switches.iter().map(switch).collect()).await
    }

    fn handle_response(
        &self,
        ticket: u64,
        names: Vec<String>,
        answer: Result<HeldPermissions, ApiRefusal>,
    ) {
        let in_time = self.end(ticket);
        self.0.refusal.set(answer.as_ref().err().cloned());
        match answer.map_err(|refusal| refusal.reason) {
            Ok(held) => self.accept(held, &names),
            // It timed out before, which was reported.
            Err(_) if !in_time => return,
            Err(RefusalReason::Unreachable) => self.fail_all(names),
            Err(RefusalReason::Refused(problem)) if problem.status == 409 => {
                self.start_over(problem.detail);
            }
            Err(RefusalReason::Refused(problem)) => {
                self.roll_back(names, FailureReason::Refused(problem.detail));
            }
        }
        self.next();
    }

    fn give_up(&self, ticket: u64, names: Vec<String>) {
        if self.end(ticket) {
            self.fail_all(names);
        }
    }

    /// Ends the request of a ticket; false when it had ended before.
    fn end(&self, ticket: u64) -> bool {
        let ended = self.0.changes.try_update_value(|changes| {
            let is_current = changes.is_busy && changes.ticket == ticket;
            changes.is_busy &= !is_current;
            is_current
        });
        ended.unwrap_or_default()
    }

    fn accept(&self, held: HeldPermissions, names: &[String]) {
        if held.version >= self.0.held.with_untracked(|held| held.version) {
            self.0.held.set(held);
        }
        for name in names {
            let switch = self.switch(name);
            let is_moved_again = self
                .0
                .changes
                .with_value(|changes| changes.queued.iter().flatten().any(|queued| queued == name));
            if !is_moved_again {
                switch.on.set(self.has(name));
                self.settle(name, SwitchState::Saved);
                fade(switch);
            }
        }
    }

    /// No response: the queued changes fail, too, instead of timing out one after the other.
    fn fail_all(&self, mut names: Vec<String>) {
        let queued = self
            .0
            .changes
            .try_update_value(|changes| std::mem::take(&mut changes.queued))
            .unwrap_or_default();
        for name in queued.into_iter().flatten() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        self.roll_back(names, FailureReason::NoAnswer);
    }

    fn roll_back(&self, names: Vec<String>, reason: FailureReason) {
        let mut permissions = Vec::new();
        for name in names {
            let (switch, held) = (self.switch(&name), self.has(&name));
            if switch.on.get_untracked() == held {
                self.settle(&name, SwitchState::Settled);
            } else {
                switch.on.set(held);
                switch.state.set(SwitchState::Failed(reason.sentence(held)));
                permissions.push((name, held));
            }
        }
        if !permissions.is_empty() {
            (self.0.on_failure)(
                self,
                Failure {
                    permissions,
                    reason,
                },
            );
        }
    }

    /// A conflict: every switch shows the last known state of the server, until the page is reloaded.
    fn start_over(&self, sentence: String) {
        self.0
            .changes
            .update_value(|changes| changes.queued.clear());
        for (name, switch) in &self.0.switches {
            switch.on.set(self.has(name));
            switch.state.set(SwitchState::Settled);
        }
        self.0.conflict.set(Some(sentence));
    }

    fn settle(&self, name: &str, state: SwitchState) {
        self.switch(name).state.set(state);
    }

    fn has(&self, name: &str) -> bool {
        self.0
            .held
            .with_untracked(|held| held.permissions.iter().any(|permission| permission == name))
    }
}

fn names_of(switches: &[(String, bool)]) -> Vec<String> {
    switches.iter().map(|(name, _)| name.clone()).collect()
}
