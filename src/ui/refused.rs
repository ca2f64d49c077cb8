//! Forms that were posted without script and came back refused, on the page that shows them again.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

use super::api::ApiRefusal;
use super::browser::IN_BROWSER;
use crate::domain::view::RefusedForm;

/// The form that came back refused with this page, if one did; none once another page is shown.
#[derive(Clone)]
pub struct RefusedFormContext(pub ArcStoredValue<Option<RefusedForm>>);

/// The action of a form. When the form was posted without script and came back refused, it begins with the refusal.
#[expect(
    clippy::disallowed_methods,
    reason = "what it reads from the address is replaced at once"
)]
pub fn form_action<F>() -> ServerAction<F>
where
    F: ServerFn<Error = ApiRefusal> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let action = ServerAction::<F>::new();
    action.value().set(came_back(F::PATH).map(Err));
    action
}

/// Why the form that posts to this path was refused, if it came back with this page.
fn came_back(endpoint: &str) -> Option<ApiRefusal> {
    let RefusedFormContext(form) = use_context()?;
    let form = form.get_value().filter(|form| form.endpoint == endpoint)?;
    // In the browser, the page may be left while its neighbour is put together.
    if IN_BROWSER && !is_here(&form.page) {
        return None;
    }
    serde_json::from_str(&form.refusal).ok()
}

fn is_here(page: &str) -> bool {
    let path = page.split('?').next().unwrap_or_default();
    use_location().pathname.with_untracked(|here| here == path)
}
