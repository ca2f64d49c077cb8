//! The search of everything over any page.

use leptos::prelude::*;

use super::icon::Icon;
use crate::ui::addresses::FIND;

/// The search of everything, closed until `islands::palette` opens it; without script there is its page.
#[component]
pub fn Palette() -> impl IntoView {
    view! {
        <dialog class="dialog palette" id="palette" aria-label="Find anything">
            <form class="find" action=FIND method="get" role="search" aria-label="Anything">
                <Icon name="search"/>
                <input
                    class="input"
                    type="search"
                    name="q"
                    placeholder="Client, organization, page, or “revoke” and a name"
                    aria-label="Find a client, an organization, a page or an act"
                    autocomplete="off"
                />
            </form>
            <div class="found"></div>
            <p class="hint row">
                <span><kbd>"↑"</kbd> <kbd>"↓"</kbd> " move"</span>
                <span><kbd>"Enter"</kbd> " opens"</span>
                <span><kbd>"Esc"</kbd> " closes"</span>
            </p>
        </dialog>
    }
}
