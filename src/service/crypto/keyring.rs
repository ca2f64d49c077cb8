//! The server's own keys, stored sealed under the master key.

use std::sync::Arc;

use arc_swap::ArcSwap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::Time;
use crate::domain::ids::{ClientNumber, Version};
use crate::domain::secret::Secret;
use crate::domain::token::{Claims, TokenId};
use crate::domain::words::en;
use crate::service::clock::{Clock, Random};
use crate::service::crypto::master_key::MasterKey;
use crate::service::crypto::sealing::{Sealer, hmac_sha256};
use crate::service::crypto::token_format::{self, SealingKey};
use crate::store::{self, KeyRow, Store};

/// The purpose of keys that seal tokens.
const TOKEN: &str = "token";

/// The purpose of the key under which generated secrets are digested.
const PEPPER: &str = "pepper";

/// Why the service could not be opened over a database.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database failed.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// The database's keys were sealed with another master key.
    #[error("{}", en::start::OTHER_MASTER_KEY)]
    OtherMasterKey,
}

/// The keys in use.
pub struct Keys {
    rows: Sealer,
    cookies: Sealer,
    /// HMAC-SHA-256, initialized with the pepper; each digest starts from a copy.
    pepper: Hmac<Sha256>,
    /// The keys of tokens, the newest last.
    sealing: ArcSwap<Vec<Arc<SealingKey>>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(••••)")
    }
}

impl Keys {
    /// Opens the server's own keys, or makes them in a database that has none.
    pub(in crate::service) async fn load_or_make(
        store: &Store,
        master: &MasterKey,
        clock: &Clock,
        random: &Random,
    ) -> Result<Self, StartError> {
        let rows = Sealer::new(&master.derive("claviger rows 1"));
        let mut stored = {
            let mut tx = store.read().await?;
            tx.list_keys(Version::BEFORE_ALL).await?
        };
        if stored.is_empty() {
            let mut tx = store.write().await?;
            let version = tx.raise_directory_version().await?;
            // Another process may have made them while this one waited for the lock.
            stored = tx.list_keys(Version::BEFORE_ALL).await?;
            if stored.is_empty() {
                for purpose in [PEPPER, TOKEN] {
                    let key: Zeroizing<[u8; 32]> = Zeroizing::new(random.bytes());
                    let sealed = rows.seal(random, key.as_slice(), &label(purpose, 1));
                    let row = KeyRow {
                        purpose: purpose.to_owned(),
                        number: 1,
                        sealed,
                        created_at: clock.now(),
                        retires_at: None,
                    };
                    tx.insert_key(&row, version).await?;
                    stored.push(row);
                }
                tx.commit().await?;
            }
        }
        let open = |row: &KeyRow| open_row(&rows, row).ok_or(StartError::OtherMasterKey);
        let pepper = stored
            .iter()
            .find(|row| row.purpose == PEPPER)
            .ok_or(StartError::OtherMasterKey)?;
        let pepper = open(pepper)?;
        let mut sealing = Vec::new();
        for row in stored.iter().filter(|row| row.purpose == TOKEN) {
            sealing.push(Arc::new(SealingKey::new(number(row), &*open(row)?)));
        }
        if sealing.is_empty() {
            return Err(StartError::OtherMasterKey);
        }
        Ok(Self {
            rows,
            cookies: Sealer::new(&master.derive("claviger cookies 1")),
            pepper: hmac_sha256(pepper.as_slice()),
            sealing: ArcSwap::from_pointee(sealing),
        })
    }

    /// Adds keys that another process made. One call at a time.
    pub(in crate::service) fn add(&self, stored: &[KeyRow]) {
        if stored.is_empty() {
            return;
        }
        let mut sealing = Vec::clone(&self.sealing.load());
        for row in stored.iter().filter(|row| row.purpose == TOKEN) {
            if sealing.iter().all(|key| key.number() != number(row)) {
                if let Some(key) = open_row(&self.rows, row) {
                    sealing.push(Arc::new(SealingKey::new(number(row), &key)));
                } else {
                    tracing::error!(
                        number = row.number,
                        "a token key was sealed with another master key"
                    );
                }
            }
        }
        self.sealing.store(Arc::new(sealing));
    }

