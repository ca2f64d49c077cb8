//! Administrators: made at the first set-up or from the shell.

use crate::domain::admin::{Admin, check_email, check_password};
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::{ActorRef, Event, Target};
use crate::domain::rights::Right;
use crate::domain::role::Role;
use crate::domain::secret::Secret;
use crate::service::auth::passwords::{composed, opaque_string};
use crate::service::console::Console;
use crate::service::console::actor::{Actor, Visitor};
use crate::service::console::sessions::StartedSession;
use crate::store;

impl Console {
    /// Makes the first administrator, an owner, and signs them in. The set-up code is used up.
    ///
    /// # Errors
    /// [`Error::Invalid`] in `code`, `email` or `password`; [`Error::TooMany`]; [`Error::Conflict`] when
    /// somebody else was first.
    pub async fn create_first_admin(
        &self,
        visitor: &Visitor,
        code: &str,
        email: &str,
        password: &Secret,
    ) -> Result<StartedSession, Error> {
        // The code cannot be guessed, so the right code does not wait for the throttle.
        if !self.is_setup_code(code) {
            if self.is_set_up().await? {
                return Err(is_set_up());
            }
            return Err(self.refuse_setup(visitor));
        }
        let (email, password) = check(email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let target = Target::admin(&email);
        let actor = ActorRef::Admin {
            email: email.clone(),
        };
        let mut change = self.change_by(actor, visitor.address).await?;
        let (tx, stamp) = change.parts();
        if tx.count_admins().await? > 0 {
            return Err(is_set_up());
        }
        let role = Role::Owner;
        let admin = tx.insert_admin(&email, role, &hash, stamp).await?;
        let (started, _) = self.start_session(tx, admin, visitor).await?;
        change.commit(target, Event::AdminCreated { role }).await?;
        self.end_setup();
        Ok(started)
    }

    /// Makes an administrator.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `email` or `password`.
    pub async fn create_admin(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
        password: &Secret,
    ) -> Result<Admin, Error> {
        actor.require(Right::ManageAdmins)?;
        actor.require_fresh_proof()?;
        let (email, password) = check(email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let mut change = self.change_admins(actor).await?;
        let (tx, stamp) = change.parts();
        let admin = match tx.insert_admin(&email, role, &hash, stamp).await {
            Err(store::Error::Taken) => {
                return Err(Error::invalid("email", Complaint::AdminTaken { email }));
            }
            other => other?,
        };
        // An invitation that waits would make the same administrator once more.
        tx.delete_admin_link(&email).await?;
        change
            .commit(Target::admin(&email), Event::AdminCreated { role })
            .await?;
        Ok(admin)
    }

    /// Replaces an administrator's password and ends their sessions.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `password`.
    pub async fn reset_admin_password(
        &self,
        actor: &Actor,
        email: &str,
        password: &Secret,
    ) -> Result<Admin, Error> {
        actor.require(Right::ManageAdmins)?;
        actor.require_fresh_proof()?;
        let (email, password) = check(email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let Some(found) = tx.find_admin(&email).await? else {
            return Err(Error::NotFound(Complaint::AdminUnknown { email }));
        };
        tx.update_admin_password(found.admin.id, &hash).await?;
        tx.delete_sessions_of(found.admin.id).await?;
        tx.delete_admin_link(&email).await?;
        change
            .commit(Target::admin(&email), Event::AdminPasswordReset {})
            .await?;
        Ok(found.admin)
    }
}

fn is_set_up() -> Error {
    Error::Conflict(Complaint::SetUpAlready)
}

/// The email address and the password in their canonical spelling.
pub(in crate::service) fn check(email: &str, password: &Secret) -> Result<(String, Secret), Error> {
    let password = opaque_string(password);
    let mut wrong = Vec::new();
    let email = check_email(&composed(email)).unwrap_or_else(|complaint| {
        wrong.push(FieldComplaint::new("email", complaint));
        String::new()
    });
    if let Err(complaint) = check_password(password.expose(), &email) {
        wrong.push(FieldComplaint::new("password", complaint));
    }
    if wrong.is_empty() {
        Ok((email, password))
    } else {
        Err(Error::Invalid(wrong))
    }
}
