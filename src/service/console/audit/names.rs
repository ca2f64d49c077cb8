//! The names of what entries mention, each kind read with one statement.

use std::collections::{BTreeSet, HashMap};

use crate::domain::audit::{AuditRow, EntryNames};
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Entry, Record, Target};
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::store::Tx;

/// Names by what identifies them.
struct Names {
    clients: HashMap<String, String>,
    organizations: HashMap<OrganizationId, String>,
    participants: HashMap<ParticipantId, String>,
}

/// The entries with the names of what they mention.
pub(in crate::service) async fn named(
    tx: &mut Tx,
    entries: Vec<Entry>,
) -> Result<Vec<AuditRow>, Error> {
    let names = read(tx, &entries).await?;
    let row = |entry: Entry| AuditRow {
        names: entry
            .record
            .as_ref()
            .map(|record| names.of(record))
            .unwrap_or_default(),
        entry,
    };
    Ok(entries.into_iter().map(row).collect())
}

async fn read(tx: &mut Tx, entries: &[Entry]) -> Result<Names, Error> {
    let mut clients = BTreeSet::new();
    let mut organizations = BTreeSet::new();
    let mut participants = BTreeSet::new();
    for record in entries.iter().filter_map(|entry| entry.record.as_ref()) {
        organizations.extend(record.organization_id);
        if let ActorRef::Client { id } = &record.actor {
            clients.insert(id.to_string());
        }
        match &record.target {
            Target::Client { id } => drop(clients.insert(id.to_string())),
            Target::Organization { id } => drop(organizations.insert(*id)),
            Target::Participant { id } => drop(participants.insert(*id)),
            Target::Admin { .. }
            | Target::Directory
            | Target::AuditLog
            | Target::SetUp
            | Target::Unknown(_) => {}
        }
    }
    let clients: Vec<String> = clients.into_iter().collect();
    let organizations: Vec<OrganizationId> = organizations.into_iter().collect();
    let participants: Vec<ParticipantId> = participants.into_iter().collect();
    Ok(Names {
        clients: tx.find_client_names(&clients).await?,
        organizations: tx.find_organization_names(&organizations).await?,
        participants: tx.find_nicknames(&participants).await?,
    })
}

impl Names {
    fn of(&self, record: &Record) -> EntryNames {
        let actor = match &record.actor {
            ActorRef::Client { id } => self.clients.get(id.as_str()),
            _ => None,
        };
        let target = match &record.target {
            Target::Client { id } => self.clients.get(id.as_str()),
            Target::Organization { id } => self.organizations.get(id),
            Target::Participant { id } => self.participants.get(id),
            _ => None,
        };
        let organization = record.organization_id;
        EntryNames {
            actor: actor.cloned(),
            target: target.cloned(),
            organization: organization
                .and_then(|id| self.organizations.get(&id))
                .cloned(),
        }
    }
}
