//! What a page learns of the file that it asked for, see [`transfers`](super::transfers).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State as Extract};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::session::Identity;
use super::transfers::Transfer;
use super::{ConsoleState, compression};

/// How far a transfer of the page's session is; `null` when this node knows none of this key.
pub async fn show(
    Extract(state): Extract<ConsoleState>,
    Extension(identity): Extension<Identity>,
    Path(key): Path<String>,
) -> Response {
    let found = find(&state, identity, &key);
    answer(found.as_deref())
}

/// Ends a transfer of the page's session.
pub async fn cancel(
    Extract(state): Extract<ConsoleState>,
    Extension(identity): Extension<Identity>,
    Path(key): Path<String>,
) -> Response {
    let found = find(&state, identity, &key);
    if let Some(transfer) = &found {
        transfer.cancel();
    }
    answer(found.as_deref())
}

fn find(state: &ConsoleState, identity: Identity, key: &str) -> Option<Arc<Transfer>> {
    state.transfers.find(&identity.actor?, key)
}

fn answer(transfer: Option<&Transfer>) -> Response {
    let progress = transfer.map(Transfer::progress);
    let headers = [(header::CACHE_CONTROL, compression::WITHOUT_SECRET)];
    (headers, Json(progress)).into_response()
}
