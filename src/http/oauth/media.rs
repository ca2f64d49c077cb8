//! The format of a request's body, by its `Content-Type`.

use axum::http::{HeaderMap, header};
use memchr::memchr;

use super::error::OAuthError;

/// A format that parameters are parsed from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyFormat {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
}

impl BodyFormat {
    /// The format of the single `Content-Type`. Its parameters have no meaning for either type.
    ///
    /// # Errors
    /// [`OAuthError::UnsupportedMediaType`]; `invalid_request` when there are several.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, OAuthError> {
        let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
        let Some(line) = lines.next() else {
            return Err(OAuthError::UnsupportedMediaType);
        };
        let line = line.as_bytes();
        // A proxy may have joined two field lines with a comma (RFC 9110 §5.3).
        if lines.next().is_some() || has_list(line) {
            return Err(OAuthError::invalid_request("Send one Content-Type."));
        }
        let end = line.iter().position(|byte| *byte == b';');
        let named = line[..end.unwrap_or(line.len())].trim_ascii();
        if named.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
            Ok(Self::Form)
        } else if named.eq_ignore_ascii_case(b"application/json") {
            Ok(Self::Json)
        } else {
            Err(OAuthError::UnsupportedMediaType)
        }
    }
}

/// Whether a field value is a list: has a comma outside quotation marks (RFC 9110 §5.6.4).
fn has_list(value: &[u8]) -> bool {
    if memchr(b',', value).is_none() {
        return false;
    }
    let (mut is_quoted, mut is_escaped) = (false, false);
    value.iter().any(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' => return !is_quoted,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_content_type_counts_and_its_parameters_do_not() {
        let format = |lines: &[&'static str]| {
            let line = |line: &&'static str| (header::CONTENT_TYPE, line.parse().unwrap());
            BodyFormat::of(&lines.iter().map(line).collect())
        };
        for text in [
            "application/json",
            "Application/JSON ; charset=UTF-8",
            "application/json;",
            "application/json;;",
            r#"application/json; note="a, \"b, c""#,
        ] {
            assert_eq!(format(&[text]), Ok(BodyFormat::Json), "{text}");
        }
        for text in [
            "",
            ";",
            "text/json",
            "application /json",
            "application/json+x",
        ] {
            assert_eq!(
                format(&[text]),
                Err(OAuthError::UnsupportedMediaType),
                "{text}"
            );
        }
        for texts in [
            &["application/json", "application/json"][..],
            &["application/json", ""],
            &["application/json, application/json"],
            &["application/json; charset=utf-8, text/plain"],
            &["application/json; a=\"b\", text/plain"],
            &["text/plain", "application/json"],
        ] {
            assert!(
                matches!(format(texts), Err(OAuthError::Grant(_))),
                "{texts:?}"
            );
        }
    }
}
