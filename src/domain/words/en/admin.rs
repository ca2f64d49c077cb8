//! What is wrong with acts on administrators and accounts.

use std::fmt::{Formatter, Result};

use crate::domain::complaint::AdminComplaint;
use crate::domain::text::cleaned;

/// The sentence of a complaint about administrators.
pub(super) fn complaint(complaint: &AdminComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        AdminComplaint::PasswordNeeded => write!(
            to,
            "This needs your password, typed within the last 10 minutes. Nothing was changed."
        ),
        AdminComplaint::PasswordWrong => write!(to, "That is not your password."),
        AdminComplaint::AdminIdUnknown { id } => write!(to, "There is no administrator {id}."),
        AdminComplaint::LastOwner => write!(
            to,
            "This is the last owner who can sign in. Make another administrator an owner first."
        ),
        AdminComplaint::DisabledAlready { email } => {
            write!(to, "“{email}” was disabled before. Nothing else to do.")
        }
        AdminComplaint::NotDisabled { email } => {
            write!(to, "“{email}” is not disabled. Nothing else to do.")
        }
        AdminComplaint::AdminDisabled { email } => {
            write!(to, "“{email}” is disabled. Enable the account first.")
        }
        AdminComplaint::RoleMissing => write!(to, "Choose a role."),
        AdminComplaint::LinkUnknown { email } => write!(
            to,
            "No link for “{}” waits to be used. It was used, withdrawn, or never made.",
            cleaned(email)
        ),
        AdminComplaint::LinkVoid => write!(
            to,
            "The link is incomplete, was used or withdrawn, or has expired. Ask for a new one."
        ),
        AdminComplaint::SessionUnknown => {
            write!(to, "That session has ended. Nothing else to do.")
        }
    }
}
