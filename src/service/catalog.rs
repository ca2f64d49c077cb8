//! Reads the catalogue: the built-in one, or the operator's.

use std::collections::HashSet;
use std::path::Path;

use crate::domain::catalog::{
    Catalog, CatalogComplaint, CatalogError, CatalogText, Permission, Scope,
};
use crate::domain::permission::PermissionName;
use crate::domain::scope::ScopeName;
use crate::domain::text::check_readable;
use crate::domain::visible::is_likely_secret;

static BUILT_IN: &str = include_str!("../domain/catalog.toml");

/// The built-in catalogue.
///
/// # Panics
/// Never: a test reads it.
#[must_use]
pub fn built_in() -> Catalog {
    parse(BUILT_IN, "built-in catalogue").expect("the built-in catalogue is valid")
}

/// Reads the operator's catalogue.
///
/// # Errors
/// Why it cannot be used, and where it is wrong.
pub fn read(path: &Path) -> Result<Catalog, CatalogError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text, &file),
        Err(error) => Err(CatalogError::Unreadable {
            file: Some(file).filter(|name| !is_likely_secret(name)),
            cause: error.to_string(),
        }),
    }
}

/// Reads a catalogue from TOML.
///
/// # Errors
/// Where it is wrong.
pub fn parse(text: &str, file: &str) -> Result<Catalog, CatalogError> {
    let wrong = |line: usize, complaint| CatalogError::Wrong {
        file: file.to_owned(),
        line,
        complaint,
    };
    let catalog: Catalog = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        wrong(line, CatalogComplaint::Syntax(error.message().to_owned()))
    })?;
    if catalog.scopes.is_empty() {
        return Err(wrong(1, CatalogComplaint::NoScope));
    }
    let mut seen = HashSet::new();
    for scope in &catalog.scopes {
        check_scope(scope).map_err(|complaint| wrong(line_naming(text, &scope.name), complaint))?;
        if !seen.insert(scope.name.as_str()) {
            let twice = CatalogComplaint::ScopeTwice(scope.name.clone());
            return Err(wrong(last_line_naming(text, &scope.name), twice));
        }
    }
    if catalog.scopes.len() > usize::from(u8::MAX) {
        return Err(wrong(1, CatalogComplaint::TooManyScopes { most: u8::MAX }));
    }
    let mut seen = HashSet::new();
    let scoped = catalog.scopes.iter().flat_map(Scope::permissions);
    for permission in scoped.chain(&catalog.unscoped) {
        check_permission(permission)
            .map_err(|complaint| wrong(line_naming(text, &permission.name), complaint))?;
        if !seen.insert(permission.name.as_str()) {
            let twice = CatalogComplaint::PermissionTwice(permission.name.clone());
            return Err(wrong(last_line_naming(text, &permission.name), twice));
        }
    }
    Ok(catalog)
}

fn check_scope(scope: &Scope) -> Result<(), CatalogComplaint> {
    if ScopeName::parse(&scope.name).is_none() {
        return Err(CatalogComplaint::ScopeName(scope.name.clone()));
    }
    require_text(&scope.label, CatalogText::Label, &scope.name)?;
    check_text(&scope.description, CatalogText::Description, &scope.name)?;
    scope
        .groups
        .iter()
        .try_for_each(|group| require_text(&group.label, CatalogText::GroupLabel, &scope.name))
}

fn check_permission(permission: &Permission) -> Result<(), CatalogComplaint> {
    if PermissionName::parse(&permission.name).is_none() {
        return Err(CatalogComplaint::PermissionName(permission.name.clone()));
    }
    require_text(&permission.label, CatalogText::Label, &permission.name)?;
    check_text(
        &permission.description,
        CatalogText::Description,
        &permission.name,
    )
}

/// Checks a text of the scope or the permission with this name.
fn require_text(text: &str, which: CatalogText, name: &str) -> Result<(), CatalogComplaint> {
    if text.trim().is_empty() {
        let name = name.to_owned();
        return Err(CatalogComplaint::TextMissing { text: which, name });
    }
    check_text(text, which, name)
}

