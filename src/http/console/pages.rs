//! The layers before pages and forms: authentication of the session, and protection against CSRF.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::forms::{SERVER_FUNCTIONS, with_refusal_status};
use super::own_pages::own_page;
use super::session::{self, HOME, IN_BACKGROUND, Identity};
use super::{ConsoleState, compression, problem};
use crate::domain::address::{in_query, parameter};
use crate::domain::complaint::Complaint;
use crate::domain::device::Device;
use crate::domain::error::Error;
use crate::domain::host::{Authority, default_port};
use crate::domain::view::RefusedForm;
use crate::http::peer;
use crate::service::{Actor, Visitor};

/// The stream of live updates. A page opens it by itself, again and again where a proxy cuts it off, and browsers let it set no
/// header.
const LIVE: &str = "/system/live";

/// The pages below `/system` that need no session.
const OPEN_PAGES: [&str; 3] = ["/system/sign-in", "/system/setup", "/system/invitation"];

/// Looks up the session of a request, and redirects requests without one to the sign-in page.
pub async fn identify(
    Extract(state): Extract<ConsoleState>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/" {
        return Redirect::to(HOME).into_response();
    }
    if path != HOME && !path.starts_with("/system/") {
        return next.run(request).await;
    }
    if let Some(page) = without_slash(&request) {
        return Redirect::permanent(&page).into_response();
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let mut visitor = Visitor {
        address: peer.map(|peer| peer::address(peer.0, request.headers(), &state.proxies)),
        session: None,
        in_background: path == LIVE || request.headers().contains_key(IN_BACKGROUND),
        device: device(request.headers()),
    };
    let session = session::session_id(&state, request.headers());
    let resumed = match &session {
        Some(id) => match state.console.resume_session_for_page(id, &visitor).await {
            Ok(resumed) => resumed,
            Err(error) => return unavailable(&error),
        },
        None => None,
    };
    let newest_event = resumed.as_ref().map(|resumed| resumed.newest_event);
    let actor = resumed.map(|resumed| resumed.actor);
    let is_open = path.starts_with(SERVER_FUNCTIONS) || OPEN_PAGES.contains(&path.as_str());
    if actor.is_none() && !is_open {
        return to_sign_in(request.uri(), session.is_some());
    }
    // A refused sign-in is shown to its sender, signed in or not.
    let is_refused = request.extensions().get::<RefusedForm>().is_some();
    if actor.is_some() && path == "/system/sign-in" && !is_refused {
        let next = request
            .uri()
            .query()
            .and_then(|query| parameter(query, "next"));
        let next = next.and_then(|next| own_page(&next));
        return Redirect::to(next.as_deref().unwrap_or(HOME)).into_response();
    }
    if let Some(Actor::Admin { session, .. }) = &actor {
        visitor.session = Some(*session);
    }
    request.extensions_mut().insert(Identity {
        visitor,
        actor,
        newest_event,
    });
    // Passwords are typed into the open pages, and the answer to a form may have what was typed.
    let caching = if is_open || is_refused {
        compression::WITH_SECRET
    } else {
        compression::WITHOUT_SECRET
    };
    let mut response = with_refusal_status(next.run(request).await).await;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(caching);
    response
}

/// Leads to the sign-in page, and back from there.
fn to_sign_in(asked: &Uri, has_ended: bool) -> Response {
    let asked = asked
        .path_and_query()
        .and_then(|asked| own_page(asked.as_str()));
    let asked = asked.as_deref().unwrap_or(HOME);
    let ended = if has_ended { "&ended=1" } else { "" };
    Redirect::to(&format!("/system/sign-in?next={}{ended}", in_query(asked))).into_response()
}

/// The browser that sent a request.
fn device(headers: &HeaderMap) -> Device {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    Device::of_user_agent(agent.unwrap_or_default())
}

/// The address of the page that is meant by one with a slash at its end.
fn without_slash(request: &Request) -> Option<String> {
    let page = own_page(request.uri().path_and_query()?.as_str())?;
    let (path, query) = page
        .split_once('?')
        .map_or((page.as_str(), None), |(path, query)| (path, Some(query)));
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let path = path.strip_suffix('/').filter(|_| is_read)?;
    Some(query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

/// Refuses requests with an unsafe method that were not sent by one of our own pages (CSRF).
pub async fn require_same_origin(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Only server functions change anything, and the page that imports participants; exports are recorded.
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method())
        || !(path == "/" || path.starts_with("/system"));
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    let asked = request.extensions().get::<Authority<'static>>();
    if !is_safe && !is_same_origin(asked, request.headers()) {
        let message = format!("{}\n", Complaint::PostedElsewhere);
        return (StatusCode::FORBIDDEN, text, message).into_response();
    }
    // The framework parses a body of any type as a form.
    if !is_safe && request.uri().path().starts_with(SERVER_FUNCTIONS) && !is_form(request.headers())
    {
        let message = format!("{}\n", Complaint::NotAForm);
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, text, message).into_response();
    }
    next.run(request).await
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// `Sec-Fetch-Site` is set by the browser and cannot be forged by a page. Without it, `Origin` must name the host and
/// port of the request.
fn is_same_origin(asked: Option<&Authority<'_>>, headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    let (Some(asked), Some((scheme, named))) = (asked, origin) else {
        return false;
    };
    let Some(default) = default_port(scheme) else {
        return false;
    };
    // The scheme of the request is unknown. A missing port is the default of the origin's scheme.
    let port = |authority: &Authority<'_>| authority.port.unwrap_or(default);
    Authority::parse(named)
        .is_some_and(|origin| origin.host == asked.host && port(&origin) == port(asked))
}

pub(super) fn unavailable(error: &Error) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::RETRY_AFTER, "1"),
    ];
    (problem::status(error), headers, format!("{error}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_post_must_come_from_our_own_page() {
        let here = Authority::parse("a.example").unwrap();
        assert!(is_same_origin(
            Some(&here),
            &headers(&[("sec-fetch-site", "same-origin"), ("origin", "null")])
        ));
        for foreign in [
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://a.example"),
            ][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "null")],
            &[],
        ] {
            assert!(
                !is_same_origin(Some(&here), &headers(foreign)),
                "{foreign:?}"
            );
        }
        assert!(!is_same_origin(
            None,
            &headers(&[("origin", "https://a.example")])
        ));
    }

    #[test]
    fn an_origin_is_compared_by_host_and_port() {
        for (asked, origin, is_same) in [
            ("localhost:3000", "http://localhost:3000", true),
            ("LOCALHOST.:3000", "http://localhost:3000", true),
            ("a.example:443", "https://a.example", true),
            ("a.example", "https://a.example:443", true),
            ("a.example", "https://A.example.", true),
            ("[0::1]:3000", "http://[::1]:3000", true),
            ("127.1:3000", "http://127.0.0.1:3000", true),
            (
                "xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
                true,
            ),
            ("a.example", "https://b.example", false),
            ("a.example", "https://a.example:8443", false),
            ("a.example:8443", "https://a.example", false),
            ("a.example:443", "http://a.example", false),
            ("a.example", "chrome-extension://a.example", false),
            ("a.example", "https://a.example/", false),
            ("a.example", "https://u@a.example", false),
            ("a.example", "https://", false),
        ] {
            let headers = [("origin", origin)].map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            });
            let headers = HeaderMap::from_iter(headers);
            let asked = Authority::parse(asked);
            assert_eq!(
                is_same_origin(asked.as_ref(), &headers),
                is_same,
                "{asked:?} {origin}"
            );
        }
    }
}
