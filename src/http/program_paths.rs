//! Unknown addresses below the paths of programs: answered with an OAuth error instead of a page.

use std::sync::Arc;

use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use percent_encoding::percent_decode_str;

use super::headers::ResponseHeaders;
use super::oauth;

/// First path segments that only programs request; no page is below these.
const PROGRAM_SEGMENTS: [&str; 3] = ["oauth", ".well-known", "health"];

/// Answers an unrouted request of a program with 404 as JSON, and passes others on to the pages.
pub async fn answer_unrouted(
    Extract(response_headers): Extract<Arc<ResponseHeaders>>,
    request: Request,
    next: Next,
) -> Response {
    if is_program_path(request.uri().path()) {
        return oauth::not_found(&response_headers);
    }
    next.run(request).await
}

/// Whether the first segment of a path is one of [`PROGRAM_SEGMENTS`], in any case or percent-encoding.
fn is_program_path(path: &str) -> bool {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let first = path.split('/').find(|part| !part.is_empty());
    first.is_some_and(|first| {
        PROGRAM_SEGMENTS
            .iter()
            .any(|name| first.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_a_path_decides() {
        for path in [
            "/oauth",
            "/oauth/",
            "/oauth/token/",
            "/oauth//token",
            "//oauth/token",
            "/oauth%2Ftoken",
            "/%6fauth/x",
            "/OAuth/Token",
            "/.well-known/openid-configuration",
            "/health",
            "/health/live/",
        ] {
            assert!(is_program_path(path), "{path}");
        }
        for path in [
            "/",
            "/system/oauth",
            "/oauthx",
            "/pkg/claviger.js",
            "*",
            "/%ff",
        ] {
            assert!(!is_program_path(path), "{path}");
        }
    }
}
