//! The static files of the pages: bundle, styles, icon. A release binary embeds them, and passes them to this library, which is
//! compiled without them: so both can be built at the same time, and a change of a file compiles little.
//!
//! The names of bundle and styles have a hash of their content (tools/site.mjs), so caches keep them for good. A name of
//! another build is not found: nothing may answer for it with other content.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::domain::complaint::Complaint;
use crate::domain::view::PageFiles;

/// The files of the site, where a binary has them.
#[derive(Clone, Debug)]
pub struct Site {
    find: fn(&str) -> Option<EmbeddedFile>,
    paths: fn() -> Vec<Cow<'static, str>>,
    /// What every page loads of an embedded site. A debug build looks for it each time, because `make dev` builds others
    /// while it runs.
    page_files: Option<Arc<PageFiles>>,
}

impl Site {
    /// The files that a type embeds; in a debug build, those of its folder.
    #[must_use]
    pub fn of<Files: RustEmbed>() -> Self {
        let paths = || Files::iter().collect();
        let is_embedded = !cfg!(debug_assertions);
        Self {
            find: Files::get,
            paths,
            page_files: is_embedded.then(|| Arc::new(find_page_files(paths()))),
        }
    }

    /// The files that every page loads.
    #[must_use]
    pub fn page_files(&self) -> PageFiles {
        match &self.page_files {
            Some(found) => PageFiles::clone(found),
            None => find_page_files((self.paths)()),
        }
    }

    /// The response to a request for a file; none when there is no such file.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Option<Response> {
        let path = request.uri().path().trim_start_matches('/');
        if path.is_empty() {
            return None;
        }
        let plain = (self.find)(path)?;
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return Some(read_only());
        }
        let compressed = accepts_brotli(request.headers())
            .then(|| (self.find)(&format!("{path}.br")))
            .flatten();
        Some(answer(request.headers(), path, plain, compressed))
    }
}

/// The folder of the files whose names have a hash.
const HASHED_FOLDER: &str = "pkg/";

/// How many hexadecimal digits a hash in a name has (tools/site.mjs).
const HASH_DIGITS: usize = 16;

/// The files of pages among the paths of the site. One that was not built has an address where nothing is found.
fn find_page_files(mut paths: Vec<Cow<'static, str>>) -> PageFiles {
    paths.retain(|path| is_hashed(path));
    let address = |extension: &str| {
        let path = paths.iter().find(|path| {
            path.starts_with("pkg/claviger.") && path.ends_with(&format!(".{extension}"))
        });
        match path {
            Some(path) => format!("/{path}"),
            None => format!("/pkg/claviger.{extension}"),
        }
    };
    PageFiles {
        script: address("js"),
        module: address("wasm"),
        style: address("css"),
    }
}

/// Whether a path names one content for ever, as `pkg/claviger.0123456789abcdef.js` does.
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix(HASHED_FOLDER) else {
        return false;
    };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match name.split('.').collect::<Vec<_>>()[..] {
        [_, hash, _] => hash.len() == HASH_DIGITS && hash.bytes().all(is_digit),
        _ => false,
    }
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
        content(path, plain, compressed)
    };
    let caching = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn content(path: &str, plain: EmbeddedFile, compressed: Option<EmbeddedFile>) -> Response {
    let coding = compressed.is_some().then_some("br");
    let bytes = match compressed.unwrap_or(plain).data {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(read) => Bytes::from(read),
    };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
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
    fn a_name_with_a_hash_is_told_from_others() {
        for (path, hashed) in [
            ("pkg/claviger.0123456789abcdef.js", true),
            ("pkg/claviger.0123456789abcdef.js.br", false),
            ("pkg/claviger.0123456789ABCDEF.js", false),
            ("pkg/claviger.0123456789abcde.js", false),
            ("pkg/claviger.js", false),
            ("pkg/build.txt", false),
            ("claviger.0123456789abcdef.js", false),
            ("favicon.svg", false),
        ] {
            assert_eq!(is_hashed(path), hashed, "{path}");
        }
    }

    #[test]
    fn the_files_of_pages_are_found_by_their_names() {
        let site = [
            "favicon.svg",
            "pkg/claviger.0123456789abcdef.css",
            "pkg/claviger.0123456789abcdef.css.br",
            "pkg/claviger.fedcba9876543210.wasm",
            "pkg/other.0123456789abcdef.js",
        ];
        let files = find_page_files(site.map(Cow::Borrowed).to_vec());
        assert_eq!(files.style, "/pkg/claviger.0123456789abcdef.css");
        assert_eq!(files.module, "/pkg/claviger.fedcba9876543210.wasm");
        assert_eq!(files.script, "/pkg/claviger.js", "it was not built");
    }

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
