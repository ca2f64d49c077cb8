//! Where a secret was last used.

use crate::domain::view::SecretRow;

/// The network of its last use, at the end of a sentence.
pub(super) fn network_of(row: &SecretRow) -> Option<String> {
    let network = row.last_used_from.as_ref();
    network.map(|network| format!(" from {network}"))
}
