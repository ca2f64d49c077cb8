//! The not-found page.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::ui::components::empty::NotFound;
use crate::ui::components::public_layout::PublicLayout;
use crate::ui::page::{Page, PageRequest};

/// The page for an address without a route. It has no frame, because that needs a session.
#[must_use]
pub fn page(request: &PageRequest) -> Response {
    let path = request.path().to_owned();
    let page = Page::new("Not found", move || {
        view! { <PublicLayout><NotFound path/></PublicLayout> }
    });
    request.answer(page.with_status(StatusCode::NOT_FOUND))
}
