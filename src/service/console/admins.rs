//! Administrators: made at first set-up or from the shell.

use serde_json::json;

use crate::domain::admin::{Admin, Role, check_email, check_password};
use crate::domain::audit::Action;
use crate::domain::complaint::Complaint;
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::rights::Right;
use crate::domain::secret::Secret;
use crate::service::audit::AuditEntry;
use crate::service::auth::passwords::{composed, opaque_string};
use crate::service::console::Console;
use crate::service::console::actor::{Actor, Visitor};
use crate::service::console::sessions::StartedSession;
use crate::store;

impl Console {
    /// Makes the first administrator, an owner, and signs them in. The code dies with it.
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
        // Nobody guesses the code, so whoever has it need not wait for those who try.
        if !self.is_setup_code(code) {
            if self.is_set_up().await? {
                return Err(is_set_up());
            }
            return Err(self.refuse_setup(visitor));
        }
        let (email, password) = check(email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let (mut tx, _) = self.change().await?;
        if tx.count_admins().await? > 0 {
            return Err(is_set_up());
        }
        let now = self.now();
        let id = tx.insert_admin(&email, Role::Owner, &hash, now).await?;
        let admin = Admin {
            id,
            email,
            role: Role::Owner,
            created_at: now,
            disabled_at: None,
        };
        let (started, actor) = self.start_session(&mut tx, admin, visitor).await?;
        let target = format!("admin:{}", actor.name());
        self.record(
            &mut tx,
            &actor,
            AuditEntry {
                action: Action::AdminCreated,
                target,
                organization_id: None,
                detail: json!({"role": "owner"}),
            },
        )
        .await?;
        tx.commit().await?;
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
        let (email, password) = check(email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let (mut tx, _) = self.change().await?;
        let now = self.now();
        let id = match tx.insert_admin(&email, role, &hash, now).await {
            Err(store::Error::Taken) => {
                return Err(Error::invalid("email", Complaint::AdminTaken { email }));
            }
            other => other?,
        };
        let target = format!("admin:{email}");
        self.record(
            &mut tx,
            actor,
            AuditEntry {
                action: Action::AdminCreated,
                target,
                organization_id: None,
                detail: json!({"role": role}),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(Admin {
            id,
            email,
            role,
            created_at: now,
            disabled_at: None,
        })
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
        let (email, password) = check(email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let (mut tx, _) = self.change().await?;
        let Some(found) = tx.find_admin(&email).await? else {
            return Err(Error::NotFound(Complaint::AdminUnknown { email }));
        };
        tx.update_admin_password(found.admin.id, &hash).await?;
        tx.delete_sessions_of(found.admin.id).await?;
        let target = format!("admin:{email}");
        self.record(
            &mut tx,
            actor,
            AuditEntry {
                action: Action::AdminPasswordReset,
                target,
                organization_id: None,
                detail: json!({}),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(found.admin)
    }
}

fn is_set_up() -> Error {
    Error::Conflict(Complaint::SetUpAlready)
}

/// The account's address and its password, both in the spelling that is kept.
fn check(email: &str, password: &Secret) -> Result<(String, Secret), Error> {
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
