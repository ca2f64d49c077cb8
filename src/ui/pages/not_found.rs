//! The not-found page.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::ui::addresses::CLIENTS;
use crate::ui::components::empty::LockDrawing;
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

/// The text, with a search.
#[component]
pub fn NotFound(
    /// The path of the address.
    path: String,
) -> impl IntoView {
    let term = path
        .strip_prefix(CLIENTS)
        .and_then(|rest| rest.trim_start_matches('/').split('/').next())
        .unwrap_or_default()
        .to_owned();
    view! {
        <section class="empty">
            <LockDrawing/>
            <h1>"No page fits this address"</h1>
            <p>
                "There is nothing at "
                <code>{path}</code>
                ". The client may have another ID, or the address was copied without its last characters."
            </p>
            <form class="row" action=CLIENTS method="get" role="search" aria-label="Clients">
                <input class="input" type="search" name="q" value=term aria-label="Name or client ID"/>
                <button class="btn fill" type="submit">
                    "Find client"
                </button>
            </form>
            <p>
                <a class="link" href=CLIENTS>
                    "Go to the API clients"
                </a>
            </p>
        </section>
    }
}
