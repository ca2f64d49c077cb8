//! The last tokens of each client, in a ring.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::LazyLock;

use chrono::DateTime;

use crate::domain::Time;
use crate::domain::ids::ClientNumber;
use crate::domain::token::TokenId;
use crate::domain::usage::{RECENT_TOKENS, TokenGrant};

use super::rows::{LazyStatements, statements, texts};
use super::{Result, Tx, on};

static COUNT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO recent_token_counts (client, tokens) VALUES ",
        2,
        " ON CONFLICT (client) DO UPDATE SET tokens = recent_token_counts.tokens + excluded.tokens
          RETURNING client, tokens",
    )
});

static PUT: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO recent_tokens (client, slot, token, issued_at, expires_at, address, grant_code, claims) VALUES ",
        8,
        " ON CONFLICT (client, slot) DO UPDATE SET
            token = excluded.token,
            issued_at = excluded.issued_at,
            expires_at = excluded.expires_at,
            address = excluded.address,
            grant_code = excluded.grant_code,
            claims = excluded.claims",
    )
});

/// A recent token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// Its id.
    pub id: TokenId,
    /// When it was issued.
    pub issued_at: Time,
    /// When it expires.
    pub expires_at: Time,
    /// The network address of the request.
    pub address: Option<IpAddr>,
    /// How it was asked for.
    pub grant: TokenGrant,
    /// Its claims in the encoding in which they are sealed.
    pub claims: Vec<u8>,
}

/// The columns of a recent token.
type Row = (Vec<u8>, i64, i64, Option<String>, i64, Vec<u8>);

impl Tx {
    /// Puts recent tokens into the ring buffers of their clients, each client's in the order of issue. Of each client
    /// the last [`RECENT_TOKENS`] that any node put there remain.
    pub async fn put_recent_tokens(
        &mut self,
        tokens: &BTreeMap<ClientNumber, Vec<StoredToken>>,
    ) -> Result<()> {
        let added: Vec<(ClientNumber, i64)> = tokens
            .iter()
            .map(|(client, tokens)| (*client, i64::try_from(tokens.len()).unwrap_or_default()))
            .collect();
        // Updating the counts also locks their rows, so that two nodes do not use the same slots.
        let mut counts = HashMap::with_capacity(added.len());
        for (text, rows) in statements(self, &COUNT, &added) {
            on!(self, conn => {
                let mut query = sqlx::query_as::<_, (ClientNumber, i64)>(text);
                for (client, added) in rows {
                    query = query.bind(client).bind(added);
                }
                counts.extend(query.fetch_all(conn).await?);
            });
        }
        let mut slots = Vec::new();
        for (client, tokens) in tokens {
            let numbers = (0..counts.get(client).copied().unwrap_or_default()).rev();
            // A statement may change each row once, so a token that a later one overwrites at once is left out.
            let last = numbers.zip(tokens.iter().rev()).take(RECENT_TOKENS.into());
            slots.extend(
                last.map(|(number, token)| (client, number % i64::from(RECENT_TOKENS), token)),
            );
        }
        for (text, rows) in statements(self, &PUT, &slots) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for (client, slot, token) in rows {
                    query = query
                        .bind(client)
                        .bind(slot)
                        .bind(token.id.0.as_slice())
                        .bind(token.issued_at.timestamp_micros())
                        .bind(token.expires_at.timestamp_micros())
                        .bind(token.address.map(|address| address.to_string()))
                        .bind(token.grant.code())
                        .bind(token.claims.as_slice());
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// The recent tokens of a client, ended or not, the newest first.
    pub async fn list_recent_tokens(&mut self, client: ClientNumber) -> Result<Vec<StoredToken>> {
        let rows: Vec<Row> = on!(self, conn => {
            sqlx::query_as(
                "SELECT token, issued_at, expires_at, address, grant_code, claims FROM recent_tokens
                 WHERE client = $1 ORDER BY issued_at DESC, token DESC",
            )
            .bind(client)
            .fetch_all(conn)
            .await?
        });
        let read = |(token, issued_at, expires_at, address, grant, claims): Row| {
            Some(StoredToken {
                id: TokenId(token.try_into().ok()?),
                issued_at: DateTime::from_timestamp_micros(issued_at)?,
                expires_at: DateTime::from_timestamp_micros(expires_at)?,
                address: address.and_then(|address| address.parse::<IpAddr>().ok()),
                grant: TokenGrant::from_code(grant)?,
                claims,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
