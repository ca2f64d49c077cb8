//! Forms that were typed while their session ended: sealed, so that the sign-in page can carry them until their sender is
//! signed in again. The server keeps none of them.

use chrono::TimeDelta;

use crate::domain::error::Error;
use crate::domain::secret::Secret;
use crate::domain::view::RefusedForm;
use crate::service::console::Console;

/// How long a sealed form can be opened.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// What a sealed form is bound to, so that no other sealed text is taken for one.
const LABEL: &str = "typed form";

/// A form, and the address of the administrator who typed it; none when nothing is left of their session. Then whoever
/// signs in next, in this browser, gets it back.
type TypedForm = (Option<String>, RefusedForm);

impl Console {
    /// Seals a form for the administrator of a session, which may have ended, and for an hour.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn seal_typed_form(
        &self,
        session: Option<&Secret>,
        form: RefusedForm,
    ) -> Result<String, Error> {
        let owner = match session {
            Some(id) => self.email_of_session(id).await?,
            None => None,
        };
        let typed: TypedForm = (owner, form);
        let (keys, ends_at) = (&self.0.keys, self.now() + KEPT);
        Ok(keys.seal_until(&self.0.random, LABEL, ends_at, &typed))
    }

    /// Opens a text of [`Console::seal_typed_form`], for the administrator with this address.
    #[must_use]
    pub fn open_typed_form(&self, email: &str, sealed: &str) -> Option<RefusedForm> {
        let opened = self.0.keys.open_until(sealed, LABEL, self.now());
        let (owner, form): TypedForm = opened?;
        owner.is_none_or(|owner| owner == email).then_some(form)
    }
}
