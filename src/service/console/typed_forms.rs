//! Forms that were typed while their session ended: sealed, so that the sign-in page can carry them until their sender is
//! signed in again. The server keeps none of them.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::error::Error;
use crate::domain::secret::Secret;
use crate::domain::view::RefusedForm;
use crate::service::console::Console;

/// How long a sealed form can be opened.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// What a sealed form is bound to, so that no other sealed text is taken for one.
const LABEL: &str = "typed form";

#[derive(Serialize, Deserialize)]
struct TypedForm {
    /// The address of the administrator who typed it; none when nothing is left of their session. Then whoever signs in
    /// next, in this browser, gets it back.
    owner: Option<String>,
    /// The second since 1970 from which it can no longer be opened.
    ends_at: i64,
    form: RefusedForm,
}

impl Console {
    /// Seals a form for the administrator of a session, which may have ended, and for an hour.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    ///
    /// # Panics
    /// Never: a form is plain data.
    pub async fn seal_typed_form(
        &self,
        session: Option<&Secret>,
        form: RefusedForm,
    ) -> Result<String, Error> {
        let owner = match session {
            Some(id) => self.email_of_session(id).await?,
            None => None,
        };
        let typed = TypedForm {
            owner,
            ends_at: (self.now() + KEPT).timestamp(),
            form,
        };
        let json = serde_json::to_string(&typed).expect("a form is plain data");
        Ok(self.0.keys.seal_cookie(&self.0.random, &json, LABEL))
    }

    /// Opens a text of [`Console::seal_typed_form`], for the administrator with this address.
    #[must_use]
    pub fn open_typed_form(&self, email: &str, sealed: &str) -> Option<RefusedForm> {
        let json = self.0.keys.open_cookie(sealed, LABEL)?;
        let typed: TypedForm = serde_json::from_str(&json).ok()?;
        let is_theirs = typed.owner.is_none_or(|owner| owner == email);
        (is_theirs && self.now().timestamp() < typed.ends_at).then_some(typed.form)
    }
}
