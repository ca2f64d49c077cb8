//! Keys of forms (idempotency keys). A form that makes something carries a random key, so that sending it twice makes one
//! thing, and the second answer is the first one again.
//!
//! Key and answer are written in the transaction of the change, so there are both or none of them. Changes are made one
//! after the other, so of two equal forms at the same moment the second finds the answer of the first.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::service::console::Console;
use crate::store::{FormKeyRow, Stamp, Tx};

/// What tells a form from others, and whether it was sent before.
#[derive(Clone, Copy, Debug)]
pub struct SentForm {
    /// The SHA-256 of its key; one without a key is never taken for another.
    key: Option<[u8; 32]>,
    /// The SHA-256 of what it asks for.
    digest: [u8; 32],
}

/// What a form made: the answer to it, however often it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct FormAnswer {
    /// The id of what was made.
    pub made: String,
    /// The secret that was made with it, as [`Console::seal_shown_secret`] seals it.
    pub sealed: Option<String>,
}

impl std::fmt::Debug for FormAnswer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FormAnswer")
            .field("made", &self.made)
            .finish_non_exhaustive()
    }
}

impl SentForm {
    /// A form that was posted to an endpoint, such as `clients/create`. The key may be any text; an empty one is none.
    ///
    /// # Panics
    /// Never: forms are plain data.
    #[must_use]
    pub fn new(key: &str, endpoint: &str, content: &impl Serialize) -> Self {
        let content = serde_json::to_string(content).expect("forms are plain data");
        Self {
            key: (!key.is_empty()).then(|| Sha256::digest(key).into()),
            digest: Sha256::digest(format!("{endpoint}\0{content}")).into(),
        }
    }

    /// The answer to this form, when the actor with this name has sent it before. Then there is nothing to be changed. What
    /// makes something asks in its open change, which has the lock that serializes changes.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the key came with other contents.
    pub(in crate::service) async fn find_answer(
        &self,
        tx: &mut Tx,
        by: &str,
    ) -> Result<Option<FormAnswer>, Error> {
        let Some(key) = self.key else {
            return Ok(None);
        };
        match tx.find_form_key(by, &key).await? {
            None => Ok(None),
            Some(row) if row.digest != self.digest => {
                Err(Error::Conflict(Complaint::FormSentBefore))
            }
            Some(FormKeyRow { made, sealed, .. }) => Ok(Some(FormAnswer { made, sealed })),
        }
    }

    /// What the form with this key made, of an actor given by name.
    pub(in crate::service) async fn find_made(
        tx: &mut Tx,
        actor: &str,
        key: &str,
    ) -> Result<Option<String>, Error> {
        let key: [u8; 32] = Sha256::digest(key).into();
        Ok(tx.find_form_key(actor, &key).await?.map(|row| row.made))
    }

    /// Keeps the answer to this form, together with the change.
    pub(in crate::service) async fn keep_answer(
        &self,
        tx: &mut Tx,
        stamp: &Stamp,
        answer: &FormAnswer,
    ) -> Result<(), Error> {
        let Some(key) = self.key else {
            return Ok(());
        };
        let row = FormKeyRow {
            digest: self.digest.to_vec(),
            made: answer.made.clone(),
            sealed: answer.sealed.clone(),
        };
        Ok(tx.insert_form_key(&stamp.by, &key, &row, stamp.at).await?)
    }
}

impl Console {
    /// A key for a form on a page: 128 random bits as base64url.
    #[must_use]
    pub fn form_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.random.bytes::<16>())
    }
}
