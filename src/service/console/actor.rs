//! Actors and their rights.

use std::net::IpAddr;

use crate::domain::Time;
use crate::domain::admin::Admin;
use crate::domain::client::ClientId;
use crate::domain::complaint::Complaint;
use crate::domain::device::Device;
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, Subject};
use crate::domain::rights::Right;
use crate::domain::role::Role;

/// The actor of a call to the console.
#[derive(Clone, Debug)]
pub enum Actor {
    /// An administrator who is signed in.
    Admin {
        /// The administrator.
        admin: Admin,
        /// The digest of the session's id.
        session: [u8; 32],
        /// Whether the session proved the password a few minutes ago at most, see [`Actor::require_fresh_proof`].
        has_fresh_proof: bool,
        /// The network address that the request came from.
        address: Option<IpAddr>,
    },
    /// Somebody with a shell on the server.
    Shell {
        /// The login name.
        user: String,
    },
    /// An API client, acting on its own tokens.
    Client {
        /// Its id.
        id: ClientId,
        /// The network address that the request came from.
        address: Option<IpAddr>,
    },
}

/// A browser that is not signed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visitor {
    /// The network address that the request came from.
    pub address: Option<IpAddr>,
    /// The digest of the session that the browser already has; a new session replaces it.
    pub session: Option<[u8; 32]>,
    /// Whether nobody asked for this, but a page by itself.
    pub in_background: bool,
    /// The browser.
    pub device: Device,
}

impl Actor {
    /// This actor in the audit log.
    #[must_use]
    pub fn reference(&self) -> ActorRef {
        match self {
            Self::Admin { admin, .. } => ActorRef::Admin {
                email: admin.email.clone(),
            },
            Self::Shell { user } => ActorRef::Shell { user: user.clone() },
            Self::Client { id, .. } => ActorRef::Client { id: id.clone() },
        }
    }

    /// The audit log's record of an act that raises no version of the directory.
    pub(in crate::service) fn record(
        &self,
        at: Time,
        subject: impl Into<Subject>,
        event: Event,
    ) -> Record {
        let subject = subject.into();
        Record {
            at,
            actor: self.reference(),
            address: self.address(),
            target: subject.target,
            organization_id: subject.organization_id,
            event,
            version: None,
        }
    }

    /// The network address of the actor.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Admin { address, .. } | Self::Client { address, .. } => *address,
            Self::Shell { .. } => None,
        }
    }

    /// The digest of an administrator's session; empty for other actors, which have none.
    pub(in crate::service) fn session(&self) -> &[u8] {
        match self {
            Self::Admin { session, .. } => session,
            Self::Shell { .. } | Self::Client { .. } => &[],
        }
    }

    /// The email address of an administrator; the name of other actors.
    #[must_use]
    pub fn email(&self) -> &str {
        match self {
            Self::Admin { admin, .. } => &admin.email,
            Self::Shell { user } => user,
            Self::Client { id, .. } => id.as_str(),
        }
    }

    /// The role of an administrator; other actors have none.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Admin { admin, .. } => Some(admin.role),
            Self::Shell { .. } | Self::Client { .. } => None,
        }
    }

    /// Whether the actor has a right; nothing else decides that. A shell on the server has every right, a client none
    /// of these.
    ///
    /// Every administrator may access every organization. If that changes, refuse here what concerns no organization,
    /// and answer with `NotFound` where a client or an organization is looked up.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        match self {
            Self::Admin { admin, .. } => admin.role.may(right),
            Self::Shell { .. } => true,
            Self::Client { .. } => false,
        }
    }

    /// Refuses an actor without a right.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require(&self, right: Right) -> Result<(), Error> {
        if self.may(right) {
            Ok(())
        } else {
            Err(Error::Forbidden(Complaint::RightMissing { right }))
        }
    }
}
