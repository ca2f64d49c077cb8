//! One-time links: to join as an administrator, and to a new password. Whoever makes one passes it on, since the server sends
//! no mail. The code in a link has 256 random bits, and the server keeps its SHA-256 alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;

use crate::domain::admin::{Admin, AdminLink, LINK_HOURS, NewInvitation, check_email};
use crate::domain::complaint::{AdminComplaint, Complaint};
use crate::domain::error::{Error, FieldComplaint};
use crate::domain::event::{ActorRef, Event, Target};
use crate::domain::ids::AdminId;
use crate::domain::role::Role;
use crate::domain::secret::Secret;
use crate::domain::view::ShownLink;
use crate::service::auth::passwords::composed;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::{Actor, Visitor};
use crate::service::console::administrators::require_admin;
use crate::service::console::admins::check;
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::service::console::sessions::{SHOWN, StartedSession, digest, session_label};
use crate::store::{self, Stamp, Tx};

/// A link that was just made.
#[derive(Debug)]
pub struct MadeLink {
    /// For whom it is, and until when.
    pub link: AdminLink,
    /// Its whole address, with the code.
    pub address: Secret,
}

impl Console {
    /// Makes a link with which somebody joins as an administrator. It replaces the one that the address has.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] in `email` or `role`.
    pub async fn invite_admin(
        &self,
        actor: &Actor,
        new: &NewInvitation,
    ) -> Result<MadeLink, Error> {
        let mut change = self.change_admins(actor).await?;
        let made = self.insert_invitation(&mut change, new).await?;
        commit_made(change, &made.link).await?;
        Ok(made)
    }

