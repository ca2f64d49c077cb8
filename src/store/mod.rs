//! The database, SQLite or PostgreSQL. The only module that has SQL.
//!
//! Every statement runs in a transaction ([`Tx`]), which [`Store::read`] or [`Store::write`] opens. A statement is
//! written once, in the SQL that both engines share, and the macro `on!` runs it on the engine that is open. Where the
//! engines need different statements, a comment says why.
//!
//! Every method fails with [`Error::Unavailable`] when the database cannot be asked.

#![allow(clippy::missing_errors_doc)]

mod address;
mod admins;
mod client_filters;
mod client_lists;
mod clients;
mod demo;
mod denylist;
mod directory;
mod error;
mod events;
mod files;
mod form_keys;
mod keys;
mod libpq;
mod open;
mod organization_lists;
mod organizations;
mod participant_lists;
mod participant_passwords;
mod participants;
mod permission_uses;
mod permissions;
mod pool;
mod revocations;
mod rows;
mod search;
mod secrets;
mod sessions;
mod tx;
mod types;
mod usage;
mod version_probe;

pub use address::DatabaseUrl;
pub use admins::AdminRow;
pub use client_lists::ClientListing;
pub use clients::ClientUpdate;
pub use demo::{FilledClient, PermissionSet};
pub use directory::Stamp;
pub use error::{Error, Result};
pub use events::Verification;
pub use files::{FreshFiles, create_private, is_there};
pub use form_keys::FormKeyRow;
pub use keys::KeyRow;
pub use organization_lists::OrganizationListing;
pub use participant_lists::ParticipantListing;
pub use permissions::Holding;
pub use pool::{Missing, Store};
pub use revocations::RevocationCount;
pub use secrets::StoredSecret;
pub use sessions::SessionRow;
pub use tx::Tx;
pub(crate) use tx::on;
pub use usage::UsageDay;
pub use version_probe::VersionProbe;
