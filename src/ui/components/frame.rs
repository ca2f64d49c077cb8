//! The layout of every page after sign-in: brand, search, navigation, account menu, and the main area.

use leptos::ev::{self, KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_navigate};
use web_sys::HtmlElement;

use super::badges::{counted, thousands};
use super::field::PostForm;
use super::icon::{Icon, Logo};
use super::toast::{Toaster, Toasts};
use crate::domain::address::in_query;
use crate::ui::addresses::{CLIENTS, ORGANIZATIONS};
use crate::ui::api::session::{SetTheme, SignOut, Viewer, viewer};
use crate::ui::browser::focus_id;
use crate::ui::refused::form_action;
use crate::ui::root;
use crate::ui::viewer::watch_session;

/// The layout, with the page of the route in its main area.
#[component]
pub fn Frame() -> impl IntoView {
    let viewer = Resource::new(|| (), |()| viewer());
    provide_context(viewer);
    provide_context(Toaster::new());
    watch_session(move || viewer.get().and_then(Result::err));

    let skip = move |event: ev::MouseEvent| {
        event.prevent_default();
        focus_id("main");
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            "Skip to content"
        </a>
        <p class="notice offline" data-tone="warn" role="status">
            <Icon name="offline"/>
            <span>
                <strong>"You are offline."</strong>
                " You can keep reading; changes are paused until the connection returns."
            </span>
        </p>
        <div class="app">
            <Transition>
                <Sidebar viewer=Signal::derive(move || viewer.get().and_then(Result::ok))/>
            </Transition>
            <main class="sheet" id="main" tabindex="-1">
                <Outlet/>
            </main>
        </div>
        <Toasts/>
    }
}

/// The sidebar, above the main area on narrow screens.
#[component]
fn Sidebar(viewer: Signal<Option<Viewer>>) -> impl IntoView {
    let host = move || viewer.with(|viewer| viewer.as_ref().map(|viewer| viewer.host.clone()));
    view! {
        <header class="side">
            <a class="brand" href=CLIENTS>
                <Logo/>
                <span>"Claviger" <small>{host}</small></span>
            </a>
            <ClientSearch/>
            <Navigation viewer/>
            <AccountMenu viewer/>
        </header>
    }
}

/// The search of every page; `/` focuses it.
#[component]
fn ClientSearch() -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    let find = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        let term = input.value();
        let query = if term.trim().is_empty() {
            String::new()
        } else {
            format!("?q={}", in_query(term.trim()))
        };
        navigate(&format!("{CLIENTS}{query}"), NavigateOptions::default());
        input.set_value("");
    };
    Effect::new(|| {
        let handle = window_event_listener(ev::keydown, |event| focus_search(&event));
        on_cleanup(move || handle.remove());
    });
    view! {
        <form class="find" role="search" aria-label="All clients" action=CLIENTS method="get" on:submit=find>
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                name="q"
                placeholder="Find a client"
                aria-label="Find a client by name or ID"
                aria-keyshortcuts="/"
                node_ref=input
            />
            <kbd class="needs-js" aria-hidden="true">
                "/"
            </kbd>
        </form>
    }
}

/// Focuses the first visible search when `/` is pressed outside of inputs and dialogs.
fn focus_search(event: &KeyboardEvent) {
    if event.key() != "/"
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.default_prevented()
    {
        return;
    }
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|target| {
            target
                .matches("input, select, textarea, [contenteditable]")
                .unwrap_or(false)
        });
    if typing
        || document()
            .query_selector("dialog:modal")
            .ok()
            .flatten()
            .is_some()
    {
        return;
    }
    let Ok(inputs) = document().query_selector_all(".find .input") else {
        return;
    };
    let seen = (0..inputs.length())
        .filter_map(|index| inputs.item(index)?.dyn_into::<HtmlElement>().ok())
        .find(|input| input.offset_width() > 0);
    if let Some(input) = seen {
        event.prevent_default();
        // When the focus fails, the key does nothing.
        let _ = input.focus();
    }
}

