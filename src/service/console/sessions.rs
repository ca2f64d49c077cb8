//! Sessions of administrators: begun with a password, found by a digest, ended by inactivity, by age or by signing out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::domain::Time;
use crate::domain::admin::{Admin, check_email};
use crate::domain::client::ClientId;
use crate::domain::error::Error;
use crate::domain::event::{Event, Target};
use crate::domain::ids::Sequence;
use crate::domain::secret::Secret;
use crate::domain::view::ShownSecret;
use crate::service::auth::passwords::{composed, opaque_string};
use crate::service::auth::throttle::GuessTarget;
use crate::service::console::Console;
use crate::service::console::actor::{Actor, Visitor};
use crate::service::console::failed_sign_ins::UNKNOWN_ADDRESS;
use crate::store::{AdminRow, NewSession, SessionRow, Tx};

/// After how long without use a session ends. Its row stays as long as its cookie may, so that the sign-in knows whose it was.
pub const IDLE: TimeDelta = TimeDelta::minutes(30);

/// The longest lifetime of a session.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);

/// For how long a password that was typed counts as fresh.
pub const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How long a sealed secret can be shown on the next page.
pub(in crate::service) const SHOWN: TimeDelta = TimeDelta::minutes(10);

/// The use of a session is written at most this often, so that reading a page rarely writes.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(30);

/// A session that has just begun.
#[derive(Debug)]
pub struct StartedSession {
    /// What the cookie carries: 256 random bits as base64url.
    pub id: Secret,
    /// How long the cookie may live, in seconds.
    pub max_age: i64,
    /// The administrator's address.
    pub email: String,
}

/// A session that goes on.
#[derive(Clone, Debug)]
pub struct ResumedSession {
    /// Whose it is.
    pub actor: Actor,
    /// The newest record of the audit log when the session was read: a page that is made from now on knows of it.
    pub newest_event: Sequence,
}

impl Console {
    /// Signs an administrator in. An unknown or disabled account takes as long as a wrong password.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`], [`Error::TooMany`].
    pub async fn sign_in(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &Secret,
    ) -> Result<StartedSession, Error> {
        let email = composed(email).trim().to_lowercase();
        let password = opaque_string(password);
        let proven = self.prove_admin(visitor, &email, &password).await?;
        let mut tx = self.0.store.write().await?;
        let Some(admin) = unchanged_admin(&mut tx, &proven).await? else {
            drop(tx);
            self.note_failed_sign_in(&proven.admin.email, visitor, "account changed meanwhile");
            return Err(Error::WrongCredentials);
        };
        let (started, actor) = self.start_session(&mut tx, admin, visitor).await?;
        let target = Target::admin(actor.email());
        let record = actor.record(self.now(), target, Event::SignedIn {});
        tx.append_events(&[record]).await?;
        tx.commit().await?;
        Ok(started)
    }

    /// The administrator with this address, if the password is right and the account is not disabled. Hashing takes a while;
    /// whoever writes afterwards looks again, with [`unchanged_admin`].
    pub(in crate::service) async fn prove_admin(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &Secret,
    ) -> Result<AdminRow, Error> {
        // A text that is no email address is not looked up; the database would not even accept some.
        let found = match check_email(email) {
            Ok(email) => self.read().await?.find_admin(&email).await?,
            Err(_) => None,
        };
        let account = found
            .as_ref()
            .map_or(UNKNOWN_ADDRESS, |found| found.admin.email.as_str());
        let too_many = |retry_after| {
            self.note_failed_sign_in(account, visitor, "too many wrong guesses");
            Error::TooMany { retry_after }
        };
        let mut attempt = self
            .0
            .throttle
            .attempt(GuessTarget::Password, email, visitor.address);
        attempt
            .reserve(&self.0.keys.digest_secret(password.expose()))
            .map_err(too_many)?;
        let permit = self.0.passwords.permit().await?;
        attempt.check().map_err(too_many)?;
        let hash = found.as_ref().map(|found| found.password_hash.as_str());
        let matches = permit.verify(password, hash).await;
        let reason = match &found {
            Some(found) if found.admin.disabled_at.is_some() => "account disabled",
            Some(_) => "wrong password",
            None => "unknown address",
        };
        if matches
            && let Some(found) = &found
            && found.admin.disabled_at.is_none()
        {
            return Ok(found.clone());
        }
        // The right password of a disabled account is not a wrong guess.
        if !matches {
            let closed = attempt.fail();
            let failed = &self.0.failed_sign_ins;
            failed.log_closed(account, &closed, self.now());
        }
        self.note_failed_sign_in(account, visitor, reason);
        Err(Error::WrongCredentials)
    }

