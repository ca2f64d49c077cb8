//! Participants of organizations.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use sqlx::AssertSqlSafe;

use crate::domain::ids::{OrganizationId, ParticipantId, Version};
use crate::domain::participant::{
    Extra, NewParticipant, Nickname, Participant, ParticipantDetails, ParticipantEmail,
    ParticipantKey, folded,
};

use super::rows::{LazyStatements, statements, texts};
use super::search::{Noun, SearchEntry, beginnings};
use super::types::read_from_row;
use super::{Result, Stamp, Tx, on};

static INSERT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO participants (id, organization_id, nickname, nickname_key, email, email_key, name, name_key,
            password_hash, extra, created_at, updated_at, accepted_terms_at, confirmed_at, generation, version)
         VALUES ",
        16,
        "",
    )
});

/// How many keys are looked up at a time.
const KEYS_AT_ONCE: usize = 500;

read_from_row!(Participant, row => Participant {
    id: row.try_get("id")?,
    organization_id: row.try_get("organization_id")?,
    nickname: Nickname::stored(row.try_get("nickname")?),
    email: ParticipantEmail::stored(row.try_get("email")?),
    name: row.try_get("name")?,
    extra: Extra::stored(row.try_get("extra")?),
    created_at: row.try_get("created_at")?,
    updated_at: row.try_get("updated_at")?,
    accepted_terms_at: row.try_get("accepted_terms_at")?,
    confirmed_at: row.try_get("confirmed_at")?,
    blocked_at: row.try_get("blocked_at")?,
    generation: row.try_get("generation")?,
    has_password: row.try_get("has_password")?,
    version: row.try_get("version")?,
});

/// The columns of a participant; the caller appends the rest of the statement.
macro_rules! select_participants {
    ($($rest:expr),+) => {
        concat!(
            "SELECT p.id, p.organization_id, p.nickname, p.email, p.name, p.extra, p.created_at, p.updated_at,
                    p.accepted_terms_at, p.confirmed_at, p.blocked_at, p.generation,
                    p.password_hash IS NOT NULL AS has_password, p.version
             FROM participants p ",
            $($rest),+
        )
    };
}
pub(super) use select_participants;

/// The beginnings by which a participant is found.
fn words(name: &str, nickname: &Nickname, email: &ParticipantEmail) -> BTreeSet<String> {
    let text = format!("{} {}", folded(name), email.key());
    beginnings(&text, &nickname.key())
}

impl Tx {
    /// The participant with this id.
    pub async fn find_participant(&mut self, id: ParticipantId) -> Result<Option<Participant>> {
        on!(self, conn => Ok(
            sqlx::query_as(select_participants!("WHERE p.id = $1")).bind(id).fetch_optional(conn).await?
        ))
    }

    /// The participant of an organization with this nickname or email address.
    pub async fn find_participant_named(
        &mut self,
        organization: OrganizationId,
        key: &ParticipantKey,
    ) -> Result<Option<Participant>> {
        let (statement, key) = match key {
            ParticipantKey::Nickname(key) => (
                select_participants!("WHERE p.organization_id = $1 AND p.nickname_key = $2"),
                key,
            ),
            ParticipantKey::Email(key) => (
                select_participants!("WHERE p.organization_id = $1 AND p.email_key = $2"),
                key,
            ),
        };
        on!(self, conn => Ok(
            sqlx::query_as(statement).bind(organization).bind(key).fetch_optional(conn).await?
        ))
    }

    /// Which of these keys participants of an organization have, and who.
    pub async fn list_taken_participant_keys(
        &mut self,
        organization: OrganizationId,
        keys: &[ParticipantKey],
    ) -> Result<HashMap<ParticipantKey, ParticipantId>> {
        let (mut nicknames, mut emails) = (Vec::new(), Vec::new());
        for key in keys {
            match key {
                ParticipantKey::Nickname(key) => nicknames.push(key.as_str()),
                ParticipantKey::Email(key) => emails.push(key.as_str()),
            }
        }
        let mut taken = HashMap::new();
        for chunk in nicknames.chunks(KEYS_AT_ONCE) {
            let found = self.list_taken("nickname_key", organization, chunk).await?;
            taken.extend(
                found
                    .into_iter()
                    .map(|(key, id)| (ParticipantKey::Nickname(key), id)),
            );
        }
        for chunk in emails.chunks(KEYS_AT_ONCE) {
            let found = self.list_taken("email_key", organization, chunk).await?;
            taken.extend(
                found
                    .into_iter()
                    .map(|(key, id)| (ParticipantKey::Email(key), id)),
            );
        }
        Ok(taken)
    }

    async fn list_taken(
        &mut self,
        column: &'static str,
        organization: OrganizationId,
        keys: &[&str],
    ) -> Result<Vec<(String, ParticipantId)>> {
        let parameters: Vec<String> = (2..)
            .take(keys.len())
            .map(|number| format!("${number}"))
            .collect();
        let statement = format!(
            "SELECT {column}, id FROM participants WHERE organization_id = $1 AND {column} IN ({})",
            parameters.join(", ")
        );
        on!(self, conn => {
            let mut query = sqlx::query_as(AssertSqlSafe(statement)).bind(organization);
            for key in keys {
                query = query.bind(*key);
            }
            Ok(query.fetch_all(conn).await?)
        })
    }

