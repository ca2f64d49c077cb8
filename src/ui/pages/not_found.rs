//! What answers where there is no page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use crate::ui::addresses::CLIENTS;
use crate::ui::components::empty::LockDrawing;
use crate::ui::components::public_layout::PublicLayout;

/// The page for an address that no route fits. It stands outside the frame, which only administrators see.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PublicLayout>
            <NotFound/>
        </PublicLayout>
    }
}

/// The same words on the sheet, for an address with an id that nobody has.
#[component]
pub fn NotFoundBody() -> impl IntoView {
    view! {
        <div class="body">
            <NotFound/>
        </div>
    }
}

/// What the address could mean, and the way on.
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
