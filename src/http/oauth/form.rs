//! Parses the parameters of a request strictly: from a form, or from one flat JSON object.

use std::borrow::Cow;

use axum::body::{Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use memchr::{memchr, memchr2};
use percent_encoding::percent_decode;

use super::error::OAuthError;
use super::json::read_json;
use super::media::BodyFormat;
use super::parameters::{Fields, refuse_brackets, refuse_repeats};

/// The longest body, in bytes.
const LONGEST_BODY: usize = 16 * 1024;

/// A request whose body has been received completely.
#[derive(Debug)]
pub struct ReceivedRequest<'a> {
    parts: &'a Parts,
    body: Bytes,
}

/// The parameters of a request, and its headers.
#[derive(Debug)]
pub struct Form<'a> {
    /// The headers.
    pub headers: &'a HeaderMap,
    fields: Fields<'a>,
}

impl<'a> ReceivedRequest<'a> {
    /// Receives the body. The time limit for a slow client is the connection's.
    ///
    /// # Errors
    /// When the method is not POST, or the body is too long or breaks off.
    pub async fn receive<B>(parts: &'a Parts, body: B) -> Result<Self, OAuthError>
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        if parts.method != Method::POST {
            return Err(OAuthError::PostOnly);
        }
        Ok(Self {
            parts,
            body: receive(body).await?,
        })
    }

    /// Its parameters.
    ///
    /// # Errors
    /// When the body is neither a form nor one flat JSON object, has a content coding or a repeated parameter, or when
    /// parameters are in the query.
    pub fn form(&self) -> Result<Form<'_>, OAuthError> {
        let query = self.parts.uri.query();
        let read = match BodyFormat::of(&self.parts.headers)? {
            BodyFormat::Form => read_form,
            BodyFormat::Json => read_json,
        };
        // No coding is supported, not even "identity", which is not for this header (RFC 9110 §8.4.1).
        if self.parts.headers.contains_key(header::CONTENT_ENCODING) {
            return Err(OAuthError::UnsupportedEncoding);
        }
        if query.is_some_and(|query| !query.is_empty()) {
            return Err(OAuthError::invalid_request(
                "Send parameters in the body, not in the address.",
            ));
        }
        Form::new(&self.parts.headers, read(&self.body)?)
    }
}

impl<'a> Form<'a> {
    /// Checks parameters that were read from a body.
    ///
    /// # Errors
    /// When a name is repeated, or a text parameter is written with brackets.
    pub(crate) fn new(headers: &'a HeaderMap, fields: Fields<'a>) -> Result<Self, OAuthError> {
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

    /// The values of a parameter that may be repeated, in the order sent.
    pub fn get_all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let of_name = self.fields.iter().filter(move |(found, _)| found == name);
        of_name
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    /// The parameters with a value whose names begin so, such as with `extra[`: what follows, and the value.
    pub fn beginning_with(&self, beginning: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(move |(name, value)| {
            let rest = name.strip_prefix(beginning)?;
            (!value.is_empty()).then_some((rest, value.as_ref()))
        })
    }

    /// Whether one of these parameters has a value.
    pub fn has_any(&self, names: &[&str]) -> bool {
        self.fields
            .iter()
            .any(|(name, value)| !value.is_empty() && names.contains(&name.as_ref()))
    }
}

/// Collects the body. One that arrives in a single frame, as most do, is not copied.
async fn receive<B>(mut body: B) -> Result<Bytes, OAuthError>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let mut first = Bytes::new();
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| OAuthError::invalid_request("The body could not be read."))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if first.len().max(whole.len()) + piece.len() > LONGEST_BODY {
            return Err(OAuthError::TooLarge);
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

pub(crate) fn read_form(body: &[u8]) -> Result<Fields<'_>, OAuthError> {
    let mut fields = Fields::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = memchr(b'&', rest).unwrap_or(rest.len());
        let pair = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        if pair.is_empty() {
            continue;
        }
        let end = memchr(b'=', pair).unwrap_or(pair.len());
        fields.push((
            decode(&pair[..end])?,
            decode(pair.get(end + 1..).unwrap_or_default())?,
        ));
    }
    Ok(fields)
}

/// Decodes a name or a value of `application/x-www-form-urlencoded`, without lenient recovery.
///
/// # Errors
/// When a percent sign has no two hex digits after it, or the bytes are not UTF-8.
pub fn decode(text: &[u8]) -> Result<Cow<'_, str>, OAuthError> {
    const UNREADABLE: OAuthError =
        OAuthError::invalid_request("The form is not encoded as it should be.");
    if memchr2(b'%', b'+', text).is_none() {
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
}
