//! Properties that hold for every input: no panic, one interpretation, and nothing opens that was not sealed.
//!
//! Each property is a function of bytes. The tests run it on the corpus and on generated input, `make fuzz` on libFuzzer's.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use crate::domain::scope::{self, ScopeName};
use crate::domain::token::TokenId;
use crate::http::oauth::credentials;
use crate::http::oauth::form::{Form, read_form};
use crate::http::oauth::json::read_json;
use crate::http::oauth::parameters::{Fields, REPEATABLE, TEXT_PARAMETERS};
use crate::service::crypto::claims::{decode, encode};
use crate::service::{Caller, SealingKey, open, seal};

mod plain;

use plain::{plain_form, plain_json};

const PREFIX: &str = "clv";

fn key() -> Arc<SealingKey> {
    Arc::new(SealingKey::new(1, &[7; 32]))
}

/// Opening tokens: a text that opens equals, letter for letter, the seal of its content; the same for claims.
///
/// # Panics
/// When that does not hold.
pub fn token(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some((id, claims)) = open(|_| Some(key()), PREFIX, text)
    {
        assert_eq!(seal(&key(), PREFIX, id, &claims), text, "two texts open");
    }
    if let Some(claims) = decode(bytes) {
        let mut written = Vec::new();
        encode(&claims, &mut written);
        assert_eq!(written, bytes, "two ways to write {claims:?}");
        let id = TokenId([bytes[0]; 24]);
        let sealed = seal(&key(), PREFIX, id, &claims);
        let opened = open(
            |number| (number == 1).then(key),
            PREFIX,
            // A token with more scopes than any client has may exceed the length limit.
            sealed.get(..1024).unwrap_or(&sealed),
        );
        assert_eq!(opened, (sealed.len() <= 1024).then_some((id, claims)));
    }
}

/// Parsing forms: the result equals a plain parser's, repeats no single-valued name, and survives being written again.
///
/// # Panics
/// When that does not hold.
pub fn form(body: &[u8]) {
    let Ok(fields) = read_form(body) else { return };
    let fields = owned(fields);
    assert_eq!(fields, plain_form(body), "another reading");
    assert_eq!(
        read_form(written(&fields).as_bytes()).ok().map(owned),
        Some(fields.clone()),
        "written again"
    );
    one_of_each(fields);
}

/// Parsing JSON: the result equals that of a parser that takes the last of two equal members, no single-valued name
/// occurs twice, numbers keep their text, and the same parameters in a form read the same.
/// # Panics
/// When that does not hold.
pub fn json(body: &[u8]) {
    let Ok(fields) = read_json(body) else { return };
    let Some(fields) = one_of_each(owned(fields)) else {
        return;
    };
    let text = std::str::from_utf8(body).expect("what was read is UTF-8");
    let other = plain_json(text);
    // Repeatable parameters may be two members or one array, of which the reference parser sees the last member only.
    let single = |fields: &[(String, String)]| {
        let mut single = fields.to_vec();
        single.retain(|(name, _)| !REPEATABLE.contains(&name.as_str()));
        single.sort();
        single
    };
    assert_eq!(single(&fields), single(&other), "another reading");
    assert!(
        other.iter().all(|field| fields.contains(field)),
        "something was left out"
    );
    assert_eq!(
        read_form(written(&fields).as_bytes()).ok().map(owned),
        Some(fields),
        "as a form"
    );
}

