//! How many tokens of clients may be live: issued, not expired, and not revoked with the client or with all its tokens. Counted
//! from usage by the hour, so at most; and what the last seconds brought is not counted yet.

use crate::domain::Time;
use crate::domain::client::Client;
use crate::domain::error::Error;
use crate::domain::live_tokens::LiveTokenSums;
use crate::domain::usage::{KEPT_DAYS, hour_of, live_hours};
use crate::service::console::Console;
use crate::store::Tx;

impl Console {
    /// How many tokens of a client may be live.
    pub(super) async fn live_tokens_of(
        &self,
        tx: &mut Tx,
        client: &Client,
        now: Time,
    ) -> Result<i64, Error> {
        let rows = self.live_tokens_by_hour(tx, client, now).await?;
        Ok(rows.into_iter().map(|(_, tokens)| tokens).sum())
    }

    /// Takes the tokens of clients out of the numbers of live ones. To be called once in a change that revokes them, because other
    /// nodes lock the same rows in this order.
    pub(super) async fn subtract_live_tokens(
        &self,
        tx: &mut Tx,
        clients: &[Client],
        now: Time,
    ) -> Result<(), Error> {
        let mut live = LiveTokenSums::default();
        for client in clients {
            for (hour, tokens) in self.live_tokens_by_hour(tx, client, now).await? {
                live.add(client.organization_id, hour, -tokens);
            }
        }
        Ok(tx.add_live_tokens(&live.rows().collect::<Vec<_>>()).await?)
    }

    /// By the hour until which they may be. Tokens from before the lifetime was made shorter may be missing.
    async fn live_tokens_by_hour(
        &self,
        tx: &mut Tx,
        client: &Client,
        now: Time,
    ) -> Result<Vec<(i64, i64)>, Error> {
        let lifetime = client.token_ttl.unwrap_or(self.0.settings.token_ttl);
        let (hours, hour) = (live_hours(lifetime).min(KEPT_DAYS * 24), hour_of(now));
        let rows = tx.list_live_tokens_of_client(client.number, hour - hours..=hour);
        Ok(rows.await?)
    }
}
