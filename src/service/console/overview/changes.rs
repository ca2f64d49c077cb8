//! The newest changes, from the audit log.

use std::collections::HashMap;

use crate::domain::client::ClientId;
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Recorded, SHORT_LIVED, Target};
use crate::domain::ids::ParticipantId;
use crate::domain::view::RecentChange;
use crate::store::Tx;

/// How many changes are shown.
const CHANGES: usize = 8;

/// Among how many of the newest records they are looked for: sign-ins, and what clients do by themselves, are no changes.
const RECORDS: i64 = 60;

/// The newest changes, with the names of their clients and participants.
pub(super) async fn recent_changes(tx: &mut Tx) -> Result<Vec<RecentChange>, Error> {
    let mut records = tx.list_newest_events(RECORDS).await?;
    records.retain(is_change);
    records.truncate(CHANGES);
    let mut clients = Vec::<&ClientId>::new();
    let mut participants = Vec::<ParticipantId>::new();
    for recorded in &records {
        if let ActorRef::Client { id } = &recorded.record.actor {
            clients.push(id);
        }
        match &recorded.record.target {
            Target::Client { id } => clients.push(id),
            Target::Participant { id } => participants.push(*id),
            _ => {}
        }
    }
    let names: HashMap<String, String> =
        tx.list_client_names(&clients).await?.into_iter().collect();
    let nicknames: HashMap<ParticipantId, String> = tx
        .list_nicknames(&participants)
        .await?
        .into_iter()
        .map(|participant| (participant.id, participant.nickname))
        .collect();
    let with_names = |recorded: Recorded| RecentChange {
        actor_name: match &recorded.record.actor {
            ActorRef::Client { id } => names.get(id.as_str()).cloned(),
            _ => None,
        },
        target_name: match &recorded.record.target {
            Target::Client { id } => names.get(id.as_str()).cloned(),
            Target::Participant { id } => nicknames.get(id).cloned(),
            _ => None,
        },
        recorded,
    };
    Ok(records.into_iter().map(with_names).collect())
}

/// Whether a record tells of a change that somebody made.
fn is_change(recorded: &Recorded) -> bool {
    let event = &recorded.record.event;
    let is_session = matches!(event, Event::SignedIn {} | Event::SignedOut {});
    !is_session && !SHORT_LIVED.contains(&event.kind())
}
