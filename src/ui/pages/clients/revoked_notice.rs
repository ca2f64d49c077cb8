//! The notice after a client was revoked.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::domain::client::{ClientFilter, ClientId, StatusFilter};
use crate::domain::page::Cursor;
use crate::ui::api::clients::list_clients;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::viewer::use_viewer;

/// Confirms that the client in `?revoked=` was revoked, if the client is in fact revoked.
#[component]
pub(super) fn RevokedNotice() -> impl IntoView {
    let query = use_query_map();
    let revoked = Memo::new(move |_| {
        query.with(|query| {
            query
                .get_str("revoked")
                .and_then(|id| ClientId::parse(id).ok())
        })
    });
    let name = Resource::new(move || revoked.get(), find_revoked);
    let viewer = use_viewer();
    Effect::new(move || {
        if revoked.with(Option::is_some) {
            viewer.refetch();
        }
    });
    move || {
        name.get().flatten().map(|name| {
            view! {
                <Notice tone=Tone::Accent icon="check">
                    <strong>{name} " was revoked."</strong>
                    " Its tokens stopped working at once."
                </Notice>
            }
        })
    }
}

async fn find_revoked(id: Option<ClientId>) -> Option<String> {
    let id = id?;
    let filter = ClientFilter {
        search: id.to_string(),
        status: StatusFilter::Revoked,
        ..ClientFilter::default()
    };
    let list = list_clients(filter, Cursor::First).await.ok()?;
    list.page
        .items
        .into_iter()
        .map(|row| row.summary.client)
        .find(|client| client.id == id)
        .map(|client| client.name)
}
