//! The database, SQLite or PostgreSQL. The only module that has SQL.
//!
//! Statements run in a transaction ([`Tx`]), which [`Store::read`] or [`Store::write`] opens. Those that run outside one are
//! the look-up of a session on SQLite, the version probes, and the check of the schema when a database is opened. A
//! statement is written once, in the SQL that both engines share, and the macro `on!` runs it on the engine that is open.
//! Where the engines need different statements, a comment says why.
//!
//! Every method fails with [`Error::Unavailable`] when the database cannot be asked.

#![allow(clippy::missing_errors_doc)]

mod address;
mod admin_links;
mod admins;
mod client_filters;
mod client_lists;
mod client_ordered_lists;
mod client_orders;
mod clients;
mod demo;
mod denylist;
mod directory;
mod error;
mod event_chain;
mod event_lists;
mod event_names;
mod event_rows;
mod events;
mod files;
mod form_keys;
mod grant_uses;
mod keys;
mod libpq;
mod live_tokens;
mod migrations;
mod open;
mod organization_lists;
mod organization_usage;
mod organizations;
mod overview;
mod participant_lists;
mod participant_passwords;
mod participants;
mod permission_uses;
mod permissions;
mod pool;
mod postgres_probe;
#[cfg(test)]
mod query_plan;
mod recent_tokens;
mod refusals;
mod revocations;
mod rows;
mod search;
mod secrets;
mod session_lookup;
mod sessions;
mod shown_uses;
mod sqlite_probe;
mod sqlite_sessions;
mod tx;
mod types;
mod usage;
mod version_probe;
mod wal_header;
mod wal_index;

pub use address::DatabaseUrl;
pub use admins::AdminRow;
pub use client_lists::ClientListing;
pub use client_ordered_lists::PlacedClient;
pub use client_orders::OrderedListing;
pub use clients::ClientUpdate;
pub use demo::{FilledClient, PermissionSet};
pub use directory::Stamp;
pub use error::{Error, Result};
pub use event_chain::{ChainPosition, ChainStretch, Pass, PassState};
pub use event_lists::{EventConditions, ReadEntries};
pub use files::{FreshFiles, create_private, is_there};
pub use form_keys::FormKeyRow;
pub use keys::KeyRow;
pub use organization_lists::OrganizationListing;
pub use overview::{EndingSecret, RefusedDay, UsageTotal};
pub use participant_lists::ParticipantListing;
pub use permissions::Holding;
pub use pool::{Missing, Store};
pub use recent_tokens::StoredToken;
pub use revocations::RevocationCount;
pub use secrets::StoredSecret;
pub use sessions::{NewSession, OpenSession, SessionRow};
pub use shown_uses::{KnownUse, ShownUse};
pub use tx::Tx;
pub(crate) use tx::on;
pub use usage::{ListedUses, UsageDay};
pub use version_probe::VersionProbe;
