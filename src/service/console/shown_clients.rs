//! The clients whose use open pages show, and what is known of it.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::ids::ClientNumber;
use crate::store::{KnownUse, ShownUse};

/// How many clients are looked at in one reading. Of more, they are read in rotation.
const AT_ONCE: usize = 500;

/// The clients that the pages of this node show.
#[derive(Debug, Default)]
pub(super) struct ShownClients(Mutex<Shown>);

#[derive(Debug, Default)]
struct Shown {
    clients: BTreeMap<ClientNumber, ShownClient>,
    /// The last client that was looked at.
    last: ClientNumber,
}

#[derive(Debug, Default)]
struct ShownClient {
    /// How many pages show it.
    pages: usize,
    /// When it was last used as far as the pages know, in microseconds since 1970.
    used_at: i64,
    /// Its requests today as far as the pages know.
    today: i64,
}

impl ShownClient {
    /// The pages know nothing of it.
    fn forget(&mut self) {
        (self.used_at, self.today) = (0, 0);
    }
}

impl ShownClients {
    /// Another page shows these clients, and knows nothing of them.
    pub(super) fn add<'a>(&self, clients: impl Iterator<Item = &'a ClientNumber>) {
        let mut shown = self.lock();
        for client in clients {
            let client = shown.clients.entry(*client).or_default();
            client.pages += 1;
            client.forget();
        }
    }

    /// A page shows these clients no longer.
    pub(super) fn remove<'a>(&self, clients: impl Iterator<Item = &'a ClientNumber>) {
        let mut shown = self.lock();
        for number in clients {
            let Some(client) = shown.clients.get_mut(number) else {
                continue;
            };
            client.pages -= 1;
            if client.pages == 0 {
                shown.clients.remove(number);
            }
        }
    }

    /// A page missed what was said of these clients.
    pub(super) fn forget<'a>(&self, clients: impl Iterator<Item = &'a ClientNumber>) {
        let mut shown = self.lock();
        for number in clients {
            if let Some(client) = shown.clients.get_mut(number) {
                client.forget();
            }
        }
    }

    /// The clients to look at now.
    pub(super) fn next_part(&self) -> Vec<KnownUse> {
        let mut shown = self.lock();
        let Shown { clients, last } = &mut *shown;
        let later = clients.range((Excluded(*last), Unbounded));
        let earlier = clients.range(..=*last);
        let part: Vec<KnownUse> = later
            .chain(earlier)
            .take(AT_ONCE)
            .map(|(client, shown)| KnownUse {
                client: *client,
                used_at: shown.used_at,
                today: shown.today,
            })
            .collect();
        if let Some(newest) = part.last() {
            *last = newest.client;
        }
        part
    }

    /// The pages are told of these uses.
    pub(super) fn learn(&self, uses: &[ShownUse]) {
        let mut shown = self.lock();
        for used in uses {
            if let Some(client) = shown.clients.get_mut(&used.client) {
                client.used_at = used.used_at.map_or(0, |at| at.timestamp_micros());
                client.today = used.days.last().copied().unwrap_or_default();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(range: std::ops::Range<i64>) -> Vec<ClientNumber> {
        range.map(ClientNumber).collect()
    }

    #[test]
    fn a_client_is_looked_at_while_a_page_shows_it() {
        let shown = ShownClients::default();
        shown.add(numbers(1..4).iter());
        shown.add(numbers(3..5).iter());
        assert_eq!(shown.next_part().len(), 4);
        shown.remove(numbers(1..4).iter());
        let left: Vec<i64> = shown.next_part().iter().map(|used| used.client.0).collect();
        assert_eq!(left, [3, 4]);
        shown.remove(numbers(3..5).iter());
        assert!(shown.next_part().is_empty());
    }

    #[test]
    fn each_of_many_takes_its_turn() {
        let shown = ShownClients::default();
        let all = numbers(0..1_200);
        shown.add(all.iter());
        let mut seen: Vec<ClientNumber> = Vec::new();
        for _ in 0..3 {
            let part = shown.next_part();
            assert!(part.len() <= AT_ONCE);
            seen.extend(part.iter().map(|used| used.client));
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen, all);
    }
}
