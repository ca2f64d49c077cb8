//! The layout of every page after sign-in: brand, search, navigation, account menu, and the main area.

use leptos::prelude::*;

use super::badges::{counted, thousands};
use super::field::posts_to;
use super::icon::{Icon, Logo};
use super::palette::Palette;
use crate::domain::ids::Sequence;
use crate::domain::view::DirectoryCounts;
use crate::ui::addresses::{
    ACCOUNT, ADMINS, AUDIT, CATALOG, CLIENTS, FIND, ORGANIZATIONS, OVERVIEW, PARTICIPANTS,
};
use crate::ui::api::session::{SetTheme, SignOut};
use crate::ui::islands::toasts::Toasts;

/// What the frame shows of its administrator and of the page.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The administrator's address.
    pub email: String,
    /// The host of the issuer, such as `access.example.org`.
    pub host: String,
    /// How many clients and organizations there are; none when they could not be counted.
    pub counts: Option<DirectoryCounts>,
    /// The theme of the cookie, if any.
    pub theme: Option<String>,
    /// The path of the page.
    pub path: String,
    /// The address of the page.
    pub address: String,
    /// The newest record of the audit log before the page was made.
    pub newest_event: Option<Sequence>,
}

/// The layout, with the page in its main area.
#[component]
pub fn Frame(
    /// What it shows.
    viewer: Viewer,
    /// The page.
    children: Children,
) -> impl IntoView {
    let since = viewer.newest_event.map(|sequence| sequence.0);
    view! {
        <a class="skip" href="#main">
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
            <Sidebar viewer/>
            <main class="sheet" id="main" tabindex="-1" data-since=since>
                {children()}
            </main>
        </div>
        <Palette/>
        <p class="sr" id="announcements" role="status"></p>
        <Toasts/>
    }
}

/// The sidebar, above the main area on narrow screens.
#[component]
fn Sidebar(viewer: Viewer) -> impl IntoView {
    let Viewer {
        email,
        host,
        counts,
        theme,
        path,
        address,
        ..
    } = viewer;
    view! {
        <header class="side">
            <a class="brand" href=OVERVIEW>
                <Logo/>
                <span>"Claviger" <small>{host}</small></span>
            </a>
            <ClientSearch/>
            <Navigation counts path=path.clone()/>
            <AccountMenu email theme path address/>
        </header>
    }
}

/// The search of every page; `/` focuses it, see `islands::keyboard`.
#[component]
fn ClientSearch() -> impl IntoView {
    view! {
        <form class="find" role="search" aria-label="All clients" action=CLIENTS method="get">
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                name="q"
                placeholder="Find a client"
                aria-label="Find a client by name or ID"
                aria-keyshortcuts="/"
            />
            <kbd class="needs-js" aria-hidden="true">
                "/"
            </kbd>
        </form>
    }
}

/// The navigation between the sections. On narrow screens it is a bar with space for four; the account menu has the others.
#[component]
fn Navigation(counts: Option<DirectoryCounts>, path: String) -> impl IntoView {
    let clients = counts.as_ref().map(|counts| counted(counts.clients));
    let organizations = counts.map(|counts| thousands(counts.organizations));
    view! {
        <nav class="nav" aria-label="Main">
            <ul>
                <li>
                    // Every other section is below its address.
                    <a href=OVERVIEW aria-current=(path == OVERVIEW).then_some("page")>
                        <Icon name="overview"/>
                        <span>"Overview"</span>
                    </a>
                </li>
                <li>
                    <a href=CLIENTS aria-current=current(&path, CLIENTS)>
                        <Icon name="key"/>
                        <span>"API clients"</span>
                        <span class="count push">{clients}</span>
                    </a>
                </li>
                <li>
                    <a href=ORGANIZATIONS aria-current=current(&path, ORGANIZATIONS)>
                        <Icon name="org"/>
                        <span>"Organizations"</span>
                        <span class="count push">{organizations}</span>
                    </a>
                </li>
                <li>
                    <a href=PARTICIPANTS aria-current=current(&path, PARTICIPANTS)>
                        <Icon name="user"/>
                        <span>"Participants"</span>
                    </a>
                </li>
                {OTHER_SECTIONS
                    .map(|section| view! { <li class="elsewhere"><SectionLink section path=path.clone()/></li> })
                    .into_iter()
                    .collect_view()}
            </ul>
        </nav>
    }
}

/// A section of the pages.
#[derive(Clone, Copy)]
struct Section {
    href: &'static str,
    icon: &'static str,
    name: &'static str,
}