/// Client authentication: the first line is the `Authorization` header, the rest is the form. An accepted request has
/// used one method only, and its credentials read the same when they are written again.
///
/// # Panics
/// When that does not hold.
pub fn credentials(bytes: &[u8]) {
    let (line, body) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &b""[..]),
    };
    basic(line);
    let mut headers = HeaderMap::new();
    if !line.is_empty() {
        let Ok(value) = HeaderValue::from_bytes(line) else {
            return;
        };
        headers.insert(header::AUTHORIZATION, value);
    }
    let Ok(fields) = read_form(body) else { return };
    let Ok(form) = Form::new(&headers, fields) else {
        return;
    };
    let in_body = (form.get("client_id"), form.get("client_secret"));
    let not_offered = ["client_assertion", "client_assertion_type", "access_token"];
    let is_other = not_offered.iter().any(|name| form.get(name).is_some());
    match credentials::caller(&form) {
        Ok(_) if is_other => panic!("another way is let through, or passed over"),
        Ok(Caller::Client(client)) if line.is_empty() => {
            assert_eq!(in_body, (Some(&*client.id), Some(client.secret.expose())));
        }
        Ok(Caller::Client(client)) => {
            assert!(line[..5].eq_ignore_ascii_case(b"basic"));
            assert_eq!(in_body.1, None, "two secrets");
            assert!(in_body.0.is_none_or(|id| id == client.id), "two ids");
        }
        Ok(Caller::Bearer(_)) => {
            assert!(line[..6].eq_ignore_ascii_case(b"bearer"));
            assert_eq!(in_body, (None, None), "two ways");
        }
        Err(_) => {}
    }
}

fn basic(encoded: &[u8]) {
    let Ok(text) = std::str::from_utf8(encoded) else {
        return;
    };
    let Some(read) = credentials::basic(text) else {
        return;
    };
    assert!(!read.id.is_empty());
    let decoded = STANDARD.decode(text).expect("it was decoded before");
    assert_eq!(STANDARD.encode(&decoded), text, "two texts for one pair");
    let again = format!("{}:{}", escaped(&read.id), escaped(read.secret.expose()));
    let again = credentials::basic(&STANDARD.encode(again)).expect("it is well written");
    assert_eq!(
        (again.id, again.secret.expose()),
        (read.id, read.secret.expose())
    );
}

/// Parsing scopes: names in the order given and without repeats, the same as splitting at any white space.
///
/// # Panics
/// When that does not hold.
pub fn scope(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(name) = ScopeName::parse(text) {
        assert_eq!(scope::split(text), Ok(vec![name.as_str()]));
    }
    let Ok(names) = scope::split(text) else {
        return;
    };
    let mut seen = HashSet::new();
    let plain: Vec<&str> = text
        .split_whitespace()
        .filter(|name| seen.insert(*name))
        .collect();
    assert_eq!(names, plain, "another reading");
    assert_eq!(scope::split(&names.join(" ")), Ok(names));
}

/// The fields, when no single-valued name occurs twice: then the first and the last value of a name are the same, and
/// no known name has brackets.
fn one_of_each(fields: Vec<(String, String)>) -> Option<Vec<(String, String)>> {
    let headers = HeaderMap::new();
    let borrowed = fields
        .iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    let form = Form::new(&headers, borrowed).ok()?;
    for (name, value) in fields
        .iter()
        .filter(|(name, _)| !REPEATABLE.contains(&name.as_str()))
    {
        assert_eq!(
            form.get(name).unwrap_or_default(),
            value,
            "which {name} counts?"
        );
    }
    let is_list = |name: &str| {
        TEXT_PARAMETERS
            .iter()
            .any(|known| name.starts_with(&format!("{known}[")))
    };
    assert!(!fields.iter().any(|(name, _)| is_list(name)), "a list");
    Some(fields)
}

fn owned(fields: Fields<'_>) -> Vec<(String, String)> {
    let owned = |(name, value): (Cow<str>, Cow<str>)| (name.into_owned(), value.into_owned());
    fields.into_iter().map(owned).collect()
}

fn escaped(text: &str) -> String {
    percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string()
}

