//! Facts that the server confirmed, to be verified after a crash; and the consistency rules of a database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::transport::{Transport, introspect, issue};
use crate::cli::shell::Folder;

/// A confirmed fact.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A client exists, is revoked or not.
    Client { id: String, is_revoked: bool },
    /// A client holds a permission, or does not.
    Holds {
        id: String,
        permission: &'static str,
        holds: bool,
    },
    /// A token was revoked.
    Dead { token: String },
    /// Credentials are accepted, or no longer.
    Works { basic: String, works: bool },
}

/// The facts by subject. While a change of a subject is in progress, it has no fact.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Facts>);

#[derive(Debug, Default)]
struct Facts {
    by_subject: BTreeMap<String, Fact>,
    answered: usize,
}

impl Ledger {
    /// Performs a change of a subject, and records the fact when it was answered.
    pub fn attempt<E>(
        &self,
        subject: &str,
        change: impl FnOnce() -> Result<Fact, E>,
    ) -> Result<(), E> {
        self.0.lock().unwrap().by_subject.remove(subject);
        let fact = change()?;
        let mut facts = self.0.lock().unwrap();
        facts.by_subject.insert(subject.to_owned(), fact);
        facts.answered += 1;
        Ok(())
    }

    /// The number of answered changes.
    pub fn answered(&self) -> usize {
        self.0.lock().unwrap().answered
    }

    /// The facts that do not hold.
    pub fn broken(
        &self,
        folder: &Folder,
        inspector: &str,
        transport: &mut dyn Transport,
    ) -> Vec<Fact> {
        let column =
            |statement: &str| -> BTreeSet<String> { folder.query(statement).into_iter().collect() };
        let living = column("SELECT id FROM api_clients WHERE revoked_at IS NULL");
        let revoked = column("SELECT id FROM api_clients WHERE revoked_at IS NOT NULL");
        let held = column(
            "SELECT c.id || ' ' || p.permission FROM client_permissions p JOIN api_clients c ON c.number = p.client",
        );
        let facts = self.0.lock().unwrap();
        let broken = facts.by_subject.values().filter(|fact| {
            let is_so = match fact {
                Fact::Client { id, is_revoked } => {
                    (if *is_revoked { &revoked } else { &living }).contains(id)
                }
                Fact::Holds {
                    id,
                    permission,
                    holds,
                } => held.contains(&format!("{id} {permission}")) == *holds,
                Fact::Dead { token } => introspect(transport, inspector, token).unwrap().is_none(),
                Fact::Works { basic, works } => {
                    issue(transport, basic).unwrap().is_some() == *works
                }
            };
            !is_so
        });
        broken.cloned().collect()
    }
}

/// The inconsistencies in a database.
pub fn inconsistencies(folder: &Folder) -> Vec<String> {
    let mut found = folder.query(HALVES);
    found.retain(|line| line != "ok");
    let held: BTreeSet<String> = folder
        .query("SELECT 'client:' || c.id || ' ' || p.permission FROM client_permissions p JOIN api_clients c ON c.number = p.client")
        .into_iter()
        .collect();
    let replayed = replayed(folder);
    let differing = held.symmetric_difference(&replayed);
    found.extend(differing.map(|line| format!("the audit log and the permissions differ: {line}")));
    found
}

