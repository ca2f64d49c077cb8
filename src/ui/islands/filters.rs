//! The filters of the client list, applied while they are filled in.

use leptos::prelude::*;

/// Loads the list again when a filter changes.
#[island]
pub fn LiveFilters() -> impl IntoView {}