/// Checks a text that may be empty but has no invisible characters.
fn check_text(text: &str, which: CatalogText, name: &str) -> Result<(), CatalogComplaint> {
    match text.trim() {
        "" => Ok(()),
        text => check_readable(text).map_err(|why| CatalogComplaint::TextUnreadable {
            text: which,
            name: name.to_owned(),
            why,
        }),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}

fn lines_naming<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    text.lines()
        .enumerate()
        .filter(move |(_, line)| {
            line.trim_start().starts_with("name")
                && quoted.iter().any(|name| line.contains(name.as_str()))
        })
        .map(|(number, _)| number + 1)
}

fn line_naming(text: &str, name: &str) -> usize {
    lines_naming(text, name).next().unwrap_or(1)
}

fn last_line_naming(text: &str, name: &str) -> usize {
    lines_naming(text, name).last().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::{IMPERSONATE, INTROSPECT, LOGIN};

    #[test]
    fn the_built_in_catalogue_has_the_names_used_in_the_code() {
        let catalog = built_in();
        for scope in ["system", "public", "proposals", "oauth"] {
            assert!(catalog.scope(scope).is_some(), "{scope}");
        }
        for permission in [IMPERSONATE, LOGIN] {
            assert!(
                catalog.check_grant(permission, &["blogs"]).is_ok(),
                "{permission} needs no scope"
            );
        }
        assert!(catalog.check_grant(INTROSPECT, &["system"]).is_ok());
        assert!(catalog.check_grant("oauth.read", &["oauth"]).is_ok());
        assert!(catalog.check_grant("oauth.read", &["system"]).is_err());
    }

    fn refused(text: &str) -> String {
        parse(text, "own.toml").unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line() {
        assert!(refused("[[scope]]\nname = 3\n").starts_with("own.toml:2: "));
        assert!(
            refused(
                "[[scope]]\nname = \"a\"\nlabel = \"A\"\ndescription = \"A.\"\ncolour = \"red\"\n"
            )
            .starts_with("own.toml:5: unknown field `colour`")
        );
        assert_eq!(
            refused(""),
            "own.toml:1: there is no scope; write at least one `[[scope]]`"
        );
        let scope = "[[scope]]\nname = \"a\"\nlabel = \"A\"\ndescription = \"A.\"\n";
        assert_eq!(
            refused(&format!("{scope}{scope}")),
            "own.toml:6: scope `a` stands here twice"
        );
        let spaced = "[[scope]]\nname = \"a b\"\nlabel = \"A\"\ndescription = \"A.\"\n";
        assert!(refused(spaced).starts_with("own.toml:2: `a b` cannot name a scope"));
    }

    #[test]
    fn every_text_of_a_catalogue_can_be_read() {
        let good = "[[scope]]\nname = \"a\"\nlabel = \"LABEL\"\ndescription = \"DESCRIPTION\"\n\
                    [[scope.group]]\nlabel = \"GROUP\"\n\
                    [[scope.group.permission]]\nname = \"a.b\"\nlabel = \"PERMISSION\"\ndescription = \"WHAT\"\n";
        assert!(parse(good, "own.toml").is_ok());
        for (text, line, what) in [
            ("LABEL", 2, "the label of `a`"),
            ("DESCRIPTION", 2, "the description of `a`"),
            ("GROUP", 2, "the group label of `a`"),
            ("PERMISSION", 8, "the label of `a.b`"),
            ("WHAT", 8, "the description of `a.b`"),
        ] {
            for wrong in [
                "\\u200B",
                "x\\u2028y",
                "x\\u202Ey",
                "x\\u001B[31m",
                "x\\u00ADy",
                "\\u3164",
            ] {
                let message = refused(&good.replacen(text, wrong, 1));
                assert!(
                    message.starts_with(&format!("own.toml:{line}: {what} has ")),
                    "{text} {wrong}: {message}"
                );
            }
        }
    }
}
