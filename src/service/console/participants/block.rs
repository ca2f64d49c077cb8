//! Blocking participants, and their passwords.

use crate::domain::complaint::{Complaint, ParticipantComplaint};
use crate::domain::error::Error;
use crate::domain::event::Event;
use crate::domain::ids::ParticipantId;
use crate::domain::participant::{Participant, TypedParticipant};
use crate::domain::rights::Right;
use crate::domain::secret::Secret;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::participants::password::{check_new_password, hash};

impl Console {
    /// Blocks a participant: from this moment every token for the participant is dead for good, and none is issued.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it was blocked before or the organization is
    /// archived.
    pub async fn block_participant(
        &self,
        actor: &Actor,
        id: ParticipantId,
    ) -> Result<Participant, Error> {
        self.set_blocked(actor, id, true).await
    }

    /// Unblocks a participant: tokens are issued again, and those from before the block stay dead.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when it is not blocked or the organization is
    /// archived.
    pub async fn unblock_participant(
        &self,
        actor: &Actor,
        id: ParticipantId,
    ) -> Result<Participant, Error> {
        self.set_blocked(actor, id, false).await
    }

    async fn set_blocked(
        &self,
        actor: &Actor,
        id: ParticipantId,
        blocked: bool,
    ) -> Result<Participant, Error> {
        actor.require(Right::ChangeParticipants)?;
        let mut change = self.change(actor).await?;
        change.participant(id).await?;
        let (tx, stamp) = change.parts();
        let (is_changed, event, refusal) = if blocked {
            (
                tx.block_participant(id, stamp).await?,
                Event::ParticipantBlocked {},
                Complaint::Participant(ParticipantComplaint::BlockedAlready { id }),
            )
        } else {
            (
                tx.unblock_participant(id, stamp.version).await?,
                Event::ParticipantUnblocked {},
                Complaint::Participant(ParticipantComplaint::NotBlocked { id }),
            )
        };
        if !is_changed {
            return Err(Error::Conflict(refusal));
        }
        let after = change.participant(id).await?;
        change.commit(&after, event).await?;
        Ok(after)
    }

    /// Sets or replaces a participant's password. Tokens live on: only a block ends them.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `password`, [`Error::Conflict`] when the
    /// organization is archived.
    pub async fn set_participant_password(
        &self,
        actor: &Actor,
        id: ParticipantId,
        password: &Secret,
    ) -> Result<Participant, Error> {
        actor.require(Right::ChangeParticipants)?;
        let found = self.get_participant(actor, id).await?;
        let names = TypedParticipant {
            nickname: found.nickname.to_string(),
            email: found.email.to_string(),
            name: found.name,
        };
        let refused = |complaint| Error::invalid("password", complaint);
        let password = check_new_password(password, &names)
            .map_err(refused)?
            .ok_or_else(|| refused(Complaint::PasswordTooShort { count: 0 }))?;
        let hash = hash(self, &password).await?;
        let mut change = self.change(actor).await?;
        change.participant(id).await?;
        let (tx, stamp) = change.parts();
        tx.set_participant_password(id, hash.expose(), stamp)
            .await?;
        let after = change.participant(id).await?;
        change
            .commit(&after, Event::ParticipantPasswordSet {})
            .await?;
        Ok(after)
    }
}
