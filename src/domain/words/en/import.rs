//! Sentences of imports by a form.

use std::fmt::{Formatter, Result};

use crate::domain::participant::{FORM_IMPORT_BYTES, FORM_IMPORT_PASSWORDS};

/// The sentence of an import that a form does not carry.
pub(super) fn too_long(to: &mut Formatter<'_>) -> Result {
    let most = FORM_IMPORT_BYTES / 1024;
    write!(
        to,
        "This page takes at most {most} KiB and {FORM_IMPORT_PASSWORDS} passwords at once. Split the list, or run `claviger participant import` on the server."
    )
}
