//! The contents of the page of a client's tokens.

use std::collections::HashMap;

use crate::domain::Time;
use crate::domain::client_tokens::{
    ClientTokens, LiveCount, RecentTokenRow, UsageBar, UsagePeriod,
};
use crate::domain::error::Error;
use crate::domain::ids::ClientNumber;
use crate::domain::rights::Right;
use crate::domain::token::Claims;
use crate::domain::usage::{Counts, SwitchUses, TokenGrant, beginning_of, last_hours};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::clients::require;
use crate::service::console::tokens::examine::{OpenedToken, acts_as, scope_text};
use crate::service::console::tokens::refusals::refusal_rows;
use crate::service::console::tokens::{TokenHandle, sealed_lifetime};
use crate::service::crypto::claims::decode;
use crate::store::{StoredToken, Tx};

impl Console {
    /// How much a client is used, its last tokens, and why its requests were refused.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn show_client_tokens(
        &self,
        actor: &Actor,
        id: &str,
        period: UsagePeriod,
    ) -> Result<ClientTokens, Error> {
        actor.require(Right::ReadDirectory)?;
        let now = self.now();
        let mut tx = self.read().await?;
        let client = require(&mut tx, id).await?;
        let number = client.number;
        let at_most = self.live_tokens_of(&mut tx, &client, now).await?;
        let usage = usage_bars(&mut tx, number, period, now).await?;
        let stored = tx.list_recent_tokens(number).await?;
        let refusals = refusal_rows(&mut tx, number, now).await?;
        drop(tx);
        let recent = self.recent_rows(number, stored).await?;
        Ok(ClientTokens {
            usage,
            live_tokens: LiveCount::of(&recent, at_most),
            recent,
            refusals,
        })
    }

    /// How many tokens of a client are live.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn count_live_tokens(&self, actor: &Actor, id: &str) -> Result<LiveCount, Error> {
        actor.require(Right::ReadDirectory)?;
        let now = self.now();
        let mut tx = self.read().await?;
        let client = require(&mut tx, id).await?;
        let at_most = self.live_tokens_of(&mut tx, &client, now).await?;
        let stored = tx.list_recent_tokens(client.number).await?;
        drop(tx);
        let recent = self.recent_rows(client.number, stored).await?;
        Ok(LiveCount::of(&recent, at_most))
    }

    /// The last tokens of a client, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn list_recent_tokens(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<Vec<RecentTokenRow>, Error> {
        actor.require(Right::ReadDirectory)?;
        let mut tx = self.read().await?;
        let number = require(&mut tx, id).await?.number;
        let stored = tx.list_recent_tokens(number).await?;
        drop(tx);
        self.recent_rows(number, stored).await
    }

    async fn recent_rows(
        &self,
        client: ClientNumber,
        stored: Vec<StoredToken>,
    ) -> Result<Vec<RecentTokenRow>, Error> {
        let directory = &self.0.directory;
        directory.refresh().await?;
        let Some(cached) = directory.client_by_number(client).await? else {
            return Ok(Vec::new());
        };
        let tokens: Vec<(StoredToken, Claims)> = stored
            .into_iter()
            .filter_map(|token| {
                let claims = decode(&token.claims)?;
                Some((token, claims))
            })
            .collect();
        let all = tokens.iter().map(|(_, claims)| claims);
        let participants = self.participants_of(all).await?;
        let row = |(token, claims): &(StoredToken, Claims)| {
            let opened = OpenedToken {
                id: token.id,
                claims,
                cached: &cached,
            };
            RecentTokenRow {
                id: token.id,
                acts_as: acts_as(claims, &participants),
                grant: token.grant,
                scope: scope_text(&cached, claims),
                address: token.address,
                issued_at: token.issued_at,
                expires_at: token.expires_at,
                dead: self.judge(&opened, &participants),
                handle: self.seal_handle(TokenHandle {
                    client,
                    token: token.id,
                    lifetime: sealed_lifetime(token.issued_at, token.expires_at),
                }),
            }
        };
        Ok(tokens.iter().map(row).collect())
    }
}

/// The requests of a client over time, the oldest first.
async fn usage_bars(
    tx: &mut Tx,
    client: ClientNumber,
    period: UsagePeriod,
    now: Time,
) -> Result<Vec<UsageBar>, Error> {
    let hours = last_hours(now, period.days());
    let width = if period.days().is_some() { 24 } else { 1 };
    let mut counts: HashMap<i64, Counts> = HashMap::new();
    for row in tx.list_usage_hours(client, hours.clone()).await? {
        *counts.entry(row.hour.div_euclid(width)).or_default() += row.counts;
    }
    let bars = hours.start().div_euclid(width)..=hours.end().div_euclid(width);
    let bar = |place: i64| UsageBar {
        begin: beginning_of(place * width),
        counts: counts.get(&place).copied().unwrap_or_default(),
    };
    Ok(bars.map(bar).collect())
}

/// When a client last got a token for a participant by each of its switches.
pub(in crate::service) async fn switch_uses(
    tx: &mut Tx,
    client: ClientNumber,
    now: Time,
) -> Result<SwitchUses, Error> {
    let mut uses = SwitchUses::default();
    for row in tx.list_grant_uses(client).await? {
        // Another node's clock may be ahead.
        let used_at = Some(row.used_at.min(now));
        match row.grant {
            TokenGrant::Login => uses.login = uses.login.max(used_at),
            TokenGrant::Impersonation | TokenGrant::TokenExchange => {
                uses.impersonation = uses.impersonation.max(used_at);
            }
            TokenGrant::ClientCredentials => {}
        }
    }
    Ok(uses)
}
