//! Why requests of a client were refused.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::domain::Time;
use crate::domain::client_tokens::{EndedSecret, RefusalRow};
use crate::domain::error::Error;
use crate::domain::ids::{ClientNumber, OrganizationId, SecretNumber};
use crate::domain::refusal::{CountedRefusal, RefusedFor};
use crate::store::{StoredSecret, Tx};

/// How long a refusal is told on every page of the client.
const RECENT: TimeDelta = TimeDelta::hours(24);

/// The last refusal of a client, if it is recent.
pub(in crate::service) async fn last_refusal(
    tx: &mut Tx,
    client: ClientNumber,
    now: Time,
) -> Result<Option<CountedRefusal>, Error> {
    let last = tx.list_refusals(client).await?.into_iter().next();
    Ok(last
        .filter(|last| last.last_at > now - RECENT)
        .map(|last| not_after(last, now)))
}

/// The last refusals of a client, the newest first, with what belongs to their reasons.
pub(super) async fn refusal_rows(
    tx: &mut Tx,
    client: ClientNumber,
    now: Time,
) -> Result<Vec<RefusalRow>, Error> {
    let refusals = tx.list_refusals(client).await?;
    let is_of_secret = |refusal: &CountedRefusal| secret_of(refusal.reason).is_some();
    let secrets = if refusals.iter().any(is_of_secret) {
        tx.list_secrets(client).await?
    } else {
        Vec::new()
    };
    let mut organizations: HashMap<OrganizationId, String> = HashMap::new();
    for refusal in &refusals {
        if let RefusedFor::OtherHost(id) = refusal.reason
            && !organizations.contains_key(&id)
            && let Some(found) = tx.find_organization(id).await?
        {
            organizations.insert(id, found.name);
        }
    }
    let row = |refusal: CountedRefusal| RefusalRow {
        secret: secret_of(refusal.reason).and_then(|number| ended(&secrets, number)),
        organization: match refusal.reason {
            RefusedFor::OtherHost(id) => organizations.get(&id).cloned(),
            _ => None,
        },
        refusal: not_after(refusal, now),
    };
    Ok(refusals.into_iter().map(row).collect())
}

fn secret_of(reason: RefusedFor) -> Option<SecretNumber> {
    match reason {
        RefusedFor::SecretRevoked(number) | RefusedFor::SecretExpired(number) => Some(number),
        _ => None,
    }
}

fn ended(secrets: &[StoredSecret], number: SecretNumber) -> Option<EndedSecret> {
    let found = secrets.iter().find(|row| row.number == number)?;
    let ends = [found.revoked_at, found.expires_at];
    Some(EndedSecret {
        hint: found.hint.clone(),
        ended_at: ends.into_iter().flatten().min(),
    })
}

/// The clock of another node may be ahead.
fn not_after(refusal: CountedRefusal, now: Time) -> CountedRefusal {
    CountedRefusal {
        first_at: refusal.first_at.min(now),
        last_at: refusal.last_at.min(now),
        ..refusal
    }
}