    /// The actor of a session, if the session has not ended. What a page asks for by itself, in the background, is no use
    /// of the session, which would else never end by inactivity.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn resume_session(
        &self,
        id: &Secret,
        visitor: &Visitor,
    ) -> Result<Option<Actor>, Error> {
        let resumed = self.resume_session_for_page(id, visitor).await?;
        Ok(resumed.map(|resumed| resumed.actor))
    }

    /// The same, with what a page that is to follow changes has to know, in one reading.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn resume_session_for_page(
        &self,
        id: &Secret,
        visitor: &Visitor,
    ) -> Result<Option<ResumedSession>, Error> {
        let session = digest(id);
        let Some(found) = self.0.store.find_session(&session).await? else {
            return Ok(None);
        };
        let now = self.now();
        if !is_live(&found, now) {
            return Ok(None);
        }
        if !visitor.in_background && found.seen_at + NOTED_EVERY <= now {
            // On a full disk pages can still be read. A session whose use cannot be written ends sooner. The failure is
            // logged where it is mapped to an `Error`.
            let _: Result<(), Error> = self.note_use(&session, now).await;
        }
        Ok(Some(ResumedSession {
            newest_event: found.newest_event,
            actor: Actor::Admin {
                admin: found.admin,
                session,
                has_fresh_proof: now < found.proved_at + FRESH,
                address: visitor.address,
            },
        }))
    }

    /// The address of the administrator whose session this is or was; none when nothing is left of it. Only who sends its
    /// cookie may be told.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn email_of_session(&self, id: &Secret) -> Result<Option<String>, Error> {
        let found = self.0.store.find_session(&digest(id)).await?;
        Ok(found.map(|found| found.admin.email))
    }

    async fn note_use(&self, session: &[u8], now: Time) -> Result<(), Error> {
        let mut tx = self.0.store.write().await?;
        tx.update_session_seen(session, now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the actor's session.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Error> {
        let Actor::Admin { session, .. } = actor else {
            return Ok(());
        };
        let mut tx = self.0.store.write().await?;
        tx.delete_session(session).await?;
        let target = Target::admin(actor.email());
        let record = actor.record(self.now(), target, Event::SignedOut {});
        tx.append_events(&[record]).await?;
        Ok(tx.commit().await?)
    }

    /// Seals a secret into a text that only this session can have opened, and only for a few minutes. So the form that
    /// made the secret passes it to the page that shows it, on any node.
    #[must_use]
    pub fn seal_shown_secret(
        &self,
        actor: &Actor,
        client: &ClientId,
        shown: &ShownSecret,
    ) -> String {
        let (label, ends_at) = (shown_label(actor, client), self.now() + SHOWN);
        let keys = &self.0.keys;
        keys.seal_until(&self.0.random, &label, ends_at, shown)
    }

    /// Opens a text of [`Console::seal_shown_secret`].
    #[must_use]
    pub fn open_shown_secret(
        &self,
        actor: &Actor,
        client: &ClientId,
        sealed: &str,
    ) -> Option<ShownSecret> {
        let label = shown_label(actor, client);
        self.0.keys.open_until(sealed, &label, self.now())
    }

    pub(in crate::service) async fn start_session(
        &self,
        tx: &mut Tx,
        admin: Admin,
        visitor: &Visitor,
    ) -> Result<(StartedSession, Actor), Error> {
        let id = Secret::new(URL_SAFE_NO_PAD.encode(self.0.random.bytes::<32>()));
        let session = digest(&id);
        let now = self.now();
        if let Some(before) = &visitor.session {
            tx.delete_session(before).await?;
        }
        let address = visitor.address.map(|address| address.to_string());
        let ends_at = now + LONGEST;
        tx.insert_session(&NewSession {
            digest: &session,
            admin: admin.id,
            at: now,
            ends_at,
            address: address.as_deref(),
            device: visitor.device,
        })
        .await?;
        let started = StartedSession {
            id,
            max_age: LONGEST.num_seconds(),
            email: admin.email.clone(),
        };
        let actor = Actor::Admin {
            admin,
            session,
            has_fresh_proof: true,
            address: visitor.address,
        };
        Ok((started, actor))
    }
}

/// The administrator, as they are now, if the password that was proven is still theirs and they are not disabled. Neither
/// changes before the transaction ends.
pub(in crate::service) async fn unchanged_admin(
    tx: &mut Tx,
    proven: &AdminRow,
) -> Result<Option<Admin>, Error> {
    let now = tx.lock_admin(proven.admin.id).await?;
    let same = now
        .filter(|now| now.password_hash == proven.password_hash && now.admin.disabled_at.is_none());
    Ok(same.map(|same| same.admin))
}

/// Whether a session has neither ended nor been left alone for too long.
pub(super) fn is_live(session: &SessionRow, now: Time) -> bool {
    session.ends_at > now && session.seen_at + IDLE > now && session.admin.disabled_at.is_none()
}

/// The digest under which a session is stored.
pub(in crate::service) fn digest(id: &Secret) -> [u8; 32] {
    Sha256::digest(id.expose().as_bytes()).into()
}

/// What a sealed text is bound to: a purpose, so that no other sealed text is taken for one, and a session, so that no other
/// can have it opened.
pub(in crate::service) fn session_label(purpose: &str, session: &[u8]) -> String {
    format!("{purpose} {}", URL_SAFE_NO_PAD.encode(session))
}

fn shown_label(actor: &Actor, client: &ClientId) -> String {
    session_label(&format!("shown secret {client}"), actor.session())
}
