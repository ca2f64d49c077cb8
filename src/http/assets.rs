//! The files of the pages: bundle, styles, icon. A release binary carries them.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};

/// What `make build` leaves: a debug build reads it from disk.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Answers a request for a file, or nothing when there is none.
#[must_use]
pub fn find(request: &Request) -> Option<Response> {
    let path = request.uri().path().trim_start_matches('/');
    if path.is_empty() {
        return None;
    }
    let plain = Site::get(path)?;
    let compressed = accepts_brotli(request.headers())
        .then(|| Site::get(&format!("{path}.br")))
        .flatten();
    Some(answer(request.headers(), path, plain, compressed))
}

fn answer(
    asked: &HeaderMap,
    path: &str,
    plain: EmbeddedFile,
    compressed: Option<EmbeddedFile>,
) -> Response {
    // The tag names the content, whichever way it is packed.
    let digest = plain.metadata.sha256_hash();
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..12]));
    let mut response = if asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
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
