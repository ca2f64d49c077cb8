//! The administrator who looks at the page, and what follows when nobody is signed in any more.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::domain::address::address_in_query;
use crate::domain::rights::Right;
use crate::ui::addresses::SIGN_IN;
use crate::ui::api::ApiRefusal;
use crate::ui::api::session::Viewer;

/// Who looks at the page; pages that change a count ask again with `refetch`.
pub fn use_viewer() -> Resource<Result<Viewer, ApiRefusal>> {
    expect_context()
}

/// Whether the viewer has a right. Read inside a `Transition`, as it waits for the answer.
pub fn use_may(right: Right) -> Signal<bool> {
    let viewer = use_viewer();
    Signal::derive(move || {
        viewer
            .get()
            .and_then(Result::ok)
            .and_then(|viewer| viewer.role)
            .is_some_and(|role| role.may(right))
    })
}

/// Leads to the sign-in page as soon as a call answers that nobody is signed in any more.
pub fn watch_session(refusal: impl Fn() -> Option<ApiRefusal> + 'static) {
    // The router's: the window's address is still that of the page one comes from.
    let location = use_location();
    Effect::new(move || {
        if refusal().is_some_and(|refusal| refusal.is_sign_in_required()) {
            let mut here = location.pathname.get_untracked();
            let query = location.search.get_untracked();
            if !query.is_empty() {
                here = format!("{here}?{}", query.trim_start_matches('?'));
            }
            // A full load, so that nothing of the ended session stays in the page.
            let _ = window().location().set_href(&format!(
                "{SIGN_IN}?next={}&ended=1",
                address_in_query(&here)
            ));
        }
    });
}
