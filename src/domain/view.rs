//! Read models: the contents of pages, which the service reads in one transaction.

mod catalog;
mod comparison;
mod found;
mod live;
mod organization;
mod overview;
mod transfer;

pub use catalog::{CatalogPage, HeldByClients, PermissionHolders};
pub use comparison::{
    ClientChoice, CopiedRest, ImpossiblePermission, NamedClient, PermissionComparison,
    PermissionHistory,
};
pub use found::Found;
pub use live::{SentUpdate, UseCells};
pub use organization::{OrganizationPage, OrganizationUsage, UsedClient};
pub use overview::{
    AnswerTime, BusyClient, Concern, ConcernReason, ENDING_DAYS, MANY_REFUSALS, Overview, Period,
    Traffic, UNUSED_DAYS, UNUSED_SINCE_CREATION_DAYS,
};
pub use transfer::{TransferProgress, TransferState};

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Time;
use super::admin::{AdminLink, AdminSummary};
use super::audit::AuditRow;
use super::catalog::{Catalog, Scope};
use super::client::{Client, ClientState, ClientSummary, StatusCounts};
use super::count::Count;
use super::ids::{OrganizationId, SecretNumber};
use super::organization::{OrganizationChoice, OrganizationSummary};
use super::page::Page;
use super::participant::Participant;
use super::refusal::CountedRefusal;
use super::rotation::SecretState;
use super::usage::{ClientUsage, OrganizationUsed, SwitchUses};

/// How much there is in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryCounts {
    /// Clients that are not revoked.
    pub clients: Count,
    /// Those of them that belong to no organization.
    pub unbound_clients: Count,
    /// Organizations that are not archived.
    pub organizations: i64,
    /// Organizations that are archived.
    pub archived: i64,
    /// Clients by status.
    pub statuses: StatusCounts,
}

/// The list of clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientList {
    /// One page of clients.
    pub page: Page<ClientRow>,
    /// In the order of use: when its first client was last used, in microseconds since 1970; 0 when it never was.
    pub first_used_at: i64,
    /// The same of its last client.
    pub last_used_at: i64,
    /// The number of clients of each status; none under another filter.
    pub counts: Option<StatusCounts>,
    /// Organizations to filter by: the first by name, and the selected one.
    pub organizations: Vec<OrganizationChoice>,
    /// Whether there are more.
    pub has_more_organizations: bool,
    /// Scopes to filter by.
    pub scopes: Vec<String>,
    /// When the list was made.
    pub now: Time,
}

/// One client in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientRow {
    /// The client and the name of its organization.
    pub summary: ClientSummary,
    /// Its state at present.
    pub state: ClientState,
    /// How many permissions it holds.
    pub granted: usize,
    /// How many its scopes allow.
    pub grantable: usize,
    /// Its usage.
    pub usage: ClientUsage,
}

/// The organizations that a form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrganizationChoices {
    /// All that are not archived, by name.
    All(Vec<OrganizationChoice>),
    /// There are too many for a list, so the form asks for the name or the id.
    Named {
        /// The one that the address or the sent form names by its id.
        chosen: Option<OrganizationChoice>,
        /// Those that a typed text may mean.
        matches: Vec<OrganizationChoice>,
    },
}

/// The choices of the form for a new client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientChoices {
    /// All scopes.
    pub scopes: Vec<Scope>,
    /// The organizations.
    pub organizations: OrganizationChoices,
    /// Tomorrow, the first day on which a client can expire, as `2026-11-24`.
    pub tomorrow: String,
    /// Whether a secret can be revealed later.
    pub secrets_recoverable: bool,
}

/// The contents of a client's pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientPage {
    /// The client.
    pub client: Client,
    /// The name of its organization.
    pub organization: Option<String>,
    /// How many participants its organization has; none without an organization.
    pub participants: Option<Count>,
    /// Its state at present.
    pub state: ClientState,
    /// The scopes it owns and their permissions, and the permissions that need no scope.
    pub catalog: Catalog,
    /// Permissions it holds that the catalogue no longer has, or whose scope it does not own: they grant nothing and
    /// can be removed.
    pub retired: Vec<String>,
    /// Its usage.
    pub usage: ClientUsage,
    /// When it last got a token for a participant.
    pub switch_uses: SwitchUses,
    /// Its last refused request, if that was in the last 24 hours.
    pub last_refusal: Option<CountedRefusal>,
    /// Its secrets that are not revoked, the newest first.
    pub secrets: Vec<SecretRow>,
    /// The URL of the token endpoint.
    pub token_url: String,
    /// The lifetime of its tokens, in seconds.
    pub token_ttl: i64,
    /// The lifetime of tokens of clients that have none of their own, in seconds.
    pub usual_token_ttl: i64,
    /// Whether a secret can be revealed later.
    pub secrets_recoverable: bool,
    /// Whether the actor may change it.
    pub may_change: bool,
    /// Whether the actor may suspend it; resuming is a change.
    pub may_suspend: bool,
    /// When the page was made.
    pub now: Time,
    /// Tomorrow, the first day on which it can expire, as `2026-11-24`.
    pub tomorrow: String,
}

