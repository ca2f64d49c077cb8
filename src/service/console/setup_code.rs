//! The one-time code that lets somebody make the first administrator.

use std::sync::{Mutex, MutexGuard, PoisonError};

use subtle::ConstantTimeEq;

/// The code of this process, until it is used. A restart makes a new one.
#[derive(Debug, Default)]
pub(in crate::service) struct SetupCode(Mutex<Option<String>>);

impl SetupCode {
    fn code(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a code in the place of the one before, which no longer works; none ends the set-up.
    pub(super) fn replace(&self, code: Option<String>) {
        *self.code() = code;
    }

    /// Whether this is the code. Compares in constant time.
    pub(super) fn matches(&self, typed: &str) -> bool {
        let code = self.code();
        code.as_ref()
            .is_some_and(|code| code.as_bytes().ct_eq(typed.as_bytes()).into())
    }
}