/// The sections for which a narrow screen's bar has no space.
const OTHER_SECTIONS: [Section; 3] = [
    Section {
        href: CATALOG,
        icon: "sliders",
        name: "Catalogue",
    },
    Section {
        href: AUDIT,
        icon: "audit",
        name: "Audit log",
    },
    Section {
        href: ADMINS,
        icon: "lock",
        name: "Administrators",
    },
];

#[component]
fn SectionLink(section: Section, path: String) -> impl IntoView {
    let Section { href, icon, name } = section;
    view! {
        <a href=href aria-current=current(&path, href)>
            <Icon name=icon/>
            <span>{name}</span>
        </a>
    }
}

/// The `aria-current` of a section: the page itself, or the parent of the page.
fn current(path: &str, section: &str) -> Option<&'static str> {
    match path.strip_prefix(section)? {
        "" | "/" => Some("page"),
        rest => rest.starts_with('/').then_some("true"),
    }
}

/// The signed-in administrator, the theme, and sign-out.
#[component]
fn AccountMenu(
    email: String,
    theme: Option<String>,
    path: String,
    address: String,
) -> impl IntoView {
    let initials = email.chars().take(2).collect::<String>().to_uppercase();
    view! {
        <button class="account" type="button" popovertarget="account-menu">
            <b class="dot" data-tone="neutral" aria-hidden="true">
                {initials}
            </b>
            <span title=email.clone()>{email.clone()} <span class="sr">", account menu"</span></span>
            <Icon name="updown" class="icon push"/>
        </button>
        <div class="menu" id="account-menu" popover="auto">
            <p class="hint">"Signed in as " <strong>{email}</strong></p>
            <a class="row" href=FIND data-palette aria-keyshortcuts="Control+K Meta+K">
                <Icon name="search"/>
                "Find anything"
                <kbd class="push needs-js" aria-hidden="true">"Ctrl K"</kbd>
            </a>
            <nav class="more-sections" aria-label="More">
                {OTHER_SECTIONS
                    .map(|section| view! { <SectionLink section path=path.clone()/> })
                    .into_iter()
                    .collect_view()}
            </nav>
            <hr/>
            <ThemeForm theme address prefix="theme"/>
            <ShortcutsChoice/>
            <hr/>
            <a href=ACCOUNT>
                <Icon name="user"/>
                "Your account"
            </a>
            <form method="post" action={posts_to::<SignOut>(OVERVIEW)}>
                <button type="submit">
                    <Icon name="out"/>
                    "Sign out"
                </button>
            </form>
        </div>
    }
}

/// Whether a key alone does something, in this browser; see `islands::keyboard`.
#[component]
pub fn ShortcutsChoice() -> impl IntoView {
    view! {
        <p class="needs-js">
            <label class="row">
                <input class="check" type="checkbox" data-shortcuts checked autocomplete="off"/>
                "The key / leads to the search"
            </label>
        </p>
    }
}

/// The three themes. Without script the choice is posted, with script it applies at once, see `islands::theme`.
#[component]
pub fn ThemeForm(
    /// The theme of the cookie, if any.
    theme: Option<String>,
    /// The address of the page.
    address: String,
    /// What the ids of its radios begin with: a page may have it twice.
    prefix: &'static str,
) -> impl IntoView {
    let chosen = theme.unwrap_or_else(|| "system".to_owned());
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
                    id=format!("{prefix}-{theme}")
                    checked=chosen == theme
                    autocomplete="off"
                />
                <Icon name=icon/>
                {label}
            </label>
        }
    });
    view! {
        <form method="post" action={posts_to::<SetTheme>(&address)}>
            <fieldset>
                <legend class="hint">"Theme"</legend>
                <div class="pills">{radios.into_iter().collect_view()}</div>
                " "
                <button class="btn small no-js" type="submit">
                    "Apply"
                </button>
            </fieldset>
        </form>
    }
}

/// The head of a page: its title, what can be done there, and what is said about it.
#[component]
pub fn PageHead(
    /// The title.
    title: &'static str,
    /// A link, at the end of the line.
    #[prop(default = None)]
    action: Option<AnyView>,
    /// A sentence about the page, and its notices.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div class="row title">
                <h1>{title}</h1>
                {action.map(|action| view! { <div class="row push">{action}</div> })}
            </div>
            {children.map(|children| children())}
        </header>
    }
}

/// A fact of a page's head.
#[must_use]
pub fn fact(term: &'static str, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{term}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}
