//! Reads the parameters of a request from one flat JSON object.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::error::OAuthError;
use super::parameters::{Fields, NESTING, REPEATABLE, refuse_repeats};

const NO_OBJECT: OAuthError = OAuthError::invalid_request("The JSON cannot be read as one object.");

const NO_TEXT: OAuthError = OAuthError::invalid_request("A parameter is not a text.");

/// Reads the members of an object as parameters: strings, numbers and booleans by their text, null as empty.
///
/// # Errors
/// `invalid_request` when the body is not one object, a member is repeated, or nests where none may.
pub(crate) fn read_json(body: &[u8]) -> Result<Fields<'_>, OAuthError> {
    let object: Members<'_> = serde_json::from_slice(body).map_err(|_| NO_OBJECT)?;
    refuse_repeats(&object.0)?;
    let mut fields = Vec::with_capacity(object.0.len());
    for (name, value) in object.0 {
        match value.get().as_bytes().first() {
            Some(b'{') if NESTING.contains(&&*name) => {
                let nested: Members<'_> = part(value)?;
                for (key, value) in nested.0 {
                    fields.push((format!("{name}[{key}]").into(), text(value)?));
                }
            }
            Some(b'[') if REPEATABLE.contains(&&*name) => {
                let values: Vec<&RawValue> = part(value)?;
                for value in values {
                    fields.push((name.clone(), text(value)?));
                }
            }
            _ => fields.push((name, text(value)?)),
        }
    }
    Ok(fields)
}

/// The text of a value. A number keeps its digits as they were sent: parsed as a number, long ones would lose some.
fn text(value: &RawValue) -> Result<Cow<'_, str>, OAuthError> {
    match value.get().as_bytes().first() {
        Some(b'"') => part(value).map(|Text(text)| text),
        Some(b'{' | b'[') => Err(NO_TEXT),
        _ if value.get() == "null" => Ok(Cow::Borrowed("")),
        _ => Ok(Cow::Borrowed(value.get())),
    }
}

/// Deserializes a value of the object that was kept raw before.
fn part<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Result<T, OAuthError> {
    serde_json::from_str(value.get()).map_err(|_| NO_OBJECT)
}

/// A string, borrowed unless it contains escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in order, so that repeated names can be detected.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Text(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs<'a>(fields: &[(&'a str, &'a str)]) -> Fields<'a> {
        fields
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect()
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
            b"{\"a\":\"\xff\"}",
            b"{\"a\xff\":1}",
            b"{\"a\":\"\\ud800\"}",
            b"{\"a\":\"\n\"}",
            b"{\"a\":nul}",
            b"{\"a\":01}",
            b"{\"a\":+1}",
            b"{\"a\":.5}",
            b"{\"a\":1.}",
            b"{\"a\":NaN}",
            b"{\"a\":-Infinity}",
        ] {
            assert!(read_json(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        for number in [
            "123456789012345678901234567890",
            "-0",
            "0.10",
            "1.0",
            "1E5",
            "1e+05",
            "1e400",
            "-1e-400",
            "18446744073709551616",
            "3.14159265358979323846264338327950288",
        ] {
            let body =
                format!(r#"{{"a": {number} , "meta":{{"b":{number}}},"resource":[ {number}]}}"#);
            let read = read_json(body.as_bytes()).unwrap();
            let expected = [("a", number), ("meta[b]", number), ("resource", number)];
            assert_eq!(read, pairs(&expected), "{body}");
        }
    }
}
