//! The list of clients as a file: a form that the list posts to itself, because a download is recorded, and no GET records
//! anything.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use serde::Deserialize;

use super::list_query::ListQuery;
use crate::http::console::client_export;
use crate::ui::page::AdminRequest;

/// What the list posts; without script nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct FollowedDownload {
    /// By which key the page follows the file.
    transfer: String,
}

/// Answers with the clients that match the filters of the address, as CSV.
pub async fn send(
    request: AdminRequest,
    form: Result<Form<FollowedDownload>, FormRejection>,
) -> Response {
    let key = form.map(|Form(form)| form.transfer).unwrap_or_default();
    let query = ListQuery::read(request.page.query());
    let console = request.console();
    let day = console.now().format("%Y-%m-%d");
    match console.export_clients(&request.actor, query.filter).await {
        Ok(export) => {
            let name = format!("api-clients-{day}.csv");
            let transfers = &request.page.state.transfers;
            client_export::file(&name, export, transfers.begin(&request.actor, &key))
        }
        Err(error) => {
            let what = "The clients could not be exported";
            request.failed(what, error).await
        }
    }
}
