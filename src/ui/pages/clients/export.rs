//! The list of clients as a file: a form that the list posts to itself, because a download is recorded, and no GET records
//! anything.

use axum::response::Response;

use super::list_query::ListQuery;
use crate::http::console::client_export;
use crate::ui::page::AdminRequest;

/// Answers with the clients that match the filters of the address, as CSV.
pub async fn send(request: AdminRequest) -> Response {
    let query = ListQuery::read(request.page.query());
    let console = request.console();
    let day = console.now().format("%Y-%m-%d");
    match console.export_clients(&request.actor, query.filter).await {
        Ok(export) => client_export::file(&format!("api-clients-{day}.csv"), export),
        Err(error) => {
            let what = "The clients could not be exported";
            request.failed(what, error).await
        }
    }
}