    /// Makes the link that a form asks for, or, when the form was sent before, answers as the first time. The link is sealed
    /// for the next page.
    ///
    /// # Errors
    /// As [`Console::invite_admin`]; [`Error::Conflict`] when the form was sent with other contents.
    pub async fn invite_admin_by_form(
        &self,
        actor: &Actor,
        form: &SentForm,
        new: &NewInvitation,
    ) -> Result<FormAnswer, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = form.find_answer(tx, &stamp.by).await? {
            return Ok(answer);
        }
        let made = self.insert_invitation(&mut change, new).await?;
        let answer = FormAnswer {
            made: made.link.email.clone(),
            sealed: Some(self.seal_shown_link(actor, &made)),
        };
        let (tx, stamp) = change.parts();
        form.keep_answer(tx, stamp, &answer).await?;
        commit_made(change, &made.link).await?;
        Ok(answer)
    }

    /// Makes a link to a new password of an administrator. Until it is used, the password from before works.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when the administrator is disabled.
    pub async fn make_password_link(&self, actor: &Actor, id: AdminId) -> Result<MadeLink, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let Admin {
            email, disabled_at, ..
        } = require_admin(tx, id).await?.admin;
        if disabled_at.is_some() {
            return Err(Error::Conflict(
                AdminComplaint::AdminDisabled { email }.into(),
            ));
        }
        let made = self.put_link(&mut change, email, None).await?;
        commit_made(change, &made.link).await?;
        Ok(made)
    }

    /// Makes a new link in place of one that waits or has ended; the one before no longer works.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn renew_admin_link(&self, actor: &Actor, email: &str) -> Result<MadeLink, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let AdminLink { email, role, .. } = require_link(tx, email).await?;
        let made = self.put_link(&mut change, email, role).await?;
        commit_made(change, &made.link).await?;
        Ok(made)
    }

    /// Withdraws a link: it no longer works.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn withdraw_admin_link(
        &self,
        actor: &Actor,
        email: &str,
    ) -> Result<AdminLink, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let link = require_link(tx, email).await?;
        tx.delete_admin_link(&link.email).await?;
        let event = match link.role {
            Some(role) => Event::AdminInvitationWithdrawn { role },
            None => Event::AdminPasswordLinkWithdrawn {},
        };
        change.commit(Target::admin(&link.email), event).await?;
        Ok(link)
    }

    /// The link with this code, if it works. Looking uses nothing up.
    ///
    /// # Errors
    /// [`Error::NotFound`], whatever is wrong with the code.
    pub async fn show_admin_link(&self, code: &Secret) -> Result<AdminLink, Error> {
        self.require_valid(&mut self.read().await?, code).await
    }

    /// Sets the password of whoever has the link, and signs them in. The link is used up.
    ///
    /// # Errors
    /// [`Error::NotFound`], whatever is wrong with the code; [`Error::Invalid`] in `password`.
    pub async fn use_admin_link(
        &self,
        visitor: &Visitor,
        code: &Secret,
        password: &Secret,
    ) -> Result<StartedSession, Error> {
        let AdminLink { email, .. } = self.show_admin_link(code).await?;
        let (email, password) = check(&email, password)?;
        let hash = self.0.passwords.hash(&self.0.random, &password).await?;
        let actor = ActorRef::Admin {
            email: email.clone(),
        };
        let mut change = self.change_by(actor, visitor.address).await?;
        let (tx, stamp) = change.parts();
        // Somebody else may have used or withdrawn it meanwhile.
        let link = self.require_valid(tx, code).await?;
        let (admin, event) = if let Some(role) = link.role {
            let made = Stamp {
                by: link.made_by.clone(),
                ..*stamp
            };
            let admin = match tx.insert_admin(&email, role, &hash, &made).await {
                Err(store::Error::Taken) => return Err(invalid_link()),
                other => other?,
            };
            let invited_by = link.made_by;
            (admin, Event::AdminJoined { role, invited_by })
        } else {
            let found = tx.find_admin(&email).await?.map(|found| found.admin);
            let admin = found.filter(|admin| admin.disabled_at.is_none());
            let admin = admin.ok_or_else(invalid_link)?;
            tx.update_admin_password(admin.id, &hash).await?;
            tx.delete_sessions_of(admin.id).await?;
            (admin, Event::AdminPasswordReset {})
        };
        tx.delete_admin_link(&email).await?;
        let (started, _) = self.start_session(tx, admin, visitor).await?;
        change.commit(Target::admin(&email), event).await?;
        Ok(started)
    }

    /// Seals a link for the page that shows it, in this session and for a few minutes.
    #[must_use]
    pub fn seal_shown_link(&self, actor: &Actor, made: &MadeLink) -> String {
        let shown = ShownLink {
            email: made.link.email.clone(),
            is_invitation: made.link.role.is_some(),
            address: made.address.expose().to_owned(),
            ends_at: made.link.ends_at,
        };
        let (label, ends_at) = (shown_label(actor), self.now() + SHOWN);
        let keys = &self.0.keys;
        keys.seal_until(&self.0.random, &label, ends_at, &shown)
    }

    /// Opens a text of [`Console::seal_shown_link`].
    #[must_use]
    pub fn open_shown_link(&self, actor: &Actor, sealed: &str) -> Option<ShownLink> {
        let label = shown_label(actor);
        self.0.keys.open_until(sealed, &label, self.now())
    }

    async fn insert_invitation(
        &self,
        change: &mut Change,
        new: &NewInvitation,
    ) -> Result<MadeLink, Error> {
        let mut wrong = Vec::new();
        let email = check_email(&composed(&new.email)).unwrap_or_else(|complaint| {
            wrong.push(FieldComplaint::new("email", complaint));
            String::new()
        });
        if new.role.is_none() {
            let complaint = AdminComplaint::RoleMissing.into();
            wrong.push(FieldComplaint::new("role", complaint));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let (tx, _) = change.parts();
        if tx.find_admin(&email).await?.is_some() {
            return Err(Error::invalid("email", Complaint::AdminTaken { email }));
        }
        self.put_link(change, email, new.role).await
    }

    async fn put_link(
        &self,
        change: &mut Change,
        email: String,
        role: Option<Role>,
    ) -> Result<MadeLink, Error> {
        let code = URL_SAFE_NO_PAD.encode(self.0.random.bytes::<32>());
        let (tx, stamp) = change.parts();
        let link = AdminLink {
            email,
            role,
            made_by: stamp.by.clone(),
            created_at: stamp.at,
            ends_at: stamp.at + TimeDelta::hours(LINK_HOURS),
        };
        let issuer = self.0.settings.issuer.url();
        let address = Secret::new(format!("{issuer}/system/invitation?code={code}"));
        tx.put_admin_link(&link, &digest(&Secret::new(code)))
            .await?;
        Ok(MadeLink { link, address })
    }

    /// The link with this code, if it has not ended.
    async fn require_valid(&self, tx: &mut Tx, code: &Secret) -> Result<AdminLink, Error> {
        let found = tx.find_admin_link(&digest(code)).await?;
        found
            .filter(|link| self.now() < link.ends_at)
            .ok_or_else(invalid_link)
    }
}

async fn commit_made(change: Change, link: &AdminLink) -> Result<(), Error> {
    let ends_at = link.ends_at;
    let event = match link.role {
        Some(role) => Event::AdminInvited { role, ends_at },
        None => Event::AdminPasswordLinkMade { ends_at },
    };
    change.commit(Target::admin(&link.email), event).await
}

/// The link of this address, ended or not.
async fn require_link(tx: &mut Tx, email: &str) -> Result<AdminLink, Error> {
    let found = tx.find_admin_link_of(email).await?;
    let email = email.to_owned();
    found.ok_or_else(|| Error::NotFound(AdminComplaint::LinkUnknown { email }.into()))
}

/// The refusal of a link, the same for all that can be wrong with it.
fn invalid_link() -> Error {
    Error::NotFound(AdminComplaint::LinkVoid.into())
}

fn shown_label(actor: &Actor) -> String {
    session_label("shown link", actor.session())
}
