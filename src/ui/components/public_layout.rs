//! The layout of the pages without a session: sign-in, set-up, and not found.

use leptos::prelude::*;

use super::icon::Logo;

/// The logo, the page, and a key's profile along the bottom.
#[component]
pub fn PublicLayout(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="public-layout">
            <main class="stack loose" id="main" tabindex="-1">
                // The server redirects to sign-in or set-up.
                <a class="brand" href="/system">
                    <Logo/>
                    <span>"Claviger"</span>
                </a>
                {children()}
            </main>
            <svg viewBox="0 0 1600 144" preserveAspectRatio="none" aria-hidden="true">
                <path d="M0 144V70L18 56H62L98 24H142L178 88H222L258 88H302L338 40H382L418 40H462L498 88H542L578 104H622L658 24H702L738 24H782L818 104H862L898 40H942L978 24H1022L1058 88H1102L1138 24H1182L1218 56H1262L1298 104H1342L1378 104H1422L1458 24H1502L1538 72H1582L1600 70V144Z"></path>
            </svg>
        </div>
    }
}
