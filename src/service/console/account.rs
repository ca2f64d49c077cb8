//! The account of an administrator who is signed in: their password and their sessions.

use crate::domain::admin::{Admin, AdminSession, check_password};
use crate::domain::complaint::{AdminComplaint, Complaint};
use crate::domain::error::Error;
use crate::domain::event::{Event, Target};
use crate::domain::rights::Right;
use crate::domain::secret::Secret;
use crate::service::auth::passwords::opaque_string;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::administrators::{handle, shown_session};

impl Console {
    /// The actor's sessions that have not ended, the last used first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator.
    pub async fn list_own_sessions(&self, actor: &Actor) -> Result<Vec<AdminSession>, Error> {
        let (admin, session) = account(actor)?;
        let mut tx = self.read().await?;
        let open = self.open_sessions(&mut tx, admin.id).await?;
        Ok(open
            .into_iter()
            .map(|open| shown_session(open, session))
            .collect())
    }

    /// Replaces the actor's password and ends their other sessions. Wrong guesses at the current one count as those at the
    /// sign-in.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator; [`Error::Invalid`] in `current` or `password`; [`Error::TooMany`];
    /// [`Error::SignInRequired`] when the session was ended meanwhile.
    pub async fn change_own_password(
        &self,
        actor: &Actor,
        current: &Secret,
        password: &Secret,
    ) -> Result<(), Error> {
        let (admin, session) = account(actor)?;
        let password = opaque_string(password);
        check_password(password.expose(), &admin.email)
            .map_err(|complaint| Error::invalid("password", complaint))?;
        let proven = self.prove_own_password(actor, current, "current").await?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let mut change = self.change(actor).await?;
        let (tx, _) = change.parts();
        self.renew_proof(tx, session, &proven).await?;
        tx.update_admin_password(admin.id, &hash).await?;
        tx.delete_other_sessions_of(admin.id, session).await?;
        tx.delete_admin_link(&admin.email).await?;
        let target = Target::admin(&admin.email);
        change.commit(target, Event::AdminPasswordChanged {}).await
    }

    /// Ends one of the actor's sessions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator; [`Error::NotFound`].
    pub async fn end_own_session(&self, actor: &Actor, session: &str) -> Result<(), Error> {
        let (admin, _) = account(actor)?;
        let mut change = self.change(actor).await?;
        let (tx, _) = change.parts();
        let open = self.open_sessions(tx, admin.id).await?;
        let found = open.iter().find(|open| handle(&open.digest) == session);
        let unknown = Error::NotFound(AdminComplaint::SessionUnknown.into());
        tx.delete_session(&found.ok_or(unknown)?.digest).await?;
        let event = Event::AdminSessionsEnded { sessions: 1 };
        change.commit(Target::admin(&admin.email), event).await
    }

    /// Ends the actor's sessions but the one that asks.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator.
    pub async fn end_other_sessions(&self, actor: &Actor) -> Result<(), Error> {
        let (admin, session) = account(actor)?;
        let mut change = self.change(actor).await?;
        let (tx, _) = change.parts();
        let sessions = tx.delete_other_sessions_of(admin.id, session).await?;
        if sessions == 0 {
            return Ok(());
        }
        let event = Event::AdminSessionsEnded { sessions };
        change.commit(Target::admin(&admin.email), event).await
    }
}

/// The administrator who is signed in, and the digest of the session. Every role may change its own account.
fn account(actor: &Actor) -> Result<(&Admin, &[u8; 32]), Error> {
    match actor {
        Actor::Admin { admin, session, .. } => Ok((admin, session)),
        Actor::Shell { .. } | Actor::Client { .. } => {
            let right = Right::ReadAdmins;
            Err(Error::Forbidden(Complaint::RightMissing { right }))
        }
    }
}
