//! Participants: made, changed, listed, blocked, imported.

use crate::domain::complaint::{Complaint, ParticipantComplaint};
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::Event;
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::page::{Cursor, PARTICIPANT_PAGE_SIZE, Page};
use crate::domain::participant::{
    Extra, NewParticipant, Participant, ParticipantDetails, ParticipantKey, ParticipantRequest,
    TypedParticipant,
};
use crate::domain::rights::Right;
use crate::domain::secret::Secret;
use crate::domain::view::ParticipantList;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::service::console::organizations::unknown_organization;
use crate::service::console::participants::password::{check_new_password, hash};
use crate::store::{ParticipantListing, Tx};

mod block;
mod checks;
mod file;
pub(in crate::service) mod import;
mod password;

impl Console {
    /// One participant.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get_participant(
        &self,
        actor: &Actor,
        id: ParticipantId,
    ) -> Result<Participant, Error> {
        actor.require(Right::ReadDirectory)?;
        let found = self.read().await?.find_participant(id).await?;
        found.ok_or_else(|| unknown_participant(id))
    }

    /// One page of an organization's participants, by nickname. In a search, each term is the beginning of a word of the
    /// name or the address, or of the nickname.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`] when there is no such organization.
    pub async fn list_participants(
        &self,
        actor: &Actor,
        organization_id: OrganizationId,
        search: &str,
        cursor: Cursor,
    ) -> Result<ParticipantList, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        if tx.find_organization(organization_id).await?.is_none() {
            return Err(unknown_organization(organization_id));
        }
        let listing = ParticipantListing {
            organization_id,
            search,
            cursor,
            limit: PARTICIPANT_PAGE_SIZE + 1,
        };
        let rows = tx.list_participants(&listing).await?;
        let total = if search.trim().is_empty() {
            Some(tx.count_participants(organization_id).await?)
        } else {
            None
        };
        let page = Page::from_rows(rows, PARTICIPANT_PAGE_SIZE, cursor, |row| row.id.0);
        Ok(ParticipantList { page, total })
    }

    /// Every participant of an organization that a search finds, by nickname.
    ///
    /// # Errors
    /// As [`Console::list_participants`].
    pub async fn list_every_participant(
        &self,
        actor: &Actor,
        organization_id: OrganizationId,
        search: &str,
    ) -> Result<Vec<Participant>, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        if tx.find_organization(organization_id).await?.is_none() {
            return Err(unknown_organization(organization_id));
        }
        let listing = ParticipantListing {
            organization_id,
            search,
            cursor: Cursor::First,
            limit: i64::MAX,
        };
        Ok(tx.list_participants(&listing).await?)
    }

    /// Makes a participant, whose address counts as confirmed. Without a password the participant cannot sign in.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] in `nickname`, `email`, `name` or `password`; [`Error::NotFound`] and
    /// [`Error::Conflict`] when the organization is not there or is archived.
    pub async fn create_participant(
        &self,
        actor: &Actor,
        request: &ParticipantRequest,
    ) -> Result<Participant, Error> {
        let new = self.prepare_participant(actor, request).await?;
        let mut change = self.change(actor).await?;
        let made = insert(&mut change, &new).await?;
        change.commit(&made, creation(&new)).await?;
        Ok(made)
    }

    /// Makes the participant that a form asks for, or, when the form was sent before, answers as the first time.
    ///
    /// # Errors
    /// As [`Console::create_participant`]; [`Error::Conflict`] when the form was sent with other contents.
    pub async fn create_participant_by_form(
        &self,
        actor: &Actor,
        form: &SentForm,
        request: &ParticipantRequest,
    ) -> Result<FormAnswer, Error> {
        let new = self.prepare_participant(actor, request).await?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = form.find_answer(tx, &stamp.by).await? {
            return Ok(answer);
        }
        let made = insert(&mut change, &new).await?;
        let answer = FormAnswer {
            made: made.id.to_string(),
            sealed: None,
        };
        let (tx, stamp) = change.parts();
        form.keep_answer(tx, stamp, &answer).await?;
        change.commit(&made, creation(&new)).await?;
        Ok(answer)
    }

    /// What can be done before the transaction: hashing is slow and needs no lock.
    async fn prepare_participant(
        &self,
        actor: &Actor,
        request: &ParticipantRequest,
    ) -> Result<NewParticipant, Error> {
        actor.require(Right::ChangeParticipants)?;
        let details = request.typed.check();
        let password = check_new_password(&request.password, &request.typed);
        let (details, password) = match (details, password) {
            (Ok(details), Ok(password)) => (details, password),
            (details, password) => {
                let mut wrong = details.err().unwrap_or_default();
                wrong.extend(
                    password
                        .err()
                        .map(|why| FieldComplaint::new("password", why)),
                );
                return Err(Error::Invalid(wrong));
            }
        };
        let password_hash = match password {
            Some(password) => Some(hash(self, &password).await?),
            None => None,
        };
        Ok(new_participant(
            request.organization_id,
            details,
            password_hash,
        ))
    }

    /// Gives a participant another nickname, address or name. With those that it has already, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] in `nickname`, `email` or `name`;
    /// [`Error::Conflict`] when the organization is archived.
    pub async fn update_participant(
        &self,
        actor: &Actor,
        id: ParticipantId,
        typed: &TypedParticipant,
    ) -> Result<Participant, Error> {
        actor.require(Right::ChangeParticipants)?;
        let details = typed.check()?;
        let mut change = self.change(actor).await?;
        let participant = change.participant(id).await?;
        let before = participant.details();
        if before == details {
            return Ok(participant);
        }
        change
            .require_free(participant.organization_id, &details, Some(id))
            .await?;
        let (tx, stamp) = change.parts();
        tx.update_participant(id, &details, stamp).await?;
        let event = Event::ParticipantChanged {
            before,
            after: details,
        };
        let after = change.participant(id).await?;
        change.commit(&after, event).await?;
        Ok(after)
    }
}

