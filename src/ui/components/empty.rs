//! Empty states: a page or list without rows, and a failed load, each with a next step.

use leptos::prelude::*;

use super::icon::Icon;
use crate::ui::addresses::{CLIENTS, OVERVIEW};
use crate::ui::api::ApiRefusal;

/// An empty state: a heading, a sentence and a next step.
#[component]
pub fn Empty(
    /// The heading.
    #[prop(into)]
    title: String,
    /// An illustration, when nothing was ever created.
    #[prop(optional, into)]
    drawing: Option<ViewFn>,
    /// The sentence and the next step.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty" aria-labelledby="empty-title">
            {drawing.map(|drawing| drawing.run())}
            <h2 id="empty-title">{title}</h2>
            {children()}
        </section>
    }
}

/// A list without rows, with a link to some.
#[component]
pub fn EmptyList(
    /// The heading.
    title: String,
    /// Why there may be none.
    advice: String,
    /// Where there are some.
    href: String,
    /// What is said of that.
    words: &'static str,
) -> impl IntoView {
    view! {
        <div class="body">
            <Empty title>
                <p>{advice}</p>
                <a class="btn small" href=href>
                    {words}
                </a>
            </Empty>
        </div>
    }
}

/// A failed load, its reason, and a link to retry.
#[component]
pub fn Failed(
    /// The heading, such as "The clients could not be loaded".
    what: &'static str,
    /// The reason.
    refusal: ApiRefusal,
) -> impl IntoView {
    view! {
        <section class="empty" role="alert" aria-labelledby="failed-title">
            <h2 id="failed-title">{what}</h2>
            <p>{refusal.to_string()}</p>
            <a class="btn small" href="">
                <Icon name="retry"/>
                "Try again"
            </a>
        </section>
    }
}

/// An address without a page, with a search where it would be a client's.
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
    let (reason, way) = if term.is_empty() {
        let way = view! {
            <p>
                <a class="link" href=OVERVIEW>
                    "Go to the overview"
                </a>
            </p>
        };
        (
            ". The address may have been copied without its last characters.",
            way.into_any(),
        )
    } else {
        (
            ". The client may have another ID, or the address was copied without its last characters.",
            view! { <FindClient term/> }.into_any(),
        )
    };
    view! {
        <section class="empty">
            <LockDrawing/>
            <h1>"No page fits this address"</h1>
            <p>
                "There is nothing at "
                <code>{path}</code>
                {reason}
            </p>
            {way}
        </section>
    }
}

/// The search for a client, and the way to all of them.
#[component]
fn FindClient(term: String) -> impl IntoView {
    view! {
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
    }
}

/// The illustration of a page without clients: a large key.
#[component]
pub fn KeyDrawing() -> impl IntoView {
    view! {
        <Drawing>
            <path d="M48.5 26.5A20 20 0 1 0 48.5 37.5H56l3 7h8l3-3h6l3 6h8l3-9h6l3 4h8l3-5H130L136 32l-6-5.5Z"></path>
            <circle cx="26" cy="32" r="5.5"></circle>
        </Drawing>
    }
}

/// The illustration of a page without organizations: a building.
#[component]
pub fn OrganizationDrawing() -> impl IntoView {
    view! {
        <Drawing>
            <path d="M36 22 72 6l36 16v4H36ZM42 26v24M58 26v24M86 26v24M102 26v24M36 50h72v8H36Z"></path>
            <circle cx="72" cy="17" r="3"></circle>
        </Drawing>
    }
}

/// The illustration of a page without participants: three people.
#[component]
pub fn ParticipantDrawing() -> impl IntoView {
    view! {
        <Drawing>
            <circle cx="72" cy="18" r="11"></circle>
            <path d="M50 58c0-14 9-23 22-23s22 9 22 23Z"></path>
            <circle cx="34" cy="26" r="8"></circle>
            <path d="M44 58H18c0-11 6-18 16-18 5 0 9 2 12 5"></path>
            <circle cx="110" cy="26" r="8"></circle>
            <path d="M100 58h26c0-11-6-18-16-18-5 0-9 2-12 5"></path>
        </Drawing>
    }
}

/// The illustration of a page that does not exist: a broken key.
#[component]
pub fn LockDrawing() -> impl IntoView {
    view! {
        <Drawing>
            <path d="M40.5 27.5A14 14 0 1 0 40.5 36.5H47l3 6h6l3-3h5l3 5h6l3-8h5l2-4.5-2-4.5Z"></path>
            <circle cx="24" cy="32" r="4"></circle>
            <path
                d="M118 8c10 0 18 8 18 18 0 6-3 10-6 13v17h-24V39c-3-3-6-7-6-13 0-10 8-18 18-18Z"
                stroke-dasharray="4 4"
            ></path>
            <path d="M118 20a5 5 0 0 0-2.5 9.3L114 40h8l-1.5-10.7A5 5 0 0 0 118 20Z"></path>
        </Drawing>
    }
}

/// A drawing of lines, beside words that say the same.
#[component]
fn Drawing(
    /// The lines.
    children: Children,
) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 144 64"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            {children()}
        </svg>
    }
}