/// The fields as a strict client encodes them.
fn written(fields: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", escaped(name), escaped(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Runs a property on every file of its corpus.
    fn corpus(target: &str, property: fn(&[u8])) {
        let folder = format!("{}/tests/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            property(&std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count >= 8, "the corpus of {target} is gone");
    }

    #[test]
    fn the_corpus_still_holds() {
        corpus("token", token);
        corpus("form", form);
        corpus("json", json);
        corpus("credentials", credentials);
        corpus("scope", scope);
    }

    /// Bytes that begin as claims do, so that many of them can be decoded.
    fn nearly_claims() -> impl Strategy<Value = Vec<u8>> {
        let number = prop_oneof![
            8 => (0..=255_u8).prop_map(|byte| vec![byte & 0x7F]),
            1 => proptest::collection::vec(0x80..=255_u8, 1..10),
            1 => Just(vec![0x80, 0]),
        ];
        let flags = 0..20_u8;
        let tail = proptest::collection::vec(any::<u8>(), 0..12);
        (flags, proptest::collection::vec(number, 6..10), tail)
            .prop_map(|(flags, numbers, tail)| [vec![flags], numbers.concat(), tail].concat())
    }

    /// A parameter's name or value: known names, valid and invalid escapes, anything.
    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            "(scope|client_id|client_secret|resource|audience|meta|meta\\[a\\]|extra)",
            "(scope|resource|meta|client_assertion|access_token)(\\[[a0]?\\]?|%5[bB]%5[dD])?",
            "[a-z%+0-9A-F]{0,8}",
            "(%[0-9a-fA-F]{2}){1,4}",
            "\\PC{0,6}",
        ]
    }

    fn pairs(separator: &'static str) -> impl Strategy<Value = String> {
        let pair = (piece(), "(=|==|)", piece())
            .prop_map(|(name, equals, value)| format!("{name}{equals}{value}"));
        proptest::collection::vec(pair, 0..6).prop_map(move |pairs| pairs.join(separator))
    }

    fn json_text() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            "(true|false)",
            "-?[0-9]{1,40}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
            piece().prop_map(|text| serde_json::to_string(&text).unwrap()),
            "\"(\\\\u[0-9a-f]{4}|[a-z]){0,4}\"",
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            let name = piece().prop_map(|text| serde_json::to_string(&text).unwrap());
            let member = (name, inner.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
            prop_oneof![
                1 => proptest::collection::vec(inner, 0..3).prop_map(|all| format!("[{}]", all.join(","))),
                4 => proptest::collection::vec(member, 0..4).prop_map(|all| format!("{{{}}}", all.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn of_tokens(bytes in prop_oneof![nearly_claims(), proptest::collection::vec(any::<u8>(), 0..80)]) {
            token(&bytes);
        }

        #[test]
        fn of_texts_like_tokens(
            bytes in nearly_claims(), position: prop::sample::Index, letter in "[A-Za-z0-9_=-]", times in 0..3_usize,
        ) {
            if let Some(claims) = decode(&bytes) {
                let mut text = seal(&key(), PREFIX, TokenId([9; 24]), &claims);
                let position = position.index(text.len());
                text.replace_range(position..=position, &letter.repeat(times));
                token(text.as_bytes());
            }
        }

        #[test]
        fn of_forms(body in prop_oneof![pairs("&").prop_map(String::into_bytes), proptest::collection::vec(any::<u8>(), 0..60)]) {
            form(&body);
        }

        #[test]
        fn of_json(body in prop_oneof![8 => json_text().prop_map(String::into_bytes), 1 => proptest::collection::vec(any::<u8>(), 0..60)]) {
            json(&body);
        }

        #[test]
        fn of_credentials(
            scheme in "(Basic|basic|Bearer|BEARER|Digest|)[ ]{0,2}",
            pair in prop_oneof![pairs(":"), "[a-z]{1,4}:[a-z]{1,4}"], is_encoded: bool,
            form in pairs("&"), newline in "\n?",
        ) {
            let pair = if is_encoded { STANDARD.encode(pair) } else { pair };
            credentials(format!("{scheme}{pair}{newline}{form}").as_bytes());
            super::basic(pair.as_bytes());
        }

        #[test]
        fn of_scopes(text in prop_oneof!["[a-z ]{0,30}", "([a-z]{1,3}[ \\t\\n]){0,6}", "\\PC{0,20}"]) {
            scope(text.as_bytes());
        }
    }
}
