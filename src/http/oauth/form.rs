//! Reads the parameters of a request strictly: from a form, or from one flat JSON object.

use std::borrow::Cow;
use std::collections::HashSet;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use percent_encoding::percent_decode;

use super::error::Refusal;
use super::json::read_json;
use super::media::Kind;

/// The longest body that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// The names that may stand in a request more than once (RFC 8707, RFC 8693).
pub(crate) const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The names under which JSON may nest; in a form such a member is `meta[name]`.
pub(super) const NESTING: [&str; 2] = ["meta", "extra"];

/// The names that mean something here and take one text, or several of the same name; none of them nests.
pub(crate) const KNOWN: [&str; 15] = [
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
];

/// Up to this many names are compared one by one; beyond it a set is quicker.
const FEW: usize = 16;

/// A request that has arrived whole.
#[derive(Debug)]
pub struct Received<'a> {
    parts: &'a Parts,
    body: Bytes,
}

/// The parameters of a request, and the headers it came with.
#[derive(Debug)]
pub struct Form<'a> {
    /// The headers.
    pub headers: &'a HeaderMap,
    fields: Fields<'a>,
}

pub(crate) type Fields<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

impl<'a> Received<'a> {
    /// Waits for the whole of a request; who is slow to send it is cut off with the connection.
    ///
    /// # Errors
    /// When the method is not POST, or the body is too long or breaks off.
    pub async fn whole(parts: &'a Parts, body: Body) -> Result<Self, Refusal> {
        if parts.method != Method::POST {
            return Err(Refusal::PostOnly);
        }
        Ok(Self {
            parts,
            body: read_whole(body).await?,
        })
    }

    /// Its parameters.
    ///
    /// # Errors
    /// When they are neither a form nor one flat JSON object, are packed, stand in the address, or one is given twice.
    pub fn form(&self) -> Result<Form<'_>, Refusal> {
        let query = self.parts.uri.query();
        let read = match Kind::of(&self.parts.headers)? {
            Kind::Form => read_form,
            Kind::Json => read_json,
        };
        // No coding is undone, not even "identity", which does not belong into this header (RFC 9110 §8.4.1).
        if self.parts.headers.contains_key(header::CONTENT_ENCODING) {
            return Err(Refusal::UnsupportedEncoding);
        }
        if query.is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::unreadable(
                "Send parameters in the body, not in the address.",
            ));
        }
        Form::new(&self.parts.headers, read(&self.body)?)
    }
}

impl<'a> Form<'a> {
    /// Parameters that were read from a body, none of them twice.
    ///
    /// # Errors
    /// When a name stands there twice, or one that takes a text is written with brackets.
    pub(crate) fn new(headers: &'a HeaderMap, fields: Fields<'a>) -> Result<Self, Refusal> {
        refuse_repeats(&fields)?;
        refuse_brackets(&fields)?;
        Ok(Self { headers, fields })
    }

    /// A parameter's value. An empty one is absent (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    /// Whether one of these parameters has a value.
    pub fn has_any(&self, names: &[&str]) -> bool {
        self.fields
            .iter()
            .any(|(name, value)| !value.is_empty() && names.contains(&name.as_ref()))
    }
}

/// Most bodies come in one piece, which is then not copied.
async fn read_whole(mut body: Body) -> Result<Bytes, Refusal> {
    let mut first = Bytes::new();
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::unreadable("The body could not be read."))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if first.len().max(whole.len()) + piece.len() > LONGEST {
            return Err(Refusal::TooLarge);
        }
        if first.is_empty() {
            first = piece;
        } else {
            if whole.is_empty() {
                whole.extend(&first);
            }
            whole.extend(piece);
        }
        if body.is_end_stream() {
            break;
        }
    }
    Ok(if whole.is_empty() {
        first
    } else {
        whole.into()
    })
}

pub(crate) fn read_form(body: &[u8]) -> Result<Fields<'_>, Refusal> {
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
pub fn decode(text: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    const UNREADABLE: Refusal = Refusal::unreadable("The form is not encoded as it should be.");
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(text)
            .map(Cow::Borrowed)
            .map_err(|_| UNREADABLE);
    }
    let is_escape = |after: &[u8]| matches!(after, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    if !text.split(|byte| *byte == b'%').skip(1).all(is_escape) {
        return Err(UNREADABLE);
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced)
        .decode_utf8()
        .map(|text| Cow::Owned(text.into_owned()))
        .map_err(|_| UNREADABLE)
}

/// Refuses a name that stands in a request twice: whoever reads it could see another value than we do.
pub(super) fn refuse_repeats<N: AsRef<str>, T>(fields: &[(N, T)]) -> Result<(), Refusal> {
    let names = || {
        fields
            .iter()
            .map(|(name, _)| name.as_ref())
            .filter(|name| !REPEATABLE.contains(name))
    };
    let is_single = if fields.len() <= FEW {
        names()
            .enumerate()
            .all(|(place, name)| !names().take(place).any(|earlier| earlier == name))
    } else {
        let mut seen = HashSet::with_capacity(fields.len());
        names().all(|name| seen.insert(name))
    };
    if is_single {
        Ok(())
    } else {
        Err(Refusal::unreadable("A parameter is given twice."))
    }
}

/// Refuses a known name written with brackets, as `scope[]` or `scope[0]`: elsewhere that is a list, which its sender
/// would find ignored here, and be given more than was asked for.
fn refuse_brackets(fields: &Fields<'_>) -> Result<(), Refusal> {
    let is_bracketed = |(name, _): &(Cow<str>, Cow<str>)| {
        name.split_once('[')
            .is_some_and(|(before, _)| KNOWN.contains(&before))
    };
    if fields.iter().any(is_bracketed) {
        return Err(Refusal::unreadable("A parameter is not a text."));
    }
    Ok(())
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
