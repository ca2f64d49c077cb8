//! English, for whoever writes a catalogue.

use std::fmt::{Formatter, Result};

use super::unreadable::unreadable;
use crate::domain::catalog::{CatalogComplaint, CatalogError, CatalogText};

pub(in crate::domain) fn error(error: &CatalogError, to: &mut Formatter<'_>) -> Result {
    match error {
        CatalogError::Unreadable {
            file: Some(file),
            cause,
        } => write!(to, "{file}: cannot be read: {cause}"),
        CatalogError::Unreadable { file: None, cause } => write!(
            to,
            "the catalogue cannot be read: {cause}; its name looks like an address or a key, and is not repeated"
        ),
        CatalogError::Wrong {
            file,
            line,
            complaint: wrong,
        } => {
            write!(to, "{file}:{line}: ")?;
            complaint(wrong, to)
        }
    }
}

fn complaint(complaint: &CatalogComplaint, to: &mut Formatter<'_>) -> Result {
    match complaint {
        CatalogComplaint::Syntax(reason) => to.write_str(reason),
        CatalogComplaint::NoScope => {
            to.write_str("there is no scope; write at least one `[[scope]]`")
        }
        CatalogComplaint::TooManyScopes { most } => {
            write!(to, "there are more than {most} scopes")
        }
        CatalogComplaint::ScopeName(name) => cannot_name(name, "scope", to),
        CatalogComplaint::PermissionName(name) => cannot_name(name, "permission", to),
        CatalogComplaint::ScopeTwice(name) => write!(to, "scope `{name}` stands here twice"),
        CatalogComplaint::PermissionTwice(name) => {
            write!(to, "permission `{name}` stands here twice")
        }
        CatalogComplaint::TextMissing { text, name } => {
            write!(to, "`{name}` has an empty {}", named(*text))
        }
        CatalogComplaint::TextUnreadable { text, name, why } => to.write_str(&unreadable(
            &format!("the {} of `{name}`", named(*text)),
            *why,
        )),
    }
}

fn cannot_name(name: &str, what: &str, to: &mut Formatter<'_>) -> Result {
    write!(
        to,
        "`{name}` cannot name a {what}; use a-z, 0-9, `_`, `.`, `-` and `:`, a letter first"
    )
}

fn named(text: CatalogText) -> &'static str {
    match text {
        CatalogText::Label => "label",
        CatalogText::Description => "description",
        CatalogText::GroupLabel => "group label",
    }
}
