//! Formats of moments.

/// A day, such as `23 Nov 2026`.
pub(super) const DAY: &str = "%-d %b %Y";
