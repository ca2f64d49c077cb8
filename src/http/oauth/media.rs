//! Which type of body a request says it has.

use axum::http::{HeaderMap, header};

use super::error::Refusal;

/// A type that parameters are read from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
}

impl Kind {
    /// What the one `Content-Type` says. Its parameters mean nothing for either type.
    ///
    /// # Errors
    /// [`Refusal::UnsupportedMediaType`]; `invalid_request` when there are several.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
        let Some(line) = lines.next() else {
            return Err(Refusal::UnsupportedMediaType);
        };
        let line = line.as_bytes();
        // Whoever stands between may have joined two lines with a comma (RFC 9110 §5.3).
        if lines.next().is_some() || has_list(line) {
            return Err(Refusal::unreadable("Send one Content-Type."));
        }
        let end = line.iter().position(|byte| *byte == b';');
        let named = line[..end.unwrap_or(line.len())].trim_ascii();
        if named.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
            Ok(Self::Form)
        } else if named.eq_ignore_ascii_case(b"application/json") {
            Ok(Self::Json)
        } else {
            Err(Refusal::UnsupportedMediaType)
        }
    }
}

/// Whether a field value is a list: has a comma outside quotation marks (RFC 9110 §5.6.4).
fn has_list(value: &[u8]) -> bool {
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
        let kind = |lines: &[&'static str]| {
            let line = |line: &&'static str| (header::CONTENT_TYPE, line.parse().unwrap());
            Kind::of(&lines.iter().map(line).collect())
        };
        for text in [
            "application/json",
            "Application/JSON ; charset=UTF-8",
            "application/json;",
            "application/json;;",
            r#"application/json; note="a, \"b, c""#,
        ] {
            assert_eq!(kind(&[text]), Ok(Kind::Json), "{text}");
        }
        for text in [
            "",
            ";",
            "text/json",
            "application /json",
            "application/json+x",
        ] {
            assert_eq!(kind(&[text]), Err(Refusal::UnsupportedMediaType), "{text}");
        }
        for texts in [
            &["application/json", "application/json"][..],
            &["application/json", ""],
            &["application/json, application/json"],
            &["application/json; charset=utf-8, text/plain"],
            &["application/json; a=\"b\", text/plain"],
            &["text/plain", "application/json"],
        ] {
            assert!(matches!(kind(texts), Err(Refusal::Grant(_))), "{texts:?}");
        }
    }
}