/// A secret of a client, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRow {
    /// The secret's number.
    pub number: SecretNumber,
    /// Its last four characters; none when a person chose it.
    pub hint: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// Who made it.
    pub created_by: String,
    /// When it stops being valid.
    pub expires_at: Option<Time>,
    /// While it waits for its first use: for how many seconds the older secrets go on after that.
    pub pending_grace: Option<i64>,
    /// When it was last used.
    pub last_used_at: Option<Time>,
    /// The network of that use, such as `192.0.2.0/24`; none where it is not known.
    pub last_used_from: Option<String>,
    /// Whether it can be revealed.
    pub recoverable: bool,
}

impl SecretRow {
    /// Its state at a moment.
    #[must_use]
    pub fn state(&self, now: Time) -> SecretState {
        SecretState::at(now, self.expires_at, self.pending_grace)
    }
}

/// A secret in plain, for the person who made or revealed it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownSecret {
    /// The secret's number.
    pub number: SecretNumber,
    /// The text.
    pub text: String,
    /// Whether the client was just made.
    pub is_new_client: bool,
}

impl std::fmt::Debug for ShownSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ShownSecret")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The contents of the page of organizations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganizationList {
    /// One page of the organizations that are not archived, by name.
    pub page: Page<OrganizationSummary>,
    /// What the clients of these did.
    pub usage: HashMap<OrganizationId, OrganizationUsed>,
    /// The present moment.
    pub now: Time,
    /// How many there are; none in a search.
    pub total: Option<i64>,
    /// How many clients belong to none.
    pub unbound_clients: Count,
    /// How many organizations are archived.
    pub archived: i64,
}

/// The contents of the page of administrators.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminList {
    /// One page of them, in the order of their making.
    pub page: Page<AdminSummary>,
    /// The links that wait to be used, or have ended lately.
    pub links: Vec<AdminLink>,
    /// When the list was made.
    pub now: Time,
}

/// The contents of an administrator's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminPage {
    /// The administrator.
    pub summary: AdminSummary,
    /// How many sessions they have open.
    pub sessions: usize,
    /// Whether there would be no owner without them.
    pub is_last_owner: bool,
    /// Whether a link to a new password waits to be used.
    pub has_link: bool,
    /// The newest entries of the audit log about what they did.
    pub acts: Vec<AuditRow>,
    /// When the page was made.
    pub now: Time,
}

/// A one-time link in plain, for the person who made it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLink {
    /// For whom it is.
    pub email: String,
    /// Whether it makes an administrator; otherwise it leads to a new password.
    pub is_invitation: bool,
    /// Its whole address, with the code.
    pub address: String,
    /// When it ends.
    pub ends_at: Time,
}

impl std::fmt::Debug for ShownLink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ShownLink")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// The participants of an organization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParticipantList {
    /// One page of them, by nickname.
    pub page: Page<Participant>,
    /// How many there are; none in a search.
    pub total: Option<Count>,
}

/// The addresses of the files that every page loads. Their names have a hash of their content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFiles {
    /// The loader of the module, a script.
    pub script: String,
    /// The WebAssembly module.
    pub module: String,
    /// The stylesheet.
    pub style: String,
}

/// A form as it was posted, to be carried out later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedForm {
    /// The address that it was posted to, as a path with its query.
    pub address: String,
    /// Its fields, in the coding of forms.
    pub body: String,
}

impl std::fmt::Debug for PostedForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PostedForm").finish_non_exhaustive()
    }
}

/// A refused form, for the page that shows it again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// The address of the page, as a path with its query.
    pub page: String,
    /// The path that the form was posted to, such as `/system/do/clients/create`.
    pub endpoint: String,
    /// The errors and the typed values, as the JSON that a script would get.
    pub refusal: String,
}

impl std::fmt::Debug for RefusedForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RefusedForm")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
