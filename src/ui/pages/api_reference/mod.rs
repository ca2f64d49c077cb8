//! `/docs/api`: the OpenAPI description, for people.

use axum::response::Response;
use leptos::prelude::*;

use crate::ui::components::api_reference::ApiReference;
use crate::ui::page::{Page, PageRequest};

mod reading;

/// The page. Anybody may see it, as the description itself.
pub async fn page(request: PageRequest) -> Response {
    let (text, groups) = reading::description(&request.state.api_description);
    let page = Page::new("API for programs", move || {
        view! { <ApiReference text groups/> }
    });
    request.answer(page)
}
