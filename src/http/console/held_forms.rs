//! Forms that were refused because they need a password that was typed a few minutes ago at most (`service/console/stepped_up.rs`).
//! The page that asks for it carries the form, sealed; once the password is right, the form is carried out as if it had been
//! sent then. The server keeps nothing.

use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use leptos::context::use_context;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{ConsoleState, session};
use crate::domain::address::in_query;
use crate::domain::complaint::AdminComplaint;
use crate::domain::view::{PostedForm, RefusedForm};

/// The page that asks for the password.
pub const CONFIRM_PAGE: &str = "/system/confirm";

/// The path that it posts to.
const CONFIRM: &str = "/system/do/confirm";

/// The longest form that is carried, in bytes: sealed, it has to fit into the next POST.
const LONGEST: usize = 40 * 1024;

/// The body of a form that is short enough to be carried, and the body for whoever answers it.
pub async fn copy_of(body: Body) -> (Option<Bytes>, Body) {
    let is_short = |length: u64| usize::try_from(length).is_ok_and(|length| length <= LONGEST);
    if !body.size_hint().exact().is_some_and(is_short) {
        return (None, body);
    }
    match to_bytes(body, LONGEST).await {
        Ok(bytes) => (Some(bytes.clone()), Body::from(bytes)),
        // The connection is lost, so nobody reads the answer.
        Err(_) => (None, Body::empty()),
    }
}

/// The page that asks for the password, as the answer to a form that was refused for the want of it. None for another
/// refusal. A form with a password of its own, and one that is too long, is not carried: the page then leads back to it.
pub fn until_confirmed(
    state: &ConsoleState,
    post: &Parts,
    body: Option<Bytes>,
    form: &RefusedForm,
) -> Option<RefusedForm> {
    let refusal: Value = serde_json::from_str(&form.refusal).ok()?;
    if refusal["reason"]["Refused"]["code"] != AdminComplaint::PasswordNeeded.code() {
        return None;
    }
    let session = session::session_id(state, &post.headers)?;
    let address = post.uri.path_and_query()?.to_string();
    let body = body.and_then(|body| String::from_utf8(body.into()).ok());
    let body = body.filter(|body| !has_password_field(body));
    let held = body.map(|body| {
        let posted = PostedForm { address, body };
        state.console.seal_held_form(&session, &posted)
    });
    let typed = json!({"held": held.unwrap_or_default(), "next": form.page});
    Some(RefusedForm {
        page: format!("{CONFIRM_PAGE}?next={}", in_query(&form.page)),
        endpoint: CONFIRM.to_owned(),
        refusal: json!({"reason": refusal["reason"], "typed": typed.to_string()}).to_string(),
    })
}

/// Whether a posted form has a field for a password: `password`, or `form[password]`.
fn has_password_field(body: &str) -> bool {
    form_urlencoded::parse(body.as_bytes()).any(|(name, _)| name.contains("password"))
}

/// The form that the answer to a right password carries out.
#[derive(Clone, Default)]
pub struct Resent(Arc<OnceLock<PostedForm>>);

/// Lets the answer to the current form, in which the password was right, carry out a form that was held.
pub fn resend(form: PostedForm) {
    let resent = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Resent>().cloned());
    if let Some(Resent(resent)) = resent {
        // Nothing else sets it.
        let _ = resent.set(form);
    }
}

impl Resent {
    /// The form as a browser would post it now; none when there is none to be carried out.
    pub fn request(&self, post: &Parts) -> Option<(Parts, Body)> {
        let PostedForm { address, body } = self.0.get()?.clone();
        let mut parts = post.clone();
        parts.method = Method::POST;
        parts.uri = address.parse().ok()?;
        let length = HeaderValue::from(body.len());
        parts.headers.insert(header::CONTENT_LENGTH, length);
        parts.headers.remove(header::TRANSFER_ENCODING);
        Some((parts, Body::from(body)))
    }
}
