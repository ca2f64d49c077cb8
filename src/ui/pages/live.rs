//! `/system/live`: what changes while a page is looked at, see `http/console/live.rs`. The page names the clients that it shows.

use axum::response::Response;

use super::clients::use_cells::use_cells;
use crate::domain::client::ClientId;
use crate::domain::ids::Sequence;
use crate::http::console::live::{self, Followed};
use crate::ui::page::AdminRequest;

/// The stream. `show` has the ids of the clients, with commas between them, and `since` a number of the audit log.
pub async fn stream(request: AdminRequest) -> Response {
    let AdminRequest { page, actor } = request;
    let shown = page.parameter("show").unwrap_or_default();
    let clients = shown.split(',').filter_map(|id| ClientId::parse(id).ok());
    let clients: Vec<ClientId> = clients.collect();
    let since = page.parameter("since").and_then(|text| text.parse().ok());
    let since = live::last_event(&page.headers).or(since.map(Sequence));
    let locale = page.locale();
    let write = Box::new(move |used: &_, now| locale.during(|| use_cells(used, now)));
    let followed = Followed {
        since,
        clients,
        write,
    };
    live::stream(page.state.console, actor, followed).await
}
