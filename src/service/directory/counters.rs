//! The usage of one client since the last flush, counted by its requests.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use smallvec::SmallVec;

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber};
use crate::domain::refusal::CountedRefusal;
use crate::domain::usage::{Counts, RecentToken, TokenGrant, hour_of};
use crate::service::directory::last_use::{LastUse, is_minute_over};

/// The counters of one client. A request costs a few atomic operations, also while a flush takes the counts.
///
/// The operations are sequentially consistent ([`SeqCst`]): a request counts and then reads `is_listed`, the flush clears
/// `is_listed` and then takes the counts, so that one of them sees what the other did.
///
/// The fields that every request touches come first, in as few cache lines as possible: among ten thousand clients each
/// is a cache miss.
#[derive(Debug)]
#[repr(C)]
pub(in crate::service) struct ClientCounters {
    /// Whether the next flush will take these counters.
    is_listed: AtomicBool,
    /// The hour that the counters belong to.
    hour: AtomicI64,
    issued: AtomicI64,
    introspected: AtomicI64,
    refused: AtomicI64,
    /// For how many seconds the last token is valid.
    lifetime: AtomicI64,
    secrets: SmallVec<[UsedSecret; 1]>,
    /// The last tokens, the newest last.
    recent: Mutex<VecDeque<RecentToken>>,
    /// The counts of past hours.
    earlier: Mutex<Vec<(i64, Counts)>>,
    /// The client's permissions, once one of them was exercised: most clients never are asked for one.
    permissions: OnceLock<Box<[ExercisedPermission]>>,
    client: ClientNumber,
    organization: Option<OrganizationId>,
    /// When a flush last gave it its place among the busiest, in microseconds since 1970.
    ranked: AtomicI64,
    /// Of each grant of [`TokenGrant::FOR_PARTICIPANTS`].
    grants: [LastUse; TokenGrant::FOR_PARTICIPANTS.len()],
    /// The last refusals.
    refusals: Mutex<Vec<CountedRefusal>>,
}

/// A secret of a client, and its last use.
#[derive(Debug)]
struct UsedSecret {
    secret: SecretNumber,
    last: LastUse,
    /// Where the last kept use came from. Of two uses at once it may be that of the other.
    network: AtomicU64,
}

/// A use of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) struct SeenUse {
    pub(in crate::service) at: Time,
    /// The network that it came from, as a number that the counters do not read.
    pub(in crate::service) network: u64,
}

/// A permission of a client, and its last use.
#[derive(Debug)]
struct ExercisedPermission {
    name: Box<str>,
    last: LastUse,
}

/// The kind of a counted request.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) enum RequestKind {
    Issued,
    Introspected,
    Refused,
}

/// What a flush took from the counters of a client.
#[derive(Debug)]
pub(in crate::service) struct TakenUsage {
    /// The number of the client.
    pub(in crate::service) client: ClientNumber,
    /// The organization that it belongs to.
    pub(in crate::service) organization: Option<OrganizationId>,
    /// For how many seconds its last token is valid.
    pub(in crate::service) lifetime: i64,
    /// Per hour.
    pub(in crate::service) counts: Vec<(i64, Counts)>,
    /// Whether its place among the busiest was found more than a minute ago.
    pub(in crate::service) is_rank_due: bool,
    /// Per secret.
    pub(in crate::service) uses: Vec<(SecretNumber, SeenUse)>,
    /// The newest last.
    pub(in crate::service) tokens: Vec<RecentToken>,
    /// Per grant for participants.
    pub(in crate::service) grants: Vec<(TokenGrant, Time)>,
    /// The last ones.
    pub(in crate::service) refusals: Vec<CountedRefusal>,
    /// Per permission, by its name.
    pub(in crate::service) permissions: Vec<(Box<str>, Time)>,
}

impl ClientCounters {
    /// The counters of a client that has these secrets.
    pub(in crate::service) fn new(
        client: ClientNumber,
        organization: Option<OrganizationId>,
        secrets: impl Iterator<Item = SecretNumber>,
    ) -> Self {
        Self {
            client,
            organization,
            lifetime: AtomicI64::new(0),
            ranked: AtomicI64::new(0),
            hour: AtomicI64::new(0),
            issued: AtomicI64::new(0),
            introspected: AtomicI64::new(0),
            refused: AtomicI64::new(0),
            secrets: secrets.map(UsedSecret::unused).collect(),
            recent: Mutex::default(),
            earlier: Mutex::default(),
            grants: Default::default(),
            refusals: Mutex::default(),
            permissions: OnceLock::new(),
            is_listed: AtomicBool::new(false),
        }
    }

    /// Counts a request.
    pub(in crate::service) fn count(&self, kind: RequestKind, now: Time) {
        let hour = hour_of(now);
        if self.hour.load(SeqCst) != hour {
            self.begin_hour(hour);
        }
        self.counter(kind).fetch_add(1, SeqCst);
    }

    /// Records a use of a secret, to the minute; that from another network than the last one always.
    pub(in crate::service) fn used(&self, secret: SecretNumber, seen: SeenUse) {
        let Some(used) = self.secrets.iter().find(|used| used.secret == secret) else {
            return;
        };
        // A client mostly asks from one network, and a read leaves the cache line to other processors.
        if used.network.load(SeqCst) == seen.network {
            used.last.record(seen.at);
        } else {
            used.network.store(seen.network, SeqCst);
            used.last.keep(seen.at.timestamp_micros());
        }
    }

