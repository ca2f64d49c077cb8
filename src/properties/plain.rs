//! The simplest parsers of forms and JSON, as references for the server's own.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// A form as the simplest parser reads it (WHATWG URL §5.1), which accepts malformed ones.
pub(super) fn plain_form(body: &[u8]) -> Vec<(String, String)> {
    let half = |text: &[u8]| {
        let mut bytes = Vec::new();
        let mut rest = text;
        while let Some((&first, after)) = rest.split_first() {
            let escape = after.get(..2).filter(|_| first == b'%');
            let digits = escape.and_then(|digits| std::str::from_utf8(digits).ok());
            if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                bytes.push(byte);
                rest = &after[2..];
            } else {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = after;
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let pairs = body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut next = || half(halves.next().unwrap_or_default());
            (next(), next())
        })
        .collect()
}

/// The parameters of an object, parsed by the library alone.
pub(super) fn plain_json(text: &str) -> Vec<(String, String)> {
    fn members(text: &str) -> HashMap<String, &RawValue> {
        serde_json::from_str(text).expect("what was read is an object")
    }
    let mut fields = Vec::new();
    for (name, value) in members(text) {
        match &value.get()[..1] {
            "{" => fields.extend(
                members(value.get())
                    .into_iter()
                    .map(|(key, value)| (format!("{name}[{key}]"), plain_text(value))),
            ),
            "[" => {
                let values: Vec<&RawValue> =
                    serde_json::from_str(value.get()).expect("what was read is a list");
                fields.extend(
                    values
                        .into_iter()
                        .map(|value| (name.clone(), plain_text(value))),
                );
            }
            _ => fields.push((name, plain_text(value))),
        }
    }
    fields
}

/// A number beyond the library's range is still a text.
fn plain_text(value: &RawValue) -> String {
    match serde_json::from_str(value.get()) {
        Ok(Value::Null) => String::new(),
        Ok(Value::String(text)) => text,
        Ok(Value::Bool(_) | Value::Number(_)) => value.get().to_owned(),
        Ok(_) => panic!("a list or an object is no text"),
        Err(_) => {
            let is_number = |byte: u8| byte == b'-' || byte.is_ascii_digit();
            assert!(value.get().bytes().next().is_some_and(is_number));
            value.get().to_owned()
        }
    }
}
