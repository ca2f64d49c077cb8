//! Who acts, and what they may do.

use std::net::IpAddr;

use crate::domain::Time;
use crate::domain::admin::{Admin, Role};
use crate::domain::client::ClientId;
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, Subject};

/// Whoever asks the service for something.
#[derive(Clone, Debug)]
pub enum Actor {
    /// An administrator who is signed in.
    Admin {
        /// The administrator.
        admin: Admin,
        /// The digest of the session's id.
        session: [u8; 32],
        /// Where the request came from.
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
        /// Where the request came from.
        address: Option<IpAddr>,
    },
}

/// Somebody who is not signed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visitor {
    /// Where the request came from.
    pub address: Option<IpAddr>,
    /// The digest of the session that the browser has already; a new one takes its place.
    pub session: Option<[u8; 32]>,
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

    /// What the audit log says of an act that makes no version of the directory.
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

    /// Where the actor is.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Admin { address, .. } | Self::Client { address, .. } => *address,
            Self::Shell { .. } => None,
        }
    }

    /// The administrator's address to sign in with; the actor's name for others.
    #[must_use]
    pub fn email(&self) -> &str {
        match self {
            Self::Admin { admin, .. } => &admin.email,
            Self::Shell { user } => user,
            Self::Client { id, .. } => id.as_str(),
        }
    }

    /// What the actor may do. A shell on the server may do everything, a client nothing of this kind.
    #[must_use]
    pub fn role(&self) -> Role {
        match self {
            Self::Admin { admin, .. } => admin.role,
            Self::Shell { .. } => Role::Owner,
            Self::Client { .. } => Role::Viewer,
        }
    }

    /// Refuses whoever may not look at clients and organizations.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_read(&self) -> Result<(), Error> {
        match self {
            Self::Client { .. } => Err(Error::Forbidden("A client may not read this.".to_owned())),
            _ => Ok(()),
        }
    }

    /// Refuses whoever may not change clients and organizations.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_change(&self) -> Result<(), Error> {
        if self.role().may_change() {
            Ok(())
        } else {
            Err(Error::Forbidden(
                "Your account may read this but not change it.".to_owned(),
            ))
        }
    }

    /// Refuses whoever may not decide over administrators.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_owner(&self) -> Result<(), Error> {
        if self.role() == Role::Owner {
            Ok(())
        } else {
            Err(Error::Forbidden("Only an owner may do this.".to_owned()))
        }
    }
}
