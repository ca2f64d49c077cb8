//! Refusals in the usage buffer. Anybody who knows an id decides how many there are, so they are few in each transaction
//! and in memory, whoever sends them.

use std::collections::BTreeMap;

use crate::domain::ids::ClientNumber;
use crate::domain::refusal::CountedRefusal;

/// The refusals of how many clients one transaction writes.
const CLIENTS_AT_ONCE: usize = 50;

/// The refusals of how many clients wait at most: a few megabytes. Those of others are dropped.
const MOST_CLIENTS: usize = 2_000;

/// Refusals that are not written yet.
#[derive(Debug, Default)]
pub(super) struct RefusedClients {
    /// What the next transaction writes.
    first: BTreeMap<ClientNumber, Vec<CountedRefusal>>,
    others: BTreeMap<ClientNumber, Vec<CountedRefusal>>,
    /// The last client that was moved to `first`: those after it have their turn, so that none waits for ever.
    moved: ClientNumber,
}

impl RefusedClients {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty() && self.others.is_empty()
    }

    pub(super) fn add(&mut self, client: ClientNumber, refusals: Vec<CountedRefusal>) {
        if refusals.is_empty() {
            return;
        }
        let is_full = self.others.len() >= MOST_CLIENTS;
        let waiting = match self.first.get_mut(&client) {
            Some(waiting) => waiting,
            None if is_full && !self.others.contains_key(&client) => return,
            None => self.others.entry(client).or_default(),
        };
        for refusal in refusals {
            refusal.add_to(waiting);
        }
        self.fill();
    }

    /// What one transaction writes.
    pub(super) fn first_part(&self) -> &BTreeMap<ClientNumber, Vec<CountedRefusal>> {
        &self.first
    }

    /// Removes it after its commit.
    pub(super) fn remove_first_part(&mut self) {
        self.first.clear();
        self.fill();
    }

    fn fill(&mut self) {
        while self.first.len() < CLIENTS_AT_ONCE {
            let after = self.others.range(ClientNumber(self.moved.0 + 1)..).next();
            let next = after.or_else(|| self.others.first_key_value());
            let Some(client) = next.map(|(client, _)| *client) else {
                return;
            };
            let refusals = self.others.remove(&client).unwrap_or_default();
            self.first.insert(client, refusals);
            self.moved = client;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Time;
    use crate::domain::refusal::RefusedFor;

    fn one() -> Vec<CountedRefusal> {
        let network = "192.0.2.0/24".to_owned();
        vec![CountedRefusal::one(
            RefusedFor::WrongSecret,
            network,
            Time::UNIX_EPOCH,
        )]
    }

    #[test]
    fn a_flood_waits_and_every_client_has_its_turn() {
        let mut waiting = RefusedClients::default();
        for client in 1..=5_000 {
            waiting.add(ClientNumber(client), one());
            waiting.add(ClientNumber(client), one());
        }
        let mut written = Vec::new();
        while !waiting.is_empty() {
            let part = waiting.first_part();
            assert!((1..=CLIENTS_AT_ONCE).contains(&part.len()));
            assert!(part.values().all(|refusals| refusals[0].count == 2));
            written.extend(part.keys().copied());
            waiting.remove_first_part();
        }
        assert_eq!(written.len(), MOST_CLIENTS + CLIENTS_AT_ONCE);
    }

    #[test]
    fn busy_clients_do_not_keep_another_from_being_written() {
        let mut waiting = RefusedClients::default();
        waiting.add(ClientNumber(1_000), one());
        let mut rounds = 0;
        loop {
            for client in 1..=500 {
                waiting.add(ClientNumber(client), one());
            }
            rounds += 1;
            let is_written = waiting.first_part().contains_key(&ClientNumber(1_000));
            waiting.remove_first_part();
            if is_written {
                break;
            }
            assert!(rounds < 20);
        }
    }
}
