//! Answers with a page about one client.

use axum::response::Response;

use crate::domain::view::ClientPage;
use crate::ui::page::{AdminRequest, Page};

/// Reads a client and answers with the page that is made of it.
pub(super) async fn answer_about(
    request: AdminRequest,
    id: &str,
    page_of: impl FnOnce(&AdminRequest, ClientPage) -> Page,
) -> Response {
    match request.console().show_client(&request.actor, id).await {
        Ok(client) => {
            let page = page_of(&request, client);
            request.answer(page).await
        }
        Err(error) => {
            let what = "The client could not be loaded";
            request.failed(what, error).await
        }
    }
}
