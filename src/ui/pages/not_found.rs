//! The not-found page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use crate::ui::addresses::CLIENTS;
use crate::ui::components::empty::LockDrawing;
use crate::ui::components::public_layout::PublicLayout;

/// The page for an address without a route. It has no frame, because that needs a session.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PublicLayout>
            <NotFound/>
        </PublicLayout>
    }
}

/// The same text inside the frame, for an address with an unknown id.
#[component]
pub fn NotFoundBody() -> impl IntoView {
    view! {
        <div class="body">
            <NotFound/>
        </div>
    }
}

/// The text, with a search.
#[component]
fn NotFound() -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let term = path
        .strip_prefix(CLIENTS)
        .and_then(|rest| rest.trim_start_matches('/').split('/').next())
        .unwrap_or_default()
        .to_owned();
    view! {
        <Title text="Not found"/>
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
