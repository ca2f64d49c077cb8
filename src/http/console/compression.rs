//! Compression of pages on the wire.
//!
//! The length of a compressed page depends on its content. Who can choose a part of a page and sees the lengths of many
//! answers can guess a secret in it (BREACH). So a page that shows a secret, and one that repeats what was posted, is sent
//! as it is, with `no-transform` (RFC 9111 §5.2.2.6), which forbids proxies to compress it, too.

use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// The `Cache-Control` of a page without a secret.
pub const WITHOUT_SECRET: HeaderValue = HeaderValue::from_static("no-store");

/// The `Cache-Control` of a page or another answer that may show a secret.
pub const WITH_SECRET: HeaderValue = HeaderValue::from_static("no-store, no-transform");

/// Of gzip's nine levels. The list of 25 clients, 90 KB, becomes 12 KB; at level 2 it would be 10 KB, for a tenth of a
/// millisecond more of the two that the page takes. Brotli takes as long for the same.
const LEVEL: CompressionLevel = CompressionLevel::Precise(1);

/// Compresses what [`is_compressible`], for a browser that accepts gzip.
pub fn layer() -> CompressionLayer<Predicate> {
    CompressionLayer::new()
        .quality(LEVEL)
        .compress_when(is_compressible)
}

type Predicate = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Whether an answer is a page that shows no secret. Files were compressed when they were built.
fn is_compressible(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    is_page && headers.get(header::CACHE_CONTROL) == Some(&WITHOUT_SECRET)
}