    /// Records a refused request.
    pub(in crate::service) fn refused(&self, refusal: CountedRefusal) {
        refusal.add_to(&mut lock(&self.refusals));
    }

    /// Records that a permission was exercised, to the minute. `held` are the names of all that the client holds.
    pub(in crate::service) fn exercised<'a>(
        &self,
        permission: &str,
        held: impl Iterator<Item = &'a str>,
        now: Time,
    ) {
        let all = self.permissions.get_or_init(|| {
            let never = |name: &str| ExercisedPermission {
                name: name.into(),
                last: LastUse::default(),
            };
            held.map(never).collect()
        });
        if let Some(found) = all.iter().find(|known| &*known.name == permission) {
            found.last.record(now);
        }
    }

    /// Records a token that was issued, and keeps the newest `most` of the client; with 0, what was kept before.
    pub(in crate::service) fn issued(&self, token: RecentToken, most: usize) {
        let grants = TokenGrant::FOR_PARTICIPANTS.into_iter().zip(&self.grants);
        for (_, last) in grants.filter(|(grant, _)| *grant == token.grant) {
            last.record(token.issued_at);
        }
        let lifetime = token.expires_at.timestamp() - token.issued_at.timestamp();
        if self.lifetime.load(SeqCst) != lifetime {
            self.lifetime.store(lifetime, SeqCst);
        }
        if most == 0 {
            return;
        }
        let mut recent = lock(&self.recent);
        // What is cleared begins anew at the same place, so that a single token has one, and not each of its ring in turn.
        match (recent.len() + 1).saturating_sub(most) {
            0 => {}
            beyond if beyond >= recent.len() => recent.clear(),
            beyond => drop(recent.drain(..beyond)),
        }
        recent.push_back(token);
    }

    /// True for the request that has to put these counters on the list for the next flush.
    pub(in crate::service) fn enlist(&self) -> bool {
        !self.is_listed.load(SeqCst) && !self.is_listed.swap(true, SeqCst)
    }

    /// Takes everything; of the tokens, only the newest `most_tokens`. The counters are off the list from then on.
    pub(in crate::service) fn take(&self, most_tokens: usize, now: Time) -> TakenUsage {
        self.is_listed.store(false, SeqCst);
        let mut earlier = lock(&self.earlier);
        let mut counts = std::mem::take(&mut *earlier);
        // `begin_hour` holds the same lock, so that the counters are those of this hour.
        add(&mut counts, self.hour.load(SeqCst), self.take_counters());
        drop(earlier);
        let now = now.timestamp_micros();
        let is_rank_due = !counts.is_empty() && is_minute_over(now, &self.ranked);
        if is_rank_due {
            self.ranked.store(now, SeqCst);
        }
        let grants = TokenGrant::FOR_PARTICIPANTS.into_iter().zip(&self.grants);
        let take_exercised = |permission: &ExercisedPermission| {
            Some((permission.name.clone(), permission.last.take()?))
        };
        let permissions = self.permissions.get().map(|all| all.iter());
        TakenUsage {
            permissions: permissions
                .into_iter()
                .flatten()
                .filter_map(take_exercised)
                .collect(),
            client: self.client,
            organization: self.organization,
            lifetime: self.lifetime.load(SeqCst),
            counts,
            is_rank_due,
            uses: self.secrets.iter().filter_map(UsedSecret::take).collect(),
            tokens: self.take_tokens(most_tokens),
            grants: grants
                .filter_map(|(grant, last)| Some((grant, last.take()?)))
                .collect(),
            refusals: std::mem::take(&mut *lock(&self.refusals)),
        }
    }

    fn take_tokens(&self, most: usize) -> Vec<RecentToken> {
        let mut recent = lock(&self.recent);
        let beyond = recent.len().saturating_sub(most);
        let tokens: Vec<RecentToken> = recent.drain(..).skip(beyond).collect();
        // Frees the memory of a client that was busy once.
        recent.shrink_to(8);
        tokens
    }

    /// Moves the counts of the last hour to `earlier` when another hour has begun or the clock was set.
    #[cold]
    fn begin_hour(&self, hour: i64) {
        let mut earlier = lock(&self.earlier);
        let over = self.hour.load(SeqCst);
        if over != hour {
            add(&mut earlier, over, self.take_counters());
            self.hour.store(hour, SeqCst);
        }
    }

    fn take_counters(&self) -> Counts {
        let take = |kind| self.counter(kind).swap(0, SeqCst);
        Counts {
            issued: take(RequestKind::Issued),
            introspected: take(RequestKind::Introspected),
            refused: take(RequestKind::Refused),
        }
    }

    fn counter(&self, kind: RequestKind) -> &AtomicI64 {
        match kind {
            RequestKind::Issued => &self.issued,
            RequestKind::Introspected => &self.introspected,
            RequestKind::Refused => &self.refused,
        }
    }
}

impl UsedSecret {
    fn unused(secret: SecretNumber) -> Self {
        Self {
            secret,
            last: LastUse::default(),
            network: AtomicU64::new(0),
        }
    }

    fn take(&self) -> Option<(SecretNumber, SeenUse)> {
        let at = self.last.take()?;
        let network = self.network.load(SeqCst);
        Some((self.secret, SeenUse { at, network }))
    }
}

/// Adds to the counts of an hour, unless all are zero.
fn add(all: &mut Vec<(i64, Counts)>, hour: i64, counts: Counts) {
    if counts == Counts::default() {
        return;
    }
    match all.iter_mut().find(|(found, _)| *found == hour) {
        Some((_, sum)) => *sum += counts,
        None => all.push((hour, counts)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
