//! Cookies: the session and its actor, the theme, and a secret to be shown once.
//!
//! [`signed_in`] is the only way for a server function to get the console with an actor, so a function that forgets
//! to authenticate its caller has nothing to call.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;

use super::{ConsoleState, problem};
use crate::domain::client::ClientId;
use crate::domain::error::Error;
use crate::domain::ids::Sequence;
use crate::domain::problem::Problem;
use crate::domain::secret::Secret;
use crate::domain::view::{ShownLink, ShownSecret};
use crate::service::{Actor, Console, StartedSession, Visitor};

/// The target of a redirect when the form names none.
pub const HOME: &str = "/system";

/// The header of what a page loads by itself.
pub(super) const IN_BACKGROUND: HeaderName = HeaderName::from_static("claviger-background");

/// The cookies.
const SESSION: &str = "claviger";
const SHOWN_SECRET: &str = "claviger-shown";
const SHOWN_LINK: &str = "claviger-link";
const THEME: &str = "claviger-theme";

/// The sender of a request, determined before any handler runs.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The address and the session that the request came with, and its browser.
    pub visitor: Visitor,
    /// The administrator, when signed in.
    pub actor: Option<Actor>,
    /// The newest record of the audit log before the page was made, for whoever is signed in.
    pub newest_event: Option<Sequence>,
}

/// The console, and the administrator who is signed in.
///
/// # Errors
/// [`Error::SignInRequired`].
pub fn signed_in() -> Result<(Console, Actor), Problem> {
    let (state, identity) = caller()?;
    let actor = identity
        .actor
        .ok_or_else(|| problem::refused(Error::SignInRequired))?;
    Ok((state.console, actor))
}

/// The console, for the few calls that need no session.
///
/// # Errors
/// [`Error::Unavailable`] outside a request.
pub fn visitor() -> Result<(Console, Visitor), Problem> {
    let (state, identity) = caller()?;
    Ok((state.console, identity.visitor))
}

fn caller() -> Result<(ConsoleState, Identity), Problem> {
    let identity = |parts: Parts| parts.extensions.get::<Identity>().cloned();
    use_context::<ConsoleState>()
        .zip(use_context::<Parts>().and_then(identity))
        .ok_or_else(|| problem::refused(Error::Unavailable))
}

/// Sets the session cookie.
pub fn set_session_cookie(session: &StartedSession) {
    set(SESSION, session.id.expose(), session.max_age);
}

/// Deletes the session cookie.
pub fn delete_session_cookie() {
    set(SESSION, "", 0);
    set(SHOWN_SECRET, "", 0);
    set(SHOWN_LINK, "", 0);
}

/// Sets the theme cookie for a year.
pub fn remember_theme(theme: &str) {
    set(THEME, theme, 365 * 86400);
}

/// The theme of the cookie, if any: `light` or `dark`.
#[must_use]
pub fn theme(state: &ConsoleState, headers: &HeaderMap) -> Option<String> {
    cookie(state, headers, THEME).filter(|theme| theme == "light" || theme == "dark")
}

/// The session's id, if the browser sent one.
#[must_use]
pub fn session_id(state: &ConsoleState, headers: &HeaderMap) -> Option<Secret> {
    cookie(state, headers, SESSION)
        .filter(|id| !id.is_empty())
        .map(Secret::new)
}

/// Lets the next page of a client show a secret, which [`Console::seal_shown_secret`] sealed for it.
pub fn show_secret(sealed: &str) {
    set(SHOWN_SECRET, sealed, 600);
}

/// The secret that the previous request left for this page, and the cookie that deletes it, so that it is shown once. A
/// browser that only prefetches or prerenders the page (`Sec-Purpose`) takes nothing, and neither does another page that loads
/// it by itself.
#[must_use]
pub fn take_shown_secret(
    state: &ConsoleState,
    headers: &HeaderMap,
    actor: &Actor,
    client: &ClientId,
) -> Option<(ShownSecret, HeaderValue)> {
    if !is_looked_at(headers) {
        return None;
    }
    let sealed = cookie(state, headers, SHOWN_SECRET).filter(|sealed| !sealed.is_empty())?;
    let shown = state.console.open_shown_secret(actor, client, &sealed)?;
    Some((shown, set_cookie(state, SHOWN_SECRET, "", 0)?))
}

/// Lets the page of administrators show a one-time link, which [`Console::seal_shown_link`] sealed for it.
pub fn show_link(sealed: &str) {
    set(SHOWN_LINK, sealed, 600);
}

/// The link that the previous request left for this page, in the same way as [`take_shown_secret`].
#[must_use]
pub fn take_shown_link(
    state: &ConsoleState,
    headers: &HeaderMap,
    actor: &Actor,
) -> Option<(ShownLink, HeaderValue)> {
    if !is_looked_at(headers) {
        return None;
    }
    let sealed = cookie(state, headers, SHOWN_LINK).filter(|sealed| !sealed.is_empty())?;
    let shown = state.console.open_shown_link(actor, &sealed)?;
    Some((shown, set_cookie(state, SHOWN_LINK, "", 0)?))
}

/// Whether somebody sees the page that answers.
fn is_looked_at(headers: &HeaderMap) -> bool {
    !headers.contains_key("sec-purpose") && !headers.contains_key(IN_BACKGROUND)
}

/// Whether the current request is a form that a browser posted without script.
#[must_use]
pub fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| accepts_html(&parts.headers))
}

/// Whether the request is a navigation and not a script's call.
#[must_use]
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"))
}

fn cookie(state: &ConsoleState, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = full_name(state, name);
    let sent = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = sent
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

fn set(name: &str, value: &str, max_age: i64) {
    let (Some(state), Some(response)) = (
        use_context::<ConsoleState>(),
        use_context::<ResponseOptions>(),
    ) else {
        return;
    };
    if let Some(cookie) = set_cookie(&state, name, value, max_age) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// The value of a `Set-Cookie` header; none for a value that no header can carry.
fn set_cookie(state: &ConsoleState, name: &str, value: &str, max_age: i64) -> Option<HeaderValue> {
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let cookie = format!(
        "{}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}",
        full_name(state, name)
    );
    HeaderValue::from_str(&cookie).ok()
}

/// `__Host-` binds a cookie to this host over TLS. Browsers refuse the prefix over plain http on localhost.
fn full_name(state: &ConsoleState, name: &str) -> String {
    if state.is_secure() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}
