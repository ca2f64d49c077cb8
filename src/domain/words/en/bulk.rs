//! Why an act on several clients is refused.

use std::fmt::{Formatter, Result, Write as _};

use crate::domain::client::BULK_MAX;
use crate::domain::complaint::{BulkComplaint, ChangedClient};
use crate::domain::text::cleaned;

use super::event::author;

/// The format of a moment, such as `12:00 UTC on 23 Nov 2026`.
const MOMENT: &str = "%H:%M UTC on %-d %b %Y";

/// How many clients that were changed are named.
const NAMED: usize = 10;

/// The sentence of a complaint about an act on several clients.
pub(super) fn complaint(complaint: &BulkComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        BulkComplaint::BulkEmpty => write!(to, "Choose at least one client."),
        BulkComplaint::BulkTooMany { count } => write!(
            to,
            "Those are {count} clients. Change at most {BULK_MAX} at once."
        ),
        BulkComplaint::BulkChanged { changed } => changed_meanwhile(changed, to),
        BulkComplaint::BulkNotConfirmed { count } => {
            write!(to, "That is not the number of clients. Type {count}.")
        }
        BulkComplaint::BulkExpiresThen => {
            write!(
                to,
                "All of them expire on that day already. Choose another one."
            )
        }
    }
}

fn changed_meanwhile(changed: &[ChangedClient], to: &mut Formatter<'_>) -> Result {
    to.write_str("Changed after your page was loaded: ")?;
    for (position, client) in changed.iter().take(NAMED).enumerate() {
        if position > 0 {
            to.write_str("; ")?;
        }
        write!(to, "“{}”", cleaned(&client.name))?;
        if client.is_revoked {
            to.write_str(", which was revoked")?;
        }
        if let Some(by) = &client.by {
            write!(to, " by {}", author(by))?;
        }
        if let Some(at) = client.at {
            write!(to, " at {}", at.format(MOMENT))?;
        }
    }
    match changed.len().saturating_sub(NAMED) {
        0 => {}
        1 => to.write_str("; and one more")?,
        more => write!(to, "; and {more} more")?,
    }
    to.write_char('.')?;
    to.write_str(" So none of them was changed. What is shown now is how they are.")
}
