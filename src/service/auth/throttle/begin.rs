//! The start of an attempt.

use std::hash::BuildHasher;
use std::net::IpAddr;

use super::{Account, Attempt, GuessTarget, Network, Throttle};

impl Throttle {
    /// Starts an attempt on the account of this name, which may have to wait: see [`Attempt::check`].
    pub(in crate::service) fn attempt(
        &self,
        target: GuessTarget,
        name: &str,
        address: Option<IpAddr>,
    ) -> Attempt<'_> {
        Attempt {
            throttle: self,
            account: Account(target, self.names.hash_one(name)),
            network: Network::of(address),
            guess: None,
        }
    }
}
