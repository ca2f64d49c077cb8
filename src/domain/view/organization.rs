//! The contents of an organization's page.

use crate::domain::Time;
use crate::domain::audit::AuditRow;
use crate::domain::client::{Client, ClientState};
use crate::domain::count::Count;
use crate::domain::organization::OrganizationSummary;
use crate::domain::usage::ClientUsage;

/// An organization, archived or not, with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationPage {
    /// The organization and the numbers of its clients.
    pub summary: OrganizationSummary,
    /// How many participants it has.
    pub participants: Count,
    /// What its clients did.
    pub usage: OrganizationUsage,
    /// The newest entries of the audit log about it and what belongs to it.
    pub changes: Vec<AuditRow>,
    /// Whether the actor may change it.
    pub may_change: bool,
    /// Whether the actor may make clients.
    pub may_add_clients: bool,
    /// When the page was made.
    pub now: Time,
}

/// What the clients of an organization did. Of those that are not revoked, where there are very many, only some are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationUsage {
    /// The requests of all its clients, revoked or not, and the last use of any.
    pub sum: ClientUsage,
    /// How many of their tokens were issued and have not expired, at most.
    pub live_tokens: i64,
    /// How many that were read were used on one of the days.
    pub used: usize,
    /// How many were read.
    pub read: usize,
    /// Whether there are more than were read.
    pub is_partial: bool,
    /// The busiest that were read, then the newest; a few.
    pub clients: Vec<UsedClient>,
}

/// A client with its usage.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedClient {
    /// The client.
    pub client: Client,
    /// Its state at present.
    pub state: ClientState,
    /// Its usage.
    pub usage: ClientUsage,
}
