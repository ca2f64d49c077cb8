//! Loads a page to take parts of it, and what a page asks by itself. Only for the browser.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, DomParser, RequestInit, Response, SupportedType};

/// The page at an address; none when the server answers with another one, such as sign-in.
///
/// # Errors
/// The server did not answer.
pub async fn load_page(address: &str) -> Result<Option<Document>, JsValue> {
    load(address, &RequestInit::new()).await
}

/// The same, for what nobody asked for: the session does not go on by it.
///
/// # Errors
/// The server did not answer.
pub async fn load_in_background(address: &str) -> Result<Option<Document>, JsValue> {
    load(address, &in_background()?).await
}

/// Asks for JSON, or posts nothing to its address, for what nobody asked for either.
///
/// # Errors
/// The server did not answer, or with something else.
pub async fn call_in_background<T: DeserializeOwned>(
    address: &str,
    method: &str,
) -> Result<T, JsValue> {
    let init = in_background()?;
    init.set_method(method);
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(address, &init))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    serde_json::from_str(&text.as_string().unwrap_or_default()).map_err(|_| JsValue::NULL)
}

fn in_background() -> Result<RequestInit, JsValue> {
    let headers = js_sys::Object::new();
    js_sys::Reflect::set(&headers, &"claviger-background".into(), &"1".into())?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    Ok(init)
}

async fn load(address: &str, init: &RequestInit) -> Result<Option<Document>, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(address, init))
        .await?
        .dyn_into()?;
    if !response.ok() || response.redirected() {
        return Ok(None);
    }
    let html = JsFuture::from(response.text()?).await?;
    let html = html.as_string().unwrap_or_default();
    let page = DomParser::new()?.parse_from_string(&html, SupportedType::TextHtml)?;
    Ok(Some(page))
}
