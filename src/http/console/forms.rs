//! Responses to a form that was posted without script: a redirect, or the same page again with what is wrong.
//!
//! A refused form is answered with its page in the same response. The typed values are in that response alone, not in
//! an address, a cookie or a log. Every form within the size limit fits into its response.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::own_pages::{BASE, own_page};
use super::session::{self, HOME};
use crate::domain::problem::Problem;
use crate::domain::view::RefusedForm;

/// The path prefix of server functions.
pub const SERVER_FUNCTIONS: &str = "/system/do/";

/// Marks the answer to a form that was refused.
const REFUSED: &str = "serverfnerror";

/// The longest refusal, in bytes: a form of 64 KiB as JSON inside JSON, where a character may take seven.
const LONGEST_REFUSAL: usize = 1024 * 1024;

/// Headers of the POST that do not apply to the GET of the page.
const POST_ONLY_HEADERS: [header::HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::EXPECT,
    header::REFERER,
];

/// Answers a form that a browser posted without script: with a redirect, to `?back=` of its address where the server
/// function names no other page, or, when it was refused, with the page at `?back=`.
pub async fn answer_form(request: Request, next: Next) -> Response {
    if request.method() != Method::POST
        || !request.uri().path().starts_with(SERVER_FUNCTIONS)
        || !session::accepts_html(request.headers())
    {
        return next.run(request).await;
    }
    let back = request.uri().query().and_then(back);
    let back = back.unwrap_or_else(|| HOME.to_owned());
    let (mut parts, body) = request.into_parts();
    let endpoint = parts.uri.path().to_owned();
    let page = page_request(&parts, &back);
    // The framework redirects to the `Referer`, which our pages do not send.
    match HeaderValue::from_str(&format!("{BASE}{back}")) {
        Ok(referer) => parts.headers.insert(header::REFERER, referer),
        Err(_) => parts.headers.remove(header::REFERER),
    };
    let response = next.clone().run(Request::from_parts(parts, body)).await;
    if !is_refusal(&response) {
        return redirect(response);
    }
    let (refused, body) = response.into_parts();
    let (Some(mut page), Ok(body)) = (page, to_bytes(body, LONGEST_REFUSAL).await) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    page.extensions_mut().insert(RefusedForm {
        page: back,
        endpoint,
        refusal: String::from_utf8_lossy(&body).into_owned(),
    });
    refused_page(next.run(page).await, &refused.headers, &body)
}

/// Sets the refusal's status on the page of a refused form. Another response, such as the redirect of an ended session,
/// is left as it is.
fn refused_page(mut page: Response, refused: &header::HeaderMap, refusal: &Bytes) -> Response {
    if page.status() != StatusCode::OK {
        return page;
    }
    *page.status_mut() = status(refusal).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for name in [header::RETRY_AFTER, header::SET_COOKIE] {
        for value in refused.get_all(&name) {
            page.headers_mut().append(name.clone(), value.clone());
        }
    }
    page
}

/// The GET request for a page that a browser would send after the POST.
fn page_request(post: &Parts, page: &str) -> Option<Request> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = page.parse::<Uri>().ok()?;
    *request.headers_mut() = post.headers.clone();
    for name in POST_ONLY_HEADERS {
        request.headers_mut().remove(name);
    }
    *request.extensions_mut() = post.extensions.clone();
    Some(request)
}

/// Rewrites the framework's redirect to a plain path.
fn redirect(mut response: Response) -> Response {
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let path = location
        .and_then(|location| location.strip_prefix(BASE))
        .map(|path| path.strip_suffix('?').unwrap_or(path));
    if let Some(path) = path.and_then(|path| HeaderValue::from_str(path).ok()) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    if response.status() == StatusCode::FOUND {
        // Unlike 302, 303 requires the next request to be a GET (RFC 9110 §15.4.4).
        *response.status_mut() = StatusCode::SEE_OTHER;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Sets the refusal's status on the response to a script's call; the framework's default is 500.
pub async fn with_refusal_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !is_refusal(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_REFUSAL).await else {
        return parts.status.into_response();
    };
    parts.status = status(&body).unwrap_or(parts.status);
    Response::from_parts(parts, Body::from(body))
}

fn is_refusal(response: &Response) -> bool {
    response.headers().contains_key(REFUSED)
}

/// The status in a serialized refusal.
fn status(refusal: &[u8]) -> Option<StatusCode> {
    #[derive(Deserialize)]
    struct Refused {
        reason: Reason,
    }
    #[derive(Deserialize)]
    enum Reason {
        Refused(Problem),
        Unreachable,
    }
    match serde_json::from_slice::<Refused>(refusal).ok()?.reason {
        Reason::Refused(problem) => StatusCode::from_u16(problem.status).ok(),
        Reason::Unreachable => Some(StatusCode::BAD_REQUEST),
    }
}

fn back(query: &str) -> Option<String> {
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("back="))?;
    own_page(&percent_decode_str(value).decode_utf8().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_to_our_pages_only() {
        assert_eq!(
            back("back=%2Fsystem%2Fapi-clients%2Fnew"),
            Some("/system/api-clients/new".to_owned())
        );
        assert_eq!(back("back=https://evil.example"), None);
        assert_eq!(back("back=/system/../..//evil.example"), None);
        assert_eq!(back("back=%2Fsystem%2F%2e%2e%2F%2Fevil.example"), None);
        assert_eq!(back("x=1"), None);
    }
}
