//! Stands in for the header until it is merged.

use leptos::prelude::*;

use crate::domain::view::ClientPage;
use crate::ui::addresses::Tab;
use crate::ui::api::ApiRefusal;

/// The header.
#[component]
pub fn ClientHead(page: ClientPage, tab: Tab, details: Option<ApiRefusal>) -> impl IntoView {
    let _ = (tab, details);
    view! { <header class="page-head"><h1>{page.client.name}</h1><span id="granted-count"></span></header> }
}

/// The notices.
#[component]
pub fn ClientNotices(
    page: ClientPage,
    details: Option<ApiRefusal>,
    saved: Option<&'static str>,
) -> impl IntoView {
    let _ = (page, details);
    saved
}
