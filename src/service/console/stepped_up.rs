//! Step-up: some acts need a password that was typed a few minutes ago at most, however long the session has lasted. A form
//! that came without is sealed, so that the page that asks for the password can carry it.

use chrono::TimeDelta;

use crate::domain::complaint::AdminComplaint;
use crate::domain::error::Error;
use crate::domain::secret::Secret;
use crate::domain::view::PostedForm;
use crate::service::auth::passwords::opaque_string;
use crate::service::console::Console;
use crate::service::console::actor::{Actor, Visitor};
use crate::service::console::sessions::{digest, session_label, unchanged_admin};
use crate::store::{AdminRow, Tx};

/// How long a sealed form can be opened.
const HELD: TimeDelta = TimeDelta::hours(1);

/// What a sealed form is for.
const PURPOSE: &str = "held form";

/// An administrator who has just proved their own password, and the field that it was typed into.
pub(in crate::service) struct ProvenPassword {
    admin: AdminRow,
    field: &'static str,
}

impl Actor {
    /// Refuses an administrator whose session proved the password longer ago than [`FRESH`](super::sessions::FRESH). Nothing
    /// else asks for that. A shell on the server has no password to type.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with [`AdminComplaint::PasswordNeeded`].
    pub fn require_fresh_proof(&self) -> Result<(), Error> {
        match self {
            Self::Admin {
                has_fresh_proof: false,
                ..
            } => Err(Error::Forbidden(AdminComplaint::PasswordNeeded.into())),
            _ => Ok(()),
        }
    }
}

impl Console {
    /// Proves the password of an administrator who is signed in; wrong guesses count as those at the sign-in. From then on
    /// their session has a fresh proof.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `password`, [`Error::TooMany`].
    pub async fn confirm_password(&self, actor: &Actor, password: &Secret) -> Result<(), Error> {
        let Actor::Admin { session, .. } = actor else {
            return Ok(());
        };
        let proven = self.prove_own_password(actor, password, "password").await?;
        let mut tx = self.0.store.write().await?;
        self.renew_proof(&mut tx, session, &proven).await?;
        Ok(tx.commit().await?)
    }

    /// Gives the session a fresh proof. While the password was hashed, it could have been replaced, the administrator
    /// disabled, or the session ended.
    ///
    /// # Errors
    /// [`Error::Invalid`] in the field of the password; [`Error::SignInRequired`] when the session was ended.
    pub(in crate::service) async fn renew_proof(
        &self,
        tx: &mut Tx,
        session: &[u8],
        proven: &ProvenPassword,
    ) -> Result<(), Error> {
        if unchanged_admin(tx, &proven.admin).await?.is_none() {
            return Err(wrong_in(proven.field));
        }
        if tx.update_session_proof(session, self.now()).await? {
            Ok(())
        } else {
            Err(Error::SignInRequired)
        }
    }

    /// Proves the password of an administrator who is signed in; `field` is the one that it was typed into.
    ///
    /// # Errors
    /// [`Error::Invalid`] in the field, [`Error::TooMany`].
    pub(in crate::service) async fn prove_own_password(
        &self,
        actor: &Actor,
        password: &Secret,
        field: &'static str,
    ) -> Result<ProvenPassword, Error> {
        let visitor = Visitor {
            address: actor.address(),
            ..Visitor::default()
        };
        let proven = self
            .prove_admin(&visitor, actor.email(), &opaque_string(password))
            .await;
        match proven {
            Ok(admin) => Ok(ProvenPassword { admin, field }),
            Err(Error::WrongCredentials) => Err(wrong_in(field)),
            Err(error) => Err(error),
        }
    }

    /// Seals a form that needs a fresh proof, for the session with this id and an hour.
    #[must_use]
    pub fn seal_held_form(&self, session: &Secret, form: &PostedForm) -> String {
        let label = session_label(PURPOSE, &digest(session));
        let (keys, ends_at) = (&self.0.keys, self.now() + HELD);
        keys.seal_until(&self.0.random, &label, ends_at, form)
    }

    /// Opens a text of [`Console::seal_held_form`].
    #[must_use]
    pub fn open_held_form(&self, actor: &Actor, sealed: &str) -> Option<PostedForm> {
        let label = session_label(PURPOSE, actor.session());
        self.0.keys.open_until(sealed, &label, self.now())
    }
}

fn wrong_in(field: &'static str) -> Error {
    Error::invalid(field, AdminComplaint::PasswordWrong.into())
}
