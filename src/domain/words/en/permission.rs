//! The sentences about copying permissions.

use std::fmt::{Formatter, Result};

use crate::domain::complaint::PermissionComplaint;

/// The sentence of a complaint about copying permissions.
pub(super) fn complaint(complaint: &PermissionComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        PermissionComplaint::CopiedFromItself => write!(
            to,
            "That is this client itself. Choose another one to copy from."
        ),
        PermissionComplaint::SourceChanged { name } => write!(
            to,
            "{name} was changed after your page was loaded. Nothing was copied. Look at the comparison again."
        ),
    }
}
