//! The static files of the pages: bundle, styles, icon. A release binary embeds them.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::domain::complaint::Complaint;

/// The output of `make build`; a debug build reads it from disk.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// The response to a request for a file; none when there is no such file.
#[must_use]
pub fn find(request: &Request) -> Option<Response> {
    let path = request.uri().path().trim_start_matches('/');
    if path.is_empty() {
        return None;
    }
    let plain = Site::get(path)?;
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Some(read_only());
    }
    let compressed = accepts_brotli(request.headers())
        .then(|| Site::get(&format!("{path}.br")))
        .flatten();
    Some(answer(request.headers(), path, plain, compressed))
}

/// Answers other methods than GET and HEAD: 405.
fn read_only() -> Response {
    let headers = [
        (header::ALLOW, "GET, HEAD"),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
    ];
    let message = format!("{}\n", Complaint::FileReadOnly);
    (StatusCode::METHOD_NOT_ALLOWED, headers, message).into_response()
}

fn answer(
    asked: &HeaderMap,
    path: &str,
    plain: EmbeddedFile,
    compressed: Option<EmbeddedFile>,
) -> Response {
    // The tag is weak: the same for every content coding of the file.
    let digest = plain.metadata.sha256_hash();
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..12]));
    let mut response = if is_cached(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let encoding = compressed.is_some();
        let file = compressed.unwrap_or(plain);
        let mut response = Body::from(file.data.into_owned()).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static(content_type(path)),
        );
        if encoding {
            response.headers_mut().insert(
                header::CONTENT_ENCODING,
                header::HeaderValue::from_static("br"),
            );
        }
        response
    };
    let headers = response.headers_mut();
    if let Ok(tag) = header::HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("public, no-cache"),
    );
    headers.insert(
        header::VARY,
        header::HeaderValue::from_static("accept-encoding"),
    );
    response
}

/// Whether `If-None-Match` has this tag. Tags are compared weakly (RFC 9110 §13.1.2, §8.8.3.2); ours contain no comma,
/// so splitting the list at commas is safe.
fn is_cached(asked: &HeaderMap, tag: &str) -> bool {
    fn opaque(tag: &[u8]) -> &[u8] {
        tag.strip_prefix(b"W/").unwrap_or(tag)
    }
    let ours = opaque(tag.as_bytes());
    asked.get_all(header::IF_NONE_MATCH).iter().any(|line| {
        line.as_bytes()
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .any(|sent| sent == b"*" || opaque(sent) == ours)
    })
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("br") && quality.trim() != "q=0"
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_every_way_to_say_so() {
        const TAG: &str = "W/\"AbC-_1\"";
        let is_cached = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::IF_NONE_MATCH, line.parse().unwrap());
            }
            is_cached(&headers, TAG)
        };
        for lines in [
            &[TAG][..],
            &["\"AbC-_1\""],
            &["*"],
            &["\"a\", W/\"AbC-_1\""],
            &["\"AbC-_1\",W/\"b\""],
            &[" , W/\"AbC-_1\" ,"],
            &["\"a,b\"", TAG],
        ] {
            assert!(is_cached(lines), "{lines:?}");
        }
        for line in [
            "",
            "\"a\"",
            "W/\"a\", \"b\"",
            "AbC-_1",
            "w/\"AbC-_1\"",
            "\"AbC-_1",
            "\"abc-_1\"",
        ] {
            assert!(!is_cached(&[line]), "{line}");
        }
        assert!(!is_cached(&[]));
    }
}
