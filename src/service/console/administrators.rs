//! Administrators as others see and change them: the list, roles, disabling, and the end of their sessions.
//!
//! There is always an owner who can sign in. Changes are made one after the other, so of two owners who demote each other
//! at the same moment the second is refused.

use std::fmt::Write as _;

use chrono::TimeDelta;

use crate::domain::admin::{Admin, AdminSession, AdminSummary};
use crate::domain::audit::AuditFilter;
use crate::domain::complaint::{AdminComplaint, Complaint};
use crate::domain::error::Error;
use crate::domain::event::{Event, Target};
use crate::domain::ids::AdminId;
use crate::domain::page::{ADMIN_PAGE_SIZE, Cursor, Page};
use crate::domain::rights::Right;
use crate::domain::role::Role;
use crate::domain::view::{AdminList, AdminPage};
use crate::service::auth::passwords::composed;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::sessions::IDLE;
use crate::store::{OpenSession, Tx};

/// How many sessions of an administrator are shown.
const SHOWN_SESSIONS: i64 = 50;

/// How many links that wait are shown.
const SHOWN_LINKS: i64 = 100;

impl Console {
    /// One page of the administrators, and the links that wait to be used.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_admins(&self, actor: &Actor, cursor: Cursor) -> Result<AdminList, Error> {
        actor.require(Right::ReadAdmins)?;
        let mut tx = self.read().await?;
        let rows = tx.list_admins(cursor, ADMIN_PAGE_SIZE + 1).await?;
        Ok(AdminList {
            page: Page::from_rows(rows, ADMIN_PAGE_SIZE, cursor, |row| row.admin.id.0),
            links: tx.list_admin_links(SHOWN_LINKS).await?,
            now: self.now(),
        })
    }

    /// Every administrator, in the order of their making.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn list_every_admin(&self, actor: &Actor) -> Result<Vec<AdminSummary>, Error> {
        let (mut cursor, mut every) = (Cursor::First, Vec::new());
        loop {
            let page = self.list_admins(actor, cursor).await?.page;
            every.extend(page.items);
            match page.after {
                Some(last) => cursor = Cursor::After(last),
                None => return Ok(every),
            }
        }
    }

    /// The contents of an administrator's page.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn show_admin(&self, actor: &Actor, id: AdminId) -> Result<AdminPage, Error> {
        actor.require(Right::ReadAdmins)?;
        let mut tx = self.read().await?;
        let summary = require_admin(&mut tx, id).await?;
        let link = tx.find_admin_link_of(&summary.admin.email).await?;
        let filter = AuditFilter {
            actor: summary.admin.email.clone(),
            ..AuditFilter::default()
        };
        Ok(AdminPage {
            acts: self.newest_entries(&mut tx, actor, &filter).await?,
            sessions: self.open_sessions(&mut tx, id).await?.len(),
            is_last_owner: is_effective_owner(&summary.admin) && !tx.has_other_owner(id).await?,
            has_link: link.is_some_and(|link| self.now() < link.ends_at),
            summary,
            now: self.now(),
        })
    }

    /// The id of the administrator with this address, for commands.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn find_admin_id(&self, actor: &Actor, email: &str) -> Result<AdminId, Error> {
        actor.require(Right::ReadAdmins)?;
        let email = composed(email).trim().to_lowercase();
        let found = self.read().await?.find_admin(&email).await?;
        let unknown = Error::NotFound(Complaint::AdminUnknown { email });
        Ok(found.ok_or(unknown)?.admin.id)
    }

    /// Gives an administrator another role. With the one that they have, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] for the last owner.
    pub async fn set_admin_role(
        &self,
        actor: &Actor,
        id: AdminId,
        role: Role,
    ) -> Result<Admin, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let admin = require_admin(tx, id).await?.admin;
        if admin.role == role {
            return Ok(admin);
        }
        require_another_owner(tx, &admin).await?;
        tx.update_admin_role(id, role).await?;
        let event = Event::AdminRoleChanged {
            before: admin.role,
            after: role,
        };
        change.commit(Target::admin(&admin.email), event).await?;
        Ok(Admin { role, ..admin })
    }

    /// Disables an administrator: their sessions are over before this returns, and they cannot sign in.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] for the last owner, and when they were disabled before.
    pub async fn disable_admin(&self, actor: &Actor, id: AdminId) -> Result<Admin, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, stamp) = change.parts();
        let admin = require_admin(tx, id).await?.admin;
        if admin.disabled_at.is_some() {
            let email = admin.email;
            return Err(Error::Conflict(
                AdminComplaint::DisabledAlready { email }.into(),
            ));
        }
        require_another_owner(tx, &admin).await?;
        let since = Some(stamp.at);
        tx.update_admin_disabled(id, since).await?;
        tx.delete_sessions_of(id).await?;
        tx.delete_admin_link(&admin.email).await?;
        let target = Target::admin(&admin.email);
        change.commit(target, Event::AdminDisabled {}).await?;
        Ok(Admin {
            disabled_at: since,
            ..admin
        })
    }

    /// Lets a disabled administrator sign in again, with the password and the role from before.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when they are not disabled.
    pub async fn enable_admin(&self, actor: &Actor, id: AdminId) -> Result<Admin, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let admin = require_admin(tx, id).await?.admin;
        if admin.disabled_at.is_none() {
            let email = admin.email;
            return Err(Error::Conflict(
                AdminComplaint::NotDisabled { email }.into(),
            ));
        }
        tx.update_admin_disabled(id, None).await?;
        let target = Target::admin(&admin.email);
        change.commit(target, Event::AdminEnabled {}).await?;
        Ok(Admin {
            disabled_at: None,
            ..admin
        })
    }

    /// Ends every session of an administrator. Without any, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn end_admin_sessions(&self, actor: &Actor, id: AdminId) -> Result<Admin, Error> {
        let mut change = self.change_admins(actor).await?;
        let (tx, _) = change.parts();
        let admin = require_admin(tx, id).await?.admin;
        let sessions = tx.delete_sessions_of(id).await?;
        if sessions > 0 {
            let event = Event::AdminSessionsEnded { sessions };
            change.commit(Target::admin(&admin.email), event).await?;
        }
        Ok(admin)
    }

    /// Begins a change of administrators. The actor's right is looked at again in the transaction, because another owner
    /// may have taken it since the request was read.
    pub(in crate::service) async fn change_admins(&self, actor: &Actor) -> Result<Change, Error> {
        actor.require(Right::ManageAdmins)?;
        actor.require_fresh_proof()?;
        let mut change = self.change(actor).await?;
        if let Actor::Admin { admin, .. } = actor {
            let (tx, _) = change.parts();
            let now = tx.find_admin_by_id(admin.id).await?;
            let is_still = now.is_some_and(|now| {
                now.admin.disabled_at.is_none() && now.admin.role.may(Right::ManageAdmins)
            });
            if !is_still {
                let right = Right::ManageAdmins;
                return Err(Error::Forbidden(Complaint::RightMissing { right }));
            }
        }
        Ok(change)
    }

    /// The sessions of an administrator that have not ended, the last used first.
    pub(in crate::service) async fn open_sessions(
        &self,
        tx: &mut Tx,
        id: AdminId,
    ) -> Result<Vec<OpenSession>, Error> {
        let now = self.now();
        let idle: TimeDelta = IDLE;
        Ok(tx
            .list_sessions_of(id, now - idle, now, SHOWN_SESSIONS)
            .await?)
    }
}

