//! Responses to a form that was posted without script: a redirect, or the same page again with what is wrong.
//!
//! A refused form is answered with its page in the same response. The typed values are in that response alone, not in
//! an address, a cookie or a log. Every form within the size limit fits into its response.

use std::sync::{Arc, OnceLock};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as Extract};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::context::use_context;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ConsoleState;
use super::held_forms::{self, Resent};
use super::own_pages::{BASE, own_page};
use super::session::{self, HOME};
use crate::domain::address::in_query;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::problem::Problem;
use crate::domain::view::RefusedForm;

/// The path prefix of server functions.
pub const SERVER_FUNCTIONS: &str = "/system/do/";

/// Marks the answer to a form that was refused.
const REFUSED: &str = "serverfnerror";

/// The longest refusal, in bytes: a form of 64 KiB as JSON inside JSON, where a character may take seven.
const LONGEST_REFUSAL: usize = 1024 * 1024;

/// The longest sealed form that the sign-in page carries, in characters: it has to fit into the next POST.
const LONGEST_KEPT: usize = 60_000;

/// Headers of the POST that do not apply to the GET of the page.
const POST_ONLY_HEADERS: [header::HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::EXPECT,
    header::REFERER,
];

/// Answers a form that a browser posted without script: with a redirect, to `?back=` of its address where the server
/// function names no other page, or, when it was refused, with the page at `?back=`. A refusal because the session has
/// ended is answered with the sign-in page, which has the form sealed, and the sign-in then with the form's page. One for
/// want of a fresh proof of the password is answered with a page that asks for it, see [`held_forms`].
pub async fn answer_form(
    Extract(state): Extract<ConsoleState>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST
        || !request.uri().path().starts_with(SERVER_FUNCTIONS)
        || !session::accepts_html(request.headers())
    {
        return next.run(request).await;
    }
    let (post, body) = request.into_parts();
    answer_post(&state, post, body, next).await
}

/// The same for a request that is known to be such a form.
async fn answer_post(state: &ConsoleState, post: Parts, body: Body, next: Next) -> Response {
    let back = post.uri.query().and_then(back);
    let back = back.unwrap_or_else(|| HOME.to_owned());
    let (copy, body) = held_forms::copy_of(body).await;
    let mut parts = post.clone();
    let (reopened, resent) = (Reopened::default(), Resent::default());
    parts.extensions.insert(reopened.clone());
    parts.extensions.insert(resent.clone());
    // The framework redirects to the `Referer`, which a browser may leave out.
    match HeaderValue::from_str(&format!("{BASE}{back}")) {
        Ok(referer) => parts.headers.insert(header::REFERER, referer),
        Err(_) => parts.headers.remove(header::REFERER),
    };
    let response = next.clone().run(Request::from_parts(parts, body)).await;
    if !is_refusal(&response) {
        if let Some((post, body)) = resent.request(&post) {
            return Box::pin(answer_post(state, post, body, next)).await;
        }
        return match reopened.0.get() {
            Some(form) => reopened_page(&post, form, response, next).await,
            None => redirect(response),
        };
    }
    let (refused, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_REFUSAL).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let form = RefusedForm {
        page: back,
        endpoint: post.uri.path().to_owned(),
        refusal: String::from_utf8_lossy(&body).into_owned(),
    };
    let form = if let Some(held) = held_forms::until_confirmed(state, &post, copy, &form) {
        held
    } else {
        let kept = kept_until_sign_in(state, &post, &form).await;
        kept.unwrap_or(form)
    };
    match page_request(&post, form) {
        Some(page) => refused_page(next.run(page).await, &refused.headers, &body),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The form that the answer to a sign-in shows again.
#[derive(Clone, Default)]
struct Reopened(Arc<OnceLock<RefusedForm>>);

/// Answers the current sign-in with the page of a form that was typed before.
pub fn reopen(form: RefusedForm) {
    let reopened =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Reopened>().cloned());
    if let Some(Reopened(reopened)) = reopened {
        // Nothing else sets it.
        let _ = reopened.set(form);
    }
}

/// The page of a form that was typed before, as the answer to the sign-in; the sign-in's redirect if there is none.
async fn reopened_page(
    post: &Parts,
    form: &RefusedForm,
    signed_in: Response,
    next: Next,
) -> Response {
    let Some(mut page) = page_request(post, form.clone()) else {
        return redirect(signed_in);
    };
    // As the browser would send it: the first cookie of a name counts.
    let cookies = signed_in.headers().get_all(header::SET_COOKIE);
    let cookies = cookies.iter().filter_map(|cookie| cookie.to_str().ok());
    let new = cookies.filter_map(|cookie| cookie.split(';').next());
    let old = page.headers().get_all(header::COOKIE);
    let old = old.iter().filter_map(|cookies| cookies.to_str().ok());
    let cookies = new.chain(old).collect::<Vec<_>>().join("; ");
    if let Ok(cookies) = HeaderValue::from_str(&cookies) {
        page.headers_mut().insert(header::COOKIE, cookies);
    }
    let page = next.run(page).await;
    if page.status() != StatusCode::OK {
        return redirect(signed_in);
    }
    refused_page(page, signed_in.headers(), form.refusal.as_bytes())
}

/// The sign-in form as the answer to a form that was refused because the session has ended, with that form sealed in
/// its field `typed`. None for another refusal, and when nothing was typed or too much.
async fn kept_until_sign_in(
    state: &ConsoleState,
    post: &Parts,
    form: &RefusedForm,
) -> Option<RefusedForm> {
    let mut refusal: Value = serde_json::from_str(&form.refusal).ok()?;
    if refusal["reason"]["Refused"]["code"] != Error::SignInRequired.code()
        || !refusal["typed"].is_string()
    {
        return None;
    }
    refusal["reason"] = reason(StatusCode::OK, &Complaint::SentAfterSignOut);
    let typed = RefusedForm {
        refusal: refusal.to_string(),
        ..form.clone()
    };
    let session = session::session_id(state, &post.headers);
    let sealed = state.console.seal_typed_form(session.as_ref(), typed).await;
    let sealed = sealed.ok().filter(|sealed| sealed.len() <= LONGEST_KEPT)?;
    let sign_in = json!({"email": "", "next": form.page, "typed": sealed});
    let reason = reason(StatusCode::UNAUTHORIZED, &Complaint::KeptUntilSignIn);
    Some(RefusedForm {
        page: format!("/system/sign-in?next={}", in_query(&form.page)),
        endpoint: format!("{SERVER_FUNCTIONS}sign-in"),
        refusal: json!({"reason": reason, "typed": sign_in.to_string()}).to_string(),
    })
}

/// The reason of a refusal, as a script would get it.
fn reason(status: StatusCode, complaint: &Complaint) -> Value {
    let problem = Problem {
        status: status.as_u16(),
        code: complaint.code().to_owned(),
        detail: complaint.to_string(),
        errors: Vec::new(),
    };
    json!({"Refused": problem})
}

/// Sets the refusal's status on the page of a refused form. Another response, such as the redirect of an ended session,
/// is left as it is.
fn refused_page(mut page: Response, refused: &header::HeaderMap, refusal: &[u8]) -> Response {
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

/// The GET request for the page of a form, as a browser would send it after the POST.
fn page_request(post: &Parts, form: RefusedForm) -> Option<Request> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = form.page.parse::<Uri>().ok()?;
    *request.headers_mut() = post.headers.clone();
    for name in POST_ONLY_HEADERS {
        request.headers_mut().remove(name);
    }
    *request.extensions_mut() = post.extensions.clone();
    request.extensions_mut().insert(form);
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
