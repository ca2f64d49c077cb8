//! What pages are not asked for, though it reaches them because no route takes it: addresses of programs.

use std::sync::Arc;

use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use percent_encoding::percent_decode_str;

use super::headers::ResponseHeaders;
use super::oauth;

/// Where programs ask: no page stands below these.
const OF_PROGRAMS: [&str; 3] = ["oauth", ".well-known", "health"];

/// Answers in the words of programs, not of pages, what only a program asks for.
pub async fn answer(
    Extract(response_headers): Extract<Arc<ResponseHeaders>>,
    request: Request,
    next: Next,
) -> Response {
    if is_of_programs(request.uri().path()) {
        return oauth::not_found(&response_headers);
    }
    next.run(request).await
}

/// Whether the first part of a path is that of an address of programs, in whatever spelling.
fn is_of_programs(path: &str) -> bool {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let first = path.split('/').find(|part| !part.is_empty());
    first.is_some_and(|first| {
        OF_PROGRAMS
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
            assert!(is_of_programs(path), "{path}");
        }
        for path in [
            "/",
            "/system/oauth",
            "/oauthx",
            "/pkg/claviger.js",
            "*",
            "/%ff",
        ] {
            assert!(!is_of_programs(path), "{path}");
        }
    }
}
