//! Parameters of a request, whichever format they were read from: their names, and which may repeat or nest.

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::OAuthError;

/// Parameters that may be repeated (RFC 8707, RFC 8693).
pub(crate) const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// Parameters that may be JSON objects; in a form a member of one is `meta[name]`.
pub(super) const NESTING: [&str; 2] = ["meta", "extra"];

/// Parameters that this server or its standards define, whose values are texts and never nest.
pub(crate) const TEXT_PARAMETERS: [&str; 21] = [
    "grant_type",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "access_token",
    "token",
    "token_type_hint",
    "resource",
    "audience",
    "auth_type",
    "username",
    "password",
    "id",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
    "reason",
];

/// Up to this many names are compared pairwise; beyond it a set is faster.
const FEW: usize = 16;

/// The parameters of a request in the order sent, as (name, value).
pub(crate) type Fields<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Refuses a repeated name (RFC 6749 §3.1, §3.2): a proxy or a log could read another of the values than this server.
pub(super) fn refuse_repeats<N: AsRef<str>, T>(fields: &[(N, T)]) -> Result<(), OAuthError> {
    let names = || {
        fields
            .iter()
            .map(|(name, _)| name.as_ref())
            .filter(|name| !REPEATABLE.contains(name))
    };
    let is_single = if fields.len() <= FEW {
        names()
            .enumerate()
            .all(|(index, name)| !names().take(index).any(|earlier| earlier == name))
    } else {
        let mut seen = HashSet::with_capacity(fields.len());
        names().all(|name| seen.insert(name))
    };
    if is_single {
        Ok(())
    } else {
        Err(OAuthError::invalid_request("A parameter is given twice."))
    }
}

/// Refuses a text parameter written with brackets, as `scope[]` or `scope[0]`: many frameworks encode a list so. Were
/// it ignored, the client would get more scopes than it asked for.
pub(super) fn refuse_brackets(fields: &Fields<'_>) -> Result<(), OAuthError> {
    let is_bracketed = |(name, _): &(Cow<str>, Cow<str>)| {
        name.split_once('[')
            .is_some_and(|(before, _)| TEXT_PARAMETERS.contains(&before))
    };
    if fields.iter().any(is_bracketed) {
        return Err(OAuthError::invalid_request("A parameter is not a text."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_given_twice_is_seen_among_few_and_among_many() {
        for others in [0, 100] {
            let names: Vec<String> = (0..others).map(|number| format!("n{number}")).collect();
            let mut fields: Vec<(&str, ())> =
                names.iter().map(|name| (name.as_str(), ())).collect();
            fields.extend([("a", ()), ("resource", ()), ("resource", ())]);
            assert!(refuse_repeats(&fields).is_ok(), "{others}");
            fields.push(("a", ()));
            assert!(refuse_repeats(&fields).is_err(), "{others}");
        }
    }
}
