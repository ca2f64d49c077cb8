//! Tokens of clients, for administrators: revoked by themselves or all at once.

mod examine;
mod refusals;
mod view;

use chrono::SubsecRound;

use crate::domain::Time;
use crate::domain::client::Client;
use crate::domain::complaint::TokenComplaint;
use crate::domain::error::Error;
use crate::domain::event::Event;
use crate::domain::ids::ClientNumber;
use crate::domain::rights::Right;
use crate::domain::token::{Lifetime, TokenId};
use crate::domain::usage::hour_of;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::{require_live, require_may_change};

pub(in crate::service) use refusals::last_refusal;
pub(in crate::service) use view::switch_uses;

/// What a sealed handle is bound to, so that no other sealed text is taken for one.
const HANDLE: &str = "token handle";

/// What it takes to revoke a token without its text. It is sealed, so only tokens that there are can be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TokenHandle {
    client: ClientNumber,
    token: TokenId,
    lifetime: Lifetime,
}

impl Console {
    /// Revokes one token of a client, and returns its id. When this returns, no node reports it as active. Revoking it
    /// twice changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`] in `token` when the handle is not one of this
    /// client's tokens, [`Error::Conflict`] when the client is revoked.
    pub async fn revoke_token(
        &self,
        actor: &Actor,
        id: &str,
        handle: &str,
    ) -> Result<TokenId, Error> {
        actor.require(Right::ChangeClients)?;
        let unknown = || Error::invalid("token", TokenComplaint::TokenHandleUnknown.into());
        let handle = self.open_handle(handle).ok_or_else(unknown)?;
        self.0.directory.refresh().await?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        if client.number != handle.client {
            return Err(unknown());
        }
        require_may_change(actor, &client)?;
        require_live(&client)?;
        if self.0.directory.is_listed(handle.token) {
            return Ok(handle.token);
        }
        let (tx, stamp) = change.parts();
        let entry = (handle.token, handle.lifetime);
        tx.insert_denylist(&[entry], stamp.version).await?;
        let token = handle.token.to_string();
        let event = Event::TokenRevoked { token };
        change.commit(&client, event).await?;
        Ok(handle.token)
    }

    /// Revokes every token of a client that was issued so far. When this returns, no node reports one as active; the
    /// client can ask for new ones.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when the client is revoked.
    pub async fn revoke_all_tokens(&self, actor: &Actor, id: &str) -> Result<Client, Error> {
        actor.require(Right::ChangeClients)?;
        let mut change = self.change(actor).await?;
        let client = change.client(id).await?;
        require_may_change(actor, &client)?;
        require_live(&client)?;
        let (tx, stamp) = change.parts();
        tx.revoke_client_tokens(client.number, stamp.version)
            .await?;
        let (one, at) = (std::slice::from_ref(&client), stamp.at);
        self.subtract_live_tokens(tx, one, at).await?;
        tx.keep_revoked_token_count(client.number, hour_of(at))
            .await?;
        let client = change.reload(client.number).await?;
        change.commit(&client, Event::TokensRevokedAll {}).await?;
        Ok(client)
    }

    fn seal_handle(&self, handle: TokenHandle) -> String {
        let TokenHandle {
            client,
            token,
            lifetime,
        } = handle;
        let (issued_at, expires_at) = (
            lifetime.issued_at.timestamp(),
            lifetime.expires_at.timestamp(),
        );
        let text = format!("{client} {token} {issued_at} {expires_at}");
        self.0.keys.seal_cookie(&self.0.random, &text, HANDLE)
    }

    fn open_handle(&self, sealed: &str) -> Option<TokenHandle> {
        let text = self.0.keys.open_cookie(sealed, HANDLE)?;
        let mut parts = text.split(' ');
        let mut next = || parts.next();
        Some(TokenHandle {
            client: next()?.parse().ok()?,
            token: TokenId::parse(next()?)?,
            lifetime: Lifetime {
                issued_at: moment(next()?)?,
                expires_at: moment(next()?)?,
            },
        })
    }
}

fn moment(seconds: &str) -> Option<Time> {
    Time::from_timestamp(seconds.parse().ok()?, 0)
}

/// The lifetime that is sealed in a token: in whole seconds.
fn sealed_lifetime(issued_at: Time, expires_at: Time) -> Lifetime {
    Lifetime {
        issued_at: issued_at.trunc_subsecs(0),
        expires_at: expires_at.trunc_subsecs(0),
    }
}