impl Change {
    /// The participant with this id, whose organization is not archived.
    async fn participant(&mut self, id: ParticipantId) -> Result<Participant, Error> {
        let (tx, _) = self.parts();
        let found = tx
            .find_participant(id)
            .await?
            .ok_or_else(|| unknown_participant(id))?;
        require_open(tx, found.organization_id).await?;
        Ok(found)
    }

    /// Refuses a nickname and an address that another participant has.
    async fn require_free(
        &mut self,
        organization: OrganizationId,
        details: &ParticipantDetails,
        owner: Option<ParticipantId>,
    ) -> Result<(), Error> {
        let (tx, _) = self.parts();
        let keys = keys(details);
        let taken = tx.list_taken_participant_keys(organization, &keys).await?;
        let others = keys
            .iter()
            .filter(|key| taken.get(key).is_some_and(|id| Some(*id) != owner));
        let wrong: Vec<FieldComplaint> = others.map(|key| is_taken(key, details)).collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(wrong))
        }
    }
}

/// Refuses an organization that is not there or is archived.
async fn require_open(tx: &mut Tx, id: OrganizationId) -> Result<(), Error> {
    match tx.find_organization(id).await? {
        None => Err(unknown_organization(id)),
        Some(found) if found.archived_at.is_some() => Err(Error::Conflict(Complaint::Participant(
            ParticipantComplaint::ParticipantsArchived { id },
        ))),
        Some(_) => Ok(()),
    }
}

fn unknown_participant(id: ParticipantId) -> Error {
    Error::NotFound(Complaint::Participant(
        ParticipantComplaint::ParticipantUnknown { id },
    ))
}

fn keys(details: &ParticipantDetails) -> [ParticipantKey; 2] {
    [
        ParticipantKey::from(&details.nickname),
        ParticipantKey::from(&details.email),
    ]
}

fn is_taken(key: &ParticipantKey, details: &ParticipantDetails) -> FieldComplaint {
    match key {
        ParticipantKey::Nickname(_) => {
            let nickname = details.nickname.to_string();
            FieldComplaint::new(
                "nickname",
                Complaint::Participant(ParticipantComplaint::NicknameTaken { nickname }),
            )
        }
        ParticipantKey::Email(_) => {
            let email = details.email.to_string();
            FieldComplaint::new(
                "email",
                Complaint::Participant(ParticipantComplaint::EmailTaken { email }),
            )
        }
    }
}

/// A participant whom an administrator vouches for, so the address counts as confirmed. Only the participant can accept
/// terms.
fn new_participant(
    organization_id: OrganizationId,
    details: ParticipantDetails,
    password_hash: Option<Secret>,
) -> NewParticipant {
    NewParticipant {
        organization_id,
        nickname: details.nickname,
        email: details.email,
        name: details.name,
        password_hash,
        extra: Extra::default(),
        accepted_terms: false,
        confirmed: true,
    }
}

async fn insert(change: &mut Change, new: &NewParticipant) -> Result<Participant, Error> {
    let (tx, _) = change.parts();
    require_open(tx, new.organization_id).await?;
    let details = ParticipantDetails {
        nickname: new.nickname.clone(),
        email: new.email.clone(),
        name: new.name.clone(),
    };
    change
        .require_free(new.organization_id, &details, None)
        .await?;
    let (tx, stamp) = change.parts();
    let id = tx.insert_participant(new, stamp).await?;
    change.participant(id).await
}

fn creation(new: &NewParticipant) -> Event {
    Event::ParticipantCreated {
        nickname: new.nickname.clone(),
        email: new.email.clone(),
        name: new.name.clone(),
        has_password: new.password_hash.is_some(),
    }
}
