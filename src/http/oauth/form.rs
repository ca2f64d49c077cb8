//! Reads the parameters of a request strictly: from a form, or from one flat JSON object.

use std::borrow::Cow;
use std::fmt;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::error::Refusal;

/// The longest body that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// The names that may stand in a request more than once (RFC 8707, RFC 8693).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

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
    /// A parameter's value. An empty one is absent (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let read = match kind.as_str() {
            "application/x-www-form-urlencoded" => read_form,
            "application/json" => read_json,
            _ => return Err(Refusal::UnsupportedMediaType),
        };
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::unreadable("Send parameters in the body, not in the address."));
        }
        let body = to_bytes(body, LONGEST).await.map_err(|error| too_large_or_broken(&error))?;
        let fields = read(&body)?;
        for (place, (name, _)) in fields.iter().enumerate() {
            if !REPEATABLE.contains(&name.as_str()) && fields[..place].iter().any(|(before, _)| before == name) {
                return Err(Refusal::unreadable("A parameter is given twice."));
            }
        }
        Ok(Self { headers: parts.headers, fields })
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

fn read_form(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            Ok((decode(&pair[..end])?, decode(pair.get(end + 1..).unwrap_or_default())?))
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
    let spaced: Cow<[u8]> =
        if text.contains(&b'+') { text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect() } else { text.into() };
    percent_decode(&spaced).decode_utf8().map(Cow::into_owned).map_err(|_| unreadable)
}

fn read_json(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let Object(members) = serde_json::from_slice(body).map_err(|_| Refusal::unreadable("The JSON cannot be read as one object."))?;
    let mut fields = Vec::with_capacity(members.len());
    for (name, value) in members {
        match value {
            Value::Object(nested) if NESTING.contains(&name.as_str()) => {
                for (key, value) in nested {
                    fields.push((format!("{name}[{key}]"), text(value)?));
                }
            }
            Value::Array(values) if REPEATABLE.contains(&name.as_str()) => {
                for value in values {
                    fields.push((name.clone(), text(value)?));
                }
            }
            value => fields.push((name, text(value)?)),
        }
    }
    Ok(fields)
}

fn text(value: Value) -> Result<String, Refusal> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err(Refusal::unreadable("A parameter is not a text.")),
    }
}

/// The members of a JSON object as they stand, so that one given twice is seen.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn forms_are_decoded_and_nothing_is_guessed() {
        assert_eq!(read_form(b"a=1+2&b=%C3%BC&c&=d&").unwrap(), pairs(&[("a", "1 2"), ("b", "ü"), ("c", ""), ("", "d")]));
        for broken in [&b"a=%"[..], b"a=%4", b"a=%zz", b"a=%ff"] {
            assert!(read_form(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn json_is_one_flat_object() {
        let read = read_json(br#"{"a":"x","n":7200,"b":true,"none":null,"meta":{"name":"Ada"},"resource":["r1","r2"]}"#).unwrap();
        let expected = [("a", "x"), ("n", "7200"), ("b", "true"), ("none", ""), ("meta[name]", "Ada"), ("resource", "r1"), ("resource", "r2")];
        assert_eq!(read, pairs(&expected));
        for wrong in [&br#"["a"]"#[..], br#""a""#, br#"{"a":["x"]}"#, br#"{"a":{"b":"c"}}"#, br#"{"meta":{"a":{"b":1}}}"#, b"{", b""] {
            assert!(read_json(wrong).is_err(), "{wrong:?}");
        }
    }
}
