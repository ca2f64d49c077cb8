//! Icons, the SVG sprite with their shapes, and the logo.

use leptos::prelude::*;

/// The ticks below a sparkline, as a text that other texts are made of.
macro_rules! ticks {
    () => {
        "M0 19h4v1h-4zM6 19h4v1h-4zM12 19h4v1h-4zM18 19h4v1h-4zM24 19h4v1h-4zM30 19h4v1h-4zM36 19h4v1h-4zM42 19h4v1h-4zM48 19h4v1h-4zM54 19h4v1h-4zM60 19h4v1h-4zM66 19h4v1h-4zM72 19h4v1h-4zM78 19h4v1h-4z"
    };
}

/// The ticks below a sparkline, one a day.
#[cfg(test)]
pub(super) const TICKS: &str = ticks!();

/// The symbols of all icons, on a grid of 16; pages reference them by name.
const SHEET: &str = concat!(
    r#"<symbol id="audit" viewBox="0 0 16 16"><path d="M4 2.5h8a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1Z"/><path d="M5.5 5.75h5M5.5 8h5M5.5 10.25h3"/></symbol>"#,
    r#"<symbol id="ban" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path d="m4.25 4.25 7.5 7.5"/></symbol>"#,
    r#"<symbol id="check" viewBox="0 0 16 16"><path d="m3 8.5 3.25 3.25L13 4.75"/></symbol>"#,
    r#"<symbol id="clock" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.25l2 1.25"/></symbol>"#,
    r#"<symbol id="copy" viewBox="0 0 16 16"><rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/></symbol>"#,
    r#"<symbol id="days" viewBox="0 0 82 20"><path d=""#,
    ticks!(),
    r#""/></symbol>"#,
    r#"<symbol id="download" viewBox="0 0 16 16"><path d="M8 2.5v7.5M4.75 6.75 8 10l3.25-3.25M2.5 13.25h11"/></symbol>"#,
    r#"<symbol id="eye" viewBox="0 0 16 16"><path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8Z"/><circle cx="8" cy="8" r="1.75"/></symbol>"#,
    r#"<symbol id="eye-off" viewBox="0 0 16 16"><path d="M6.25 4A6.3 6.3 0 0 1 8 3.75C12 3.75 14.25 8 14.25 8a11 11 0 0 1-1.75 2.25M10.5 11.6A6 6 0 0 1 8 12.25C4 12.25 1.75 8 1.75 8A10.5 10.5 0 0 1 4.75 4.9M2.5 2.5l11 11"/></symbol>"#,
    r#"<symbol id="info" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path d="M8 7.5v3M8 5.25v.01"/></symbol>"#,
    r#"<symbol id="key" viewBox="0 0 16 16"><circle cx="5" cy="8" r="2.75"/><path d="M7.75 8h6M11 8v2.25M13.75 8v2.75"/></symbol>"#,
    r#"<symbol id="left" viewBox="0 0 16 16"><path d="M9.5 4 5.5 8l4 4"/></symbol>"#,
    r#"<symbol id="lock" viewBox="0 0 16 16"><rect x="3.5" y="7" width="9" height="6.5" rx="1.25"/><path d="M5.5 7V5.25a2.5 2.5 0 0 1 5 0V7"/></symbol>"#,
    r#"<symbol id="moon" viewBox="0 0 16 16"><path d="M13.25 9.5A5.5 5.5 0 0 1 6.5 2.75a5.5 5.5 0 1 0 6.75 6.75Z"/></symbol>"#,
    r#"<symbol id="offline" viewBox="0 0 16 16"><path d="M2.5 2.5l11 11M4.75 9.25A4.8 4.8 0 0 1 8 8M2.5 6.75A8 8 0 0 1 5.5 5M8 4.5c2.1 0 4 .8 5.5 2.25M11.25 9.25l-.5-.4M8 12v.01"/></symbol>"#,
    r#"<symbol id="org" viewBox="0 0 16 16"><path d="M2.5 6 8 2.75 13.5 6M3 13.25h10M4.25 6.5v6M8 6.5v6M11.75 6.5v6"/></symbol>"#,
    r#"<symbol id="out" viewBox="0 0 16 16"><path d="M6.5 13.25H3.75a1 1 0 0 1-1-1v-8.5a1 1 0 0 1 1-1H6.5M10.25 11l3-3-3-3M13.25 8H6.5"/></symbol>"#,
    r#"<symbol id="overview" viewBox="0 0 16 16"><path d="M2.5 9.5a5.5 5.5 0 0 1 11 0"/><path d="m8 9.5 2.5-3"/><path d="M2.5 12.5h11"/></symbol>"#,
    r#"<symbol id="pencil" viewBox="0 0 16 16"><path d="m9.75 3.75 2.5 2.5L6 12.5l-3 .5.5-3 6.25-6.25Z"/></symbol>"#,
    r#"<symbol id="plus" viewBox="0 0 16 16"><path d="M8 3v10M3 8h10"/></symbol>"#,
    r#"<symbol id="retry" viewBox="0 0 16 16"><path d="M13 8a5 5 0 1 1-1.6-3.65M13.25 2.5v2.75H10.5"/></symbol>"#,
    r#"<symbol id="right" viewBox="0 0 16 16"><path d="m6.5 4 4 4-4 4"/></symbol>"#,
    r#"<symbol id="screen" viewBox="0 0 16 16"><rect x="2.25" y="3" width="11.5" height="8" rx="1.25"/><path d="M5.5 13.5h5"/></symbol>"#,
    r#"<symbol id="search" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/></symbol>"#,
    r#"<symbol id="sliders" viewBox="0 0 16 16"><path d="M2.5 5h6.5M12 5h1.5M2.5 11H4M7 11h6.5"/><circle cx="10.5" cy="5" r="1.5"/><circle cx="5.5" cy="11" r="1.5"/></symbol>"#,
    r#"<symbol id="sun" viewBox="0 0 16 16"><circle cx="8" cy="8" r="2.75"/><path d="M8 1.75v1M8 13.25v1M1.75 8h1M13.25 8h1M3.6 3.6l.7.7M11.7 11.7l.7.7M12.4 3.6l-.7.7M4.3 11.7l-.7.7"/></symbol>"#,
    r#"<symbol id="token" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path d="M8 5.25 10.75 8 8 10.75 5.25 8 8 5.25Z"/></symbol>"#,
    r#"<symbol id="updown" viewBox="0 0 16 16"><path d="m5 6 3-3 3 3M5 10l3 3 3-3"/></symbol>"#,
    r#"<symbol id="user" viewBox="0 0 16 16"><circle cx="8" cy="5.5" r="2.5"/><path d="M3.25 13.25c.5-2.5 2.4-3.75 4.75-3.75s4.25 1.25 4.75 3.75"/></symbol>"#,
    r#"<symbol id="warn" viewBox="0 0 16 16"><path d="M8 2.75 14 13H2L8 2.75Z"/><path d="M8 6.75v2.75M8 11.25v.01"/></symbol>"#,
    r#"<symbol id="x" viewBox="0 0 16 16"><path d="m4 4 8 8M12 4l-8 8"/></symbol>"#,
);

/// One icon of the sprite, in the colour of the adjacent text. Decorative: hidden from assistive technology.
#[component]
pub fn Icon(
    /// Its name in the sprite.
    name: &'static str,
    /// Its classes.
    #[prop(default = "icon")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <use_ href=format!("#{name}")></use_>
        </svg>
    }
}

/// The sprite that every [`Icon`] references; once on each page.
#[component]
pub fn IconSheet() -> impl IntoView {
    view! { <svg hidden inner_html=SHEET></svg> }
}

/// The logo.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
            <rect width="24" height="24" rx="7" fill="currentColor"></rect>
            <path
                fill-rule="evenodd"
                d="M12.7 10.3a4.4 4.4 0 1 0 0 3.4h.8l1 1.4 1.2-1.4h.6l1.2 2.2 1.3-2.2h.5L20.5 12l-1.2-1.7ZM8.6 13.4a1.4 1.4 0 1 1 0-2.8 1.4 1.4 0 0 1 0 2.8Z"
            ></path>
        </svg>
    }
}
