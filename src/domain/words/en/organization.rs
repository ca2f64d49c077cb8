//! The sentences about organizations.

use std::fmt::{Formatter, Result};

use super::event::author;
use super::format::DAY;
use crate::domain::complaint::OrganizationComplaint;

/// The sentence of a complaint about organizations.
pub(super) fn complaint(complaint: &OrganizationComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        OrganizationComplaint::OrganizationChanged { by, at } => {
            let by = by.as_deref().map_or("Somebody".to_owned(), author);
            let at = at.map(|at| format!(" at {} on {}", at.format("%H:%M UTC"), at.format(DAY)));
            let at = at.unwrap_or_default();
            write!(
                to,
                "{by} changed this organization{at}, after your page was loaded. Nothing was saved."
            )
        }
    }
}
