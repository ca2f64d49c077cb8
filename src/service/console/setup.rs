//! The first set-up, with a one-time code for making the first administrator.

use crate::domain::error::Error;
use crate::service::console::Console;

/// Letters and digits without look-alikes.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Console {
    /// Whether there is an administrator.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn is_set_up(&self) -> Result<bool, Error> {
        Ok(self.read().await?.count_admins().await? > 0)
    }

    /// Makes a new code when there is no administrator; the code before is void.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn offer_setup(&self) -> Result<Option<String>, Error> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        let text = self.0.random.text(ALPHABET, 20);
        let code: Vec<&str> = (0..20)
            .step_by(4)
            .map(|place| &text[place..place + 4])
            .collect();
        let code = code.join("-");
        self.0.setup.replace(Some(code.clone()));
        Ok(Some(code))
    }

    pub(in crate::service) fn is_setup_code(&self, typed: &str) -> bool {
        self.0.setup.matches(&typed.trim().to_ascii_uppercase())
    }

    pub(in crate::service) fn end_setup(&self) {
        self.0.setup.replace(None);
    }
}