/// The administrator with this id.
pub(in crate::service) async fn require_admin(
    tx: &mut Tx,
    id: AdminId,
) -> Result<AdminSummary, Error> {
    let found = tx.find_admin_by_id(id).await?;
    found.ok_or_else(|| Error::NotFound(AdminComplaint::AdminIdUnknown { id }.into()))
}

/// A session as its administrator sees it, from the session with this digest.
pub(in crate::service) fn shown_session(open: OpenSession, this: &[u8]) -> AdminSession {
    AdminSession {
        handle: handle(&open.digest),
        is_this: open.digest == this,
        device: open.device,
        address: open.address,
        created_at: open.created_at,
        seen_at: open.seen_at,
    }
}

/// What tells a session from the others of its administrator: the beginning of its digest, from which nobody gets to what
/// the cookie carries.
pub(in crate::service) fn handle(digest: &[u8]) -> String {
    let mut handle = String::with_capacity(16);
    for byte in digest.iter().take(8) {
        // `fmt::Write` for `String` cannot fail.
        let _ = write!(handle, "{byte:02x}");
    }
    handle
}

fn is_effective_owner(admin: &Admin) -> bool {
    admin.role == Role::Owner && admin.disabled_at.is_none()
}

/// Refuses to take away the last owner who can sign in.
async fn require_another_owner(tx: &mut Tx, admin: &Admin) -> Result<(), Error> {
    if is_effective_owner(admin) && !tx.has_other_owner(admin.id).await? {
        return Err(Error::Conflict(AdminComplaint::LastOwner.into()));
    }
    Ok(())
}
