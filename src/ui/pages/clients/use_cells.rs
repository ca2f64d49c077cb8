//! The use of a client as the list and its own pages show it, to be written there while they are looked at.

use super::row::push_last_used;
use crate::domain::Time;
use crate::domain::view::UseCells;
use crate::service::ClientUse;
use crate::ui::components::sparkline::push_sparkline;

/// The cells at a moment.
#[must_use]
pub fn use_cells(used: &ClientUse, now: Time) -> UseCells {
    let mut last_used = String::new();
    push_last_used(&mut last_used, used.usage.last_used_at, now);
    let mut requests = String::new();
    push_sparkline(&mut requests, &used.usage);
    UseCells {
        client: used.id.to_string(),
        last_used,
        requests,
    }
}
