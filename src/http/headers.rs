//! The security headers of responses.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// The headers of every response to a browser.
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    // With `no-referrer` a browser would send `Origin: null` with a form (Fetch Standard, "append a request Origin header").
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
    ),
    ("x-frame-options", "DENY"),
];

/// The content security policy of a response that is no page: it may load nothing.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The headers of a response to a program, which is never a document: whatever opens it by mistake guesses no other type,
/// runs nothing and shows it in no frame. What else [`ALWAYS`] has is about documents, and each header is a part of what a
/// token costs.
const JSON: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    ),
    // RFC 6749 §5.1.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::CONTENT_SECURITY_POLICY, NO_PAGE),
];

/// The headers of responses, built once, because building them for each response would cost more than cloning.
#[derive(Debug)]
pub struct ResponseHeaders {
    always: HeaderMap,
    json: HeaderMap,
}

impl ResponseHeaders {
    /// The headers, with HSTS for a server that is reached over TLS.
    #[must_use]
    pub fn new(is_secure: bool) -> Self {
        let mut always: HeaderMap = ALWAYS
            .into_iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        let mut json: HeaderMap = JSON.into_iter().collect();
        if is_secure {
            for headers in [&mut always, &mut json] {
                headers.insert(
                    header::STRICT_TRANSPORT_SECURITY,
                    // Without `includeSubDomains`: the operator does not decide about an organization's domain. Cookies
                    // need no more, because names with `__Host-` cannot be set from a subdomain.
                    HeaderValue::from_static("max-age=31536000"),
                );
            }
        }
        Self { always, json }
    }

    /// A JSON response that no cache stores (RFC 6749 §5.1).
    #[must_use]
    pub fn json(&self, status: StatusCode, body: Vec<u8>) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        *response.headers_mut() = self.json.clone();
        response
    }

    /// Adds what every response to a browser has, where it says nothing else of itself.
    pub fn add_to(&self, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in &self.always {
            // A page whose address has a code says of itself what a referrer may tell.
            headers.entry(name).or_insert(value.clone());
        }
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(NO_PAGE);
    }
}

/// Adds the security headers.
pub async fn harden(
    Extract(response_headers): Extract<Arc<ResponseHeaders>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    response_headers.add_to(&mut response);
    response
}

/// The content security policy of a page whose scripts carry this nonce.
///
/// # Panics
/// Never: a nonce is base64.
#[must_use]
pub fn page_policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a nonce is base64")
}