    /// Adds a participant under the next free id. The transaction must have raised the directory version, which
    /// serializes writers, so that the id stays free.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when another participant of the organization has the nickname or the address.
    pub async fn insert_participant(
        &mut self,
        new: &NewParticipant,
        stamp: &Stamp,
    ) -> Result<ParticipantId> {
        self.insert_participants(std::slice::from_ref(new), stamp)
            .await
    }

    /// Adds participants under the next free ids, in this order, and returns the first id.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken), as for one.
    pub async fn insert_participants(
        &mut self,
        new: &[NewParticipant],
        stamp: &Stamp,
    ) -> Result<ParticipantId> {
        let first: i64 = on!(self, conn => {
            sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM participants").fetch_one(conn).await?
        });
        let numbered: Vec<(i64, &NewParticipant)> = (first..).zip(new).collect();
        for (text, rows) in statements(self, &INSERT, &numbered) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (id, new) in rows {
                    query = query
                        .bind(*id)
                        .bind(new.organization_id)
                        .bind(new.nickname.as_str())
                        .bind(new.nickname.key())
                        .bind(new.email.as_str())
                        .bind(new.email.key())
                        .bind(&new.name)
                        .bind(folded(&new.name))
                        .bind(new.password_hash.as_ref().map(|hash| hash.expose().to_owned()))
                        .bind(new.extra.text())
                        .bind(stamp.at)
                        .bind(stamp.at)
                        .bind(new.accepted_terms.then_some(stamp.at))
                        .bind(new.confirmed.then_some(stamp.at))
                        .bind(0_i64)
                        .bind(stamp.version);
                }
                query.execute(conn).await?;
            });
        }
        let entries = numbered.iter().flat_map(|(id, new)| {
            let words = words(&new.name, &new.nickname, &new.email).into_iter();
            words.map(|beginning| SearchEntry {
                noun: Noun::Participant,
                beginning,
                number: *id,
            })
        });
        self.insert_search(entries.collect()).await?;
        Ok(ParticipantId(first))
    }

    /// Replaces nickname, address and name. False when there is no such participant.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when another participant of the organization has the nickname or the address.
    pub async fn update_participant(
        &mut self,
        id: ParticipantId,
        details: &ParticipantDetails,
        stamp: &Stamp,
    ) -> Result<bool> {
        let Some(before) = self.find_participant(id).await? else {
            return Ok(false);
        };
        let before = words(&before.name, &before.nickname, &before.email);
        let after = words(&details.name, &details.nickname, &details.email);
        self.update_search(Noun::Participant, id.0, &before, &after)
            .await?;
        on!(self, conn => {
            sqlx::query(
                "UPDATE participants
                 SET nickname = $2, nickname_key = $3, email = $4, email_key = $5, name = $6, name_key = $7,
                     updated_at = $8, version = $9
                 WHERE id = $1",
            )
            .bind(id)
            .bind(details.nickname.as_str())
            .bind(details.nickname.key())
            .bind(details.email.as_str())
            .bind(details.email.key())
            .bind(&details.name)
            .bind(folded(&details.name))
            .bind(stamp.at)
            .bind(stamp.version)
            .execute(conn)
            .await?;
        });
        Ok(true)
    }

    /// Replaces what is kept about a participant.
    pub async fn set_participant_extra(
        &mut self,
        id: ParticipantId,
        extra: &Extra,
        stamp: &Stamp,
    ) -> Result<()> {
        on!(self, conn => {
            sqlx::query("UPDATE participants SET extra = $2, updated_at = $3, version = $4 WHERE id = $1")
                .bind(id)
                .bind(extra.text())
                .bind(stamp.at)
                .bind(stamp.version)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Blocks a participant and raises the generation, so that no token issued before is ever valid again. False when
    /// there is no such participant or it is blocked already.
    pub async fn block_participant(&mut self, id: ParticipantId, stamp: &Stamp) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query(
                "UPDATE participants SET blocked_at = $2, generation = generation + 1, version = $3
                 WHERE id = $1 AND blocked_at IS NULL",
            )
            .bind(id)
            .bind(stamp.at)
            .bind(stamp.version)
            .execute(conn)
            .await?
            .rows_affected() == 1
        ))
    }

    /// Unblocks a participant. False when there is no such participant or it is not blocked.
    pub async fn unblock_participant(
        &mut self,
        id: ParticipantId,
        version: Version,
    ) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query(
                "UPDATE participants SET blocked_at = NULL, version = $2 WHERE id = $1 AND blocked_at IS NOT NULL",
            )
            .bind(id)
            .bind(version)
            .execute(conn)
            .await?
            .rows_affected() == 1
        ))
    }

    /// The participants that changed after a version.
    pub async fn list_changed_participants(
        &mut self,
        since: Version,
    ) -> Result<Vec<ParticipantId>> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT id FROM participants WHERE version > $1").bind(since).fetch_all(conn).await?
        ))
    }
}
