//! Reads the parameters of a request strictly: from a form, or from one flat JSON object.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::Refusal;

/// The longest body that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// The names that may stand in a request more than once (RFC 8707, RFC 8693).
pub(crate) const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The names under which JSON may nest.
const NESTING: [&str; 2] = ["meta", "extra"];

/// The parameters of a request, and the headers it came with.
#[derive(Debug)]
pub struct Form {
    /// The headers.
    pub headers: HeaderMap,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Parameters that were read from a body, none of them twice.
    ///
    /// # Errors
    /// When a name stands there twice.
    pub(crate) fn new(headers: HeaderMap, fields: Vec<(String, String)>) -> Result<Self, Refusal> {
        refuse_repeats(&fields)?;
        Ok(Self { headers, fields })
    }

    /// A parameter's value. An empty one is absent (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let kind = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let read = match kind.as_str() {
            "application/x-www-form-urlencoded" => read_form,
            "application/json" => read_json,
            _ => return Err(Refusal::UnsupportedMediaType),
        };
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::unreadable(
                "Send parameters in the body, not in the address.",
            ));
        }
        let body = to_bytes(body, LONGEST)
            .await
            .map_err(|error| too_large_or_broken(&error))?;
        Self::new(parts.headers, read(&body)?)
    }
}

fn too_large_or_broken(error: &axum::Error) -> Refusal {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(found) = cause {
        if found.is::<http_body_limit::Exceeded>() {
            return Refusal::TooLarge;
        }
        cause = found.source();
    }
    Refusal::unreadable("The body could not be read.")
}

/// The error that axum's body reader gives when a body is longer than allowed.
mod http_body_limit {
    pub(super) type Exceeded = http_body_util::LengthLimitError;
}

pub(crate) fn read_form(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let pairs = body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let end = pair
                .iter()
                .position(|byte| *byte == b'=')
                .unwrap_or(pair.len());
            Ok((
                decode(&pair[..end])?,
                decode(pair.get(end + 1..).unwrap_or_default())?,
            ))
        })
        .collect()
}

/// Decodes one half of a pair, as `application/x-www-form-urlencoded` has it; nothing is guessed.
///
/// # Errors
/// When a percent sign stands alone, or the bytes are not UTF-8.
pub fn decode(text: &[u8]) -> Result<String, Refusal> {
    let unreadable = Refusal::unreadable("The form is not encoded as it should be.");
    let escapes = text.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    for (place, _) in escapes {
        let digits = text.get(place + 1..place + 3).unwrap_or_default();
        if digits.len() != 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(unreadable);
        }
    }
    let spaced: Cow<[u8]> = if text.contains(&b'+') {
        text.iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte })
            .collect()
    } else {
        text.into()
    };
    percent_decode(&spaced)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| unreadable)
}

/// Refuses a name that stands in a request twice: whoever reads it could see another value than we do.
fn refuse_repeats<T>(fields: &[(String, T)]) -> Result<(), Refusal> {
    let mut names = HashSet::with_capacity(fields.len());
    let mut single = fields
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !REPEATABLE.contains(name));
    if single.all(|name| names.insert(name)) {
        Ok(())
    } else {
        Err(Refusal::unreadable("A parameter is given twice."))
    }
}

pub(crate) fn read_json(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let Ok(Json::Object(members)) = serde_json::from_slice(body) else {
        return Err(Refusal::unreadable(
            "The JSON cannot be read as one object.",
        ));
    };
    refuse_repeats(&members)?;
    let mut fields = Vec::with_capacity(members.len());
    for (name, value) in members {
        match value {
            Json::Object(nested) if NESTING.contains(&name.as_str()) => {
                for (key, value) in nested {
                    fields.push((format!("{name}[{key}]"), value.text()?));
                }
            }
            Json::Array(values) if REPEATABLE.contains(&name.as_str()) => {
                for value in values {
                    fields.push((name.clone(), value.text()?));
                }
            }
            value => fields.push((name, value.text()?)),
        }
    }
    Ok(fields)
}

/// A JSON value, the members of an object as they stand, so that one given twice is seen.
enum Json {
    /// A text, and what is read as one: a number, a boolean, and null as the empty text.
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn text(self) -> Result<String, Refusal> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Array(_) | Self::Object(_) => {
                Err(Refusal::unreadable("A parameter is not a text."))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Text(String::new()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn forms_are_decoded_and_nothing_is_guessed() {
        assert_eq!(
            read_form(b"a=1+2&b=%C3%BC&c&=d&").unwrap(),
            pairs(&[("a", "1 2"), ("b", "ü"), ("c", ""), ("", "d")])
        );
        for broken in [&b"a=%"[..], b"a=%4", b"a=%zz", b"a=%ff"] {
            assert!(read_form(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn json_is_one_flat_object() {
        let read = read_json(br#"{"a":"x","n":7200,"b":true,"none":null,"meta":{"name":"Ada"},"resource":["r1","r2"]}"#).unwrap();
        let expected = [
            ("a", "x"),
            ("n", "7200"),
            ("b", "true"),
            ("none", ""),
            ("meta[name]", "Ada"),
            ("resource", "r1"),
            ("resource", "r2"),
        ];
        assert_eq!(read, pairs(&expected));
        for wrong in [
            &br#"["a"]"#[..],
            br#""a""#,
            br#"{"a":["x"]}"#,
            br#"{"a":{"b":"c"}}"#,
            br#"{"meta":{"a":{"b":1}}}"#,
            b"{",
            b"",
        ] {
            assert!(read_json(wrong).is_err(), "{wrong:?}");
        }
    }
}