/// The navigation between the sections.
#[component]
fn Navigation(viewer: Signal<Option<Viewer>>) -> impl IntoView {
    let clients =
        move || viewer.with(|viewer| viewer.as_ref().map(|viewer| counted(viewer.clients)));
    let organizations = move || {
        viewer.with(|viewer| {
            viewer
                .as_ref()
                .map(|viewer| thousands(viewer.organizations))
        })
    };
    view! {
        <nav class="nav" aria-label="Main">
            <ul>
                <li>
                    <a href=CLIENTS aria-current=current(CLIENTS)>
                        <Icon name="key"/>
                        <span>"API clients"</span>
                        <span class="count push">{clients}</span>
                    </a>
                </li>
                <li>
                    <a href=ORGANIZATIONS aria-current=current(ORGANIZATIONS)>
                        <Icon name="org"/>
                        <span>"Organizations"</span>
                        <span class="count push">{organizations}</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
}

/// The `aria-current` of a section: the page itself, or the parent of the page.
fn current(section: &'static str) -> impl Fn() -> Option<&'static str> + Clone {
    let path = use_location().pathname;
    move || {
        path.with(|path| match path.strip_prefix(section)? {
            "" | "/" => Some("page"),
            rest => rest.starts_with('/').then_some("true"),
        })
    }
}

/// The signed-in administrator, the theme, and sign-out.
#[component]
fn AccountMenu(viewer: Signal<Option<Viewer>>) -> impl IntoView {
    let email = move || {
        viewer.with(|viewer| {
            viewer
                .as_ref()
                .map(|viewer| viewer.email.clone())
                .unwrap_or_default()
        })
    };
    let initials = move || email().chars().take(2).collect::<String>().to_uppercase();
    let sign_out = form_action::<SignOut>();
    view! {
        <button class="account" type="button" popovertarget="account-menu">
            <b class="dot" data-tone="neutral" aria-hidden="true">
                {initials}
            </b>
            <span>{email} <span class="sr">", account menu"</span></span>
            <Icon name="updown" class="icon push"/>
        </button>
        <div class="menu" id="account-menu" popover="auto">
            <p class="hint">"Signed in as " <strong>{email}</strong></p>
            <ThemeForm/>
            <hr/>
            <PostForm action=sign_out back=CLIENTS>
                <button type="submit">
                    <Icon name="out"/>
                    "Sign out"
                </button>
            </PostForm>
        </div>
    }
}

/// The three themes. Without script the choice is posted, with script it applies at once.
#[component]
fn ThemeForm() -> impl IntoView {
    let set_theme = form_action::<SetTheme>();
    let location = use_location();
    let here = Signal::derive(move || match location.search.get() {
        search if search.is_empty() => location.pathname.get(),
        search => format!("{}?{search}", location.pathname.get()),
    });
    let chosen = root::theme();
    let choose = move |theme: &'static str| {
        root::show_theme(theme);
        set_theme.dispatch(SetTheme {
            theme: theme.to_owned(),
        });
    };
    let themes = [
        ("system", "System", "screen"),
        ("light", "Light", "sun"),
        ("dark", "Dark", "moon"),
    ];
    let radios = themes.map(|(theme, label, icon)| {
        view! {
            <label>
                <input
                    type="radio"
                    name="theme"
                    value=theme
                    id=format!("theme-{theme}")
                    checked=chosen == theme
                    on:change=move |_| choose(theme)
                />
                <Icon name=icon/>
                {label}
            </label>
        }
    });
    view! {
        <PostForm action=set_theme back=here>
            <fieldset>
                <legend class="hint">"Theme"</legend>
                <div class="pills">{radios.into_iter().collect_view()}</div>
                " "
                <button class="btn small no-js" type="submit">
                    "Apply"
                </button>
            </fieldset>
        </PostForm>
    }
}
