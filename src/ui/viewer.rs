//! The signed-in administrator, and the redirect after the session has ended.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::domain::address::address_in_query;
use crate::domain::rights::Right;
use crate::ui::addresses::SIGN_IN;
use crate::ui::api::ApiRefusal;
use crate::ui::api::session::Viewer;

/// The signed-in administrator and the layout's counts; pages that change a count call `refetch`.
pub fn use_viewer() -> Resource<Result<Viewer, ApiRefusal>> {
    expect_context()
}

/// Whether the administrator has a right. Read it inside a `Transition`, because it waits for the resource.
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

/// Navigates to the sign-in page when a call is refused because the session has ended.
pub fn watch_session(refusal: impl Fn() -> Option<ApiRefusal> + 'static) {
    // The router's location: `window.location` is still the previous page's during a navigation.
    let location = use_location();
    Effect::new(move || {
        if refusal().is_some_and(|refusal| refusal.is_sign_in_required()) {
            let mut here = location.pathname.get_untracked();
            let query = location.search.get_untracked();
            if !query.is_empty() {
                here = format!("{here}?{}", query.trim_start_matches('?'));
            }
            // A full load, so that no data of the ended session stays in memory.
            let _ = window().location().set_href(&format!(
                "{SIGN_IN}?next={}&ended=1",
                address_in_query(&here)
            ));
        }
    });
}
