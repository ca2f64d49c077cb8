//! Calls of server functions that outlive the page that makes them, and that are given up after a time.
//!
//! The framework's client can do neither. Only for the browser.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response, UrlSearchParams};

use crate::ui::api::{ApiRefusal, RefusalReason};

/// How long the server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest form that may outlive its page; all that are under way may have 64 KiB together (Fetch, "HTTP-network-or-cache
/// fetch").
const LONGEST_KEPT_ALIVE: u32 = 12 * 1024;

/// Posts a form to a server function.
///
/// # Errors
/// The refusal; [`RefusalReason::Unreachable`] also after [`ANSWER_TIMEOUT`].
pub async fn post<T: DeserializeOwned>(
    path: &str,
    fields: &UrlSearchParams,
) -> Result<T, ApiRefusal> {
    let answer = send(path, fields).await.ok();
    let answer = answer.and_then(|(is_ok, text)| Some((is_ok, text.as_string()?)));
    let unreachable = ApiRefusal {
        reason: RefusalReason::Unreachable,
        typed: None,
    };
    match answer {
        Some((true, text)) => serde_json::from_str(&text).map_err(|_| unreachable),
        Some((false, text)) => Err(serde_json::from_str(&text).unwrap_or(unreachable)),
        None => Err(unreachable),
    }
}

/// The answer: whether it is a success, and its text.
async fn send(path: &str, fields: &UrlSearchParams) -> Result<(bool, JsValue), JsValue> {
    let abort = AbortController::new()?;
    let form = fields.to_string();
    let is_kept_alive = form.length() <= LONGEST_KEPT_ALIVE;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(fields);
    init.set_signal(Some(&abort.signal()));
    js_sys::Reflect::set(&init, &"keepalive".into(), &is_kept_alive.into())?;
    // After the answer it aborts nothing.
    set_timeout(move || abort.abort(), ANSWER_TIMEOUT);
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
    let response: Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text))
}
