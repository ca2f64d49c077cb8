//! The rules of the service: what may happen, to whom it may happen, and what it leaves behind.

use claviger::domain::admin::Admin;
use claviger::domain::error::Error;
use claviger::domain::event::{Record, Target};
use claviger::domain::ids::AdminId;
use claviger::domain::role::Role;
use claviger::service::{Actor, Credentials, RequestOrigin, TokenRequest, Visitor};

use crate::support::{Database, Fixture, authority, noon, secret};

mod account;
mod admin_links;
mod admin_rights;
mod administrators;
mod admins;
mod audit_atomicity;
mod audit_log;
mod audit_reading;
mod authorization;
mod bulk;
mod bulk_refused;
mod cancellation;
mod catalog;
mod changed_meanwhile;
mod client_creation;
mod client_creation_refused;
mod client_export;
mod client_lists;
mod client_names;
mod client_refusals;
mod client_revocation;
mod client_tokens;
mod client_versions;
mod clients;
mod demo;
mod denylist;
mod examined_tokens;
mod failed_sign_ins;
mod find;
mod form_keys;
mod keys;
mod live;
mod live_tokens;
mod organization_pages;
mod organizations;
mod overview;
mod participant_creation;
mod participant_import;
mod participant_import_form;
mod participant_lists;
mod participant_tokens;
mod participants;
mod pending_rotations;
mod permission_copies;
mod permission_uses;
mod permissions;
mod rotations;
mod secrets;
mod secrets_at_rest;
mod sessions;
mod setup;
mod sign_in;
mod stepped_up;
mod system_clients;
mod typed_forms;
mod usage;
mod usage_flush;
mod usage_sweep;

/// A password that nobody guesses.
const PASSWORD: &str = "correct horse staple gun";

/// An administrator of this role, signed in from somewhere.
fn admin(role: Role) -> Actor {
    let admin = Admin {
        id: AdminId(1),
        email: format!("{}@example.org", role.as_str()),
        role,
        created_at: noon(),
        disabled_at: None,
    };
    Actor::Admin {
        admin,
        session: [7; 32],
        has_fresh_proof: true,
        address: Some("192.0.2.1".parse().unwrap()),
    }
}

fn visitor(address: &str) -> Visitor {
    Visitor {
        address: Some(address.parse().unwrap()),
        ..Visitor::default()
    }
}

/// How many rows every table has, and the version of the directory: what a refusal must not change.
async fn footprint(database: &Database) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "organizations",
        "api_clients",
        "client_permissions",
        "client_secrets",
        "denylist",
        "server_keys",
        "admins",
        "admin_sessions",
        "admin_links",
        "form_keys",
        "participants",
        "audit_events",
    ] {
        counts.push(database.count(table).await);
    }
    let mut tx = database.store.read().await.unwrap();
    counts.push(tx.find_directory_version().await.unwrap().0);
    counts
}

/// The same, but for the events about failed sign-ins.
async fn footprint_without_failed_sign_ins(database: &Database) -> Vec<i64> {
    let mut counts = footprint(database).await;
    // Events stand before the version.
    let events = counts.len() - 2;
    let others = "audit_events WHERE kind <> 'admin.sign_in_failed'";
    counts[events] = database.count(others).await;
    counts
}

/// The audit log of a target, the newest entry first.
async fn audit_log(fixture: &Fixture, target: &str) -> Vec<Record> {
    let mut tx = fixture.database.store.read().await.unwrap();
    let target = Target::from(target.to_owned());
    let recorded = tx.list_events(&target, 100).await.unwrap();
    recorded.into_iter().map(|entry| entry.record).collect()
}

/// The kinds of the events about a target, the newest first.
async fn kinds(fixture: &Fixture, target: &str) -> Vec<String> {
    let audit_log = audit_log(fixture, target).await;
    let kinds = audit_log.iter().map(|record| record.event.kind());
    kinds.map(ToOwned::to_owned).collect()
}

/// Whether a client's secret is accepted.
async fn opens(fixture: &Fixture, client: &str, text: &str) -> bool {
    let origin = RequestOrigin {
        host: authority("127.0.0.1:3000"),
        address: None,
    };
    let credentials = Credentials {
        id: client.to_owned(),
        secret: secret(text),
    };
    fixture
        .tokens
        .issue_token(
            &origin,
            &credentials,
            TokenRequest::client_credentials(None),
        )
        .await
        .is_ok()
}

fn names(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The field that a refusal complains about, alone.
fn field<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::Invalid(fields)) if fields.len() == 1 => fields[0].field.to_owned(),
        other => panic!("one field should be wrong: {other:?}"),
    }
}