/// Each row of these queries other than `ok` is a partial change. Signing in, signing out and revealing are the only
/// audit entries without a change of the directory, and creating the keys is the only change without an entry.
/// Revocations of single tokens beyond the first hundred of an hour have a counting entry.
const HALVES: &str = "
    SELECT integrity_check FROM pragma_integrity_check
    UNION ALL SELECT 'dangling: ' || \"table\" FROM pragma_foreign_key_check
    UNION ALL SELECT 'no secret: ' || id FROM api_clients c
        WHERE NOT EXISTS (SELECT 1 FROM client_secrets s WHERE s.client = c.number)
    UNION ALL SELECT 'made without an entry: ' || id FROM api_clients c
        WHERE (SELECT count(*) FROM audit_events e WHERE e.target = 'client:' || c.id AND e.kind = 'client.created') <> 1
    UNION ALL SELECT 'revoked without an entry: ' || id FROM api_clients c
        WHERE (SELECT count(*) FROM audit_events e WHERE e.target = 'client:' || c.id AND e.kind = 'client.revoked')
           <> (c.revoked_at IS NOT NULL)
    UNION ALL SELECT 'secrets without entries: ' || id FROM api_clients c
        WHERE (SELECT count(*) FROM client_secrets s WHERE s.client = c.number)
           <> (SELECT count(*) FROM audit_events e WHERE e.target = 'client:' || c.id
               AND e.kind IN ('client.created', 'secret.rotated'))
    UNION ALL SELECT 'denials without entries: ' || count(*) FROM denylist
        HAVING count(*) <> (SELECT count(*) FROM audit_events WHERE kind = 'token.revoked')
            + (SELECT coalesce(sum(max(revoked - 100, 0)), 0) FROM revocation_counts)
    UNION ALL SELECT 'denials that are not counted: ' || count(*) FROM denylist
        HAVING count(*) <> (SELECT coalesce(sum(revoked), 0) FROM revocation_counts)
    UNION ALL SELECT 'more entries than one client may leave: ' || count(*) FROM audit_events
        WHERE kind = 'token.revoked' GROUP BY target, substr(at, 1, 13) HAVING count(*) > 100
    UNION ALL SELECT 'a client ahead of the directory: ' || id FROM api_clients
        WHERE version > (SELECT version FROM directory_version)
    UNION ALL SELECT 'changes without entries: version ' || version FROM directory_version
        WHERE version <> 1 + (SELECT count(*) FROM audit_events WHERE version IS NOT NULL)
            + (SELECT coalesce(sum(max(revoked - 100, 0)), 0) FROM revocation_counts)";

/// The permissions of clients, replayed from the audit log.
fn replayed(folder: &Folder) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    let entries = "SELECT target || ' ' || data FROM audit_events WHERE kind = 'permissions.changed' ORDER BY sequence";
    for entry in folder.query(entries) {
        let (client, detail) = entry.split_once(' ').unwrap();
        let detail: serde_json::Value = serde_json::from_str(detail).unwrap();
        let names = |key: &str| -> Vec<String> {
            let names = detail[key].as_array().unwrap().iter();
            names
                .map(|name| format!("{client} {}", name.as_str().unwrap()))
                .collect()
        };
        held.extend(names("granted"));
        for name in names("removed") {
            held.remove(&name);
        }
    }
    held
}

#[test]
fn a_whole_database_has_no_halves_and_each_half_is_found() {
    let made = || {
        let folder = Folder::furnished();
        let id = folder.make("--scope blogs --organization-id 2").id;
        folder.api_client(&format!(
            "grant --id={id} --permission blogs.read,blogs.write"
        ));
        folder.api_client(&format!("revoke --id={id} --permission blogs.read"));
        folder.api_client(&format!("rotate --id={id}"));
        folder.api_client(&format!("delete --id={id}"));
        assert_eq!(inconsistencies(&folder), Vec::<String>::new());
        folder
    };
    for harm in [
        "DELETE FROM client_secrets",
        "DELETE FROM client_secrets WHERE number = 1",
        "DELETE FROM client_permissions",
        "DELETE FROM audit_events WHERE kind = 'client.created'",
        "DELETE FROM audit_events WHERE kind = 'permissions.changed'",
        "DELETE FROM audit_events WHERE kind = 'secret.rotated'",
        "DELETE FROM audit_events WHERE kind = 'client.revoked'",
        "UPDATE api_clients SET revoked_at = NULL",
        "UPDATE directory_version SET version = version + 1",
        "UPDATE directory_version SET version = version - 1",
        "INSERT INTO revocation_counts VALUES (1, 1, 1)",
        "INSERT INTO denylist VALUES (x'00', '2999-01-01T00:00:00+00:00', '2999-01-01T00:00:00+00:00', 1)",
    ] {
        let folder = made();
        folder.query(harm);
        assert_ne!(inconsistencies(&folder), Vec::<String>::new(), "{harm}");
    }
}