    /// Seals a token under the newest key.
    pub(in crate::service) fn seal_token(
        &self,
        prefix: &str,
        id: TokenId,
        claims: &Claims,
    ) -> String {
        let sealing = self.sealing.load();
        let newest = sealing.last().expect("there is always a key for tokens");
        token_format::seal(newest, prefix, id, claims)
    }

    /// Opens a token that was sealed under one of the keys.
    pub(in crate::service) fn open_token(
        &self,
        prefix: &str,
        token: &str,
    ) -> Option<(TokenId, Claims)> {
        let sealing = self.sealing.load();
        let find = |number| sealing.iter().find(|key| key.number() == number);
        token_format::open(find, prefix, token)
    }

    /// The digest under which a generated secret is stored.
    pub(in crate::service) fn digest_secret(&self, secret: &str) -> [u8; 32] {
        let mut mac = self.pepper.clone();
        mac.update(secret.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Seals a client's secret for its database row.
    pub(in crate::service) fn seal_secret(
        &self,
        random: &Random,
        client: ClientNumber,
        secret: &str,
    ) -> Vec<u8> {
        self.rows.seal(
            random,
            secret.as_bytes(),
            &format!("client secret {client}"),
        )
    }

    /// Opens a client's secret from its database row.
    pub(in crate::service) fn open_secret(
        &self,
        client: ClientNumber,
        sealed: &[u8],
    ) -> Option<Secret> {
        let plain = self.rows.open(sealed, &format!("client secret {client}"))?;
        String::from_utf8(plain.to_vec()).ok().map(Secret::new)
    }

    /// Seals a text for a cookie, bound to a label that names its owner.
    pub(in crate::service) fn seal_cookie(
        &self,
        random: &Random,
        plain: &str,
        label: &str,
    ) -> String {
        URL_SAFE_NO_PAD.encode(self.cookies.seal(random, plain.as_bytes(), label))
    }

    /// Opens a text from a cookie.
    pub(in crate::service) fn open_cookie(&self, sealed: &str, label: &str) -> Option<String> {
        let plain = self
            .cookies
            .open(&URL_SAFE_NO_PAD.decode(sealed).ok()?, label)?;
        String::from_utf8(plain.to_vec()).ok()
    }

    /// Seals data for a cookie or a form, until a moment. It is plain data, which can always be written as JSON.
    pub(in crate::service) fn seal_until(
        &self,
        random: &Random,
        label: &str,
        ends_at: Time,
        data: &impl Serialize,
    ) -> String {
        let json = serde_json::to_string(&(ends_at.timestamp(), data)).expect("it is plain data");
        self.seal_cookie(random, &json, label)
    }

    /// Opens data of [`Keys::seal_until`], unless its time is over.
    pub(in crate::service) fn open_until<T: DeserializeOwned>(
        &self,
        sealed: &str,
        label: &str,
        now: Time,
    ) -> Option<T> {
        let json = self.open_cookie(sealed, label)?;
        let (ends_at, data): (i64, T) = serde_json::from_str(&json).ok()?;
        (now.timestamp() < ends_at).then_some(data)
    }
}

fn label(purpose: &str, number: i64) -> String {
    format!("key {purpose} {number}")
}

fn number(row: &KeyRow) -> u16 {
    u16::try_from(row.number).expect("a key is numbered from 1 and rotated by hand")
}

fn open_row(rows: &Sealer, row: &KeyRow) -> Option<Zeroizing<[u8; 32]>> {
    let plain = rows.open(&row.sealed, &label(&row.purpose, row.number))?;
    <[u8; 32]>::try_from(plain.as_slice())
        .ok()
        .map(Zeroizing::new)
}
