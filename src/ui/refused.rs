//! Forms that were posted without script and refused, on the page that shows them again.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

use super::api::ApiRefusal;
use super::browser::IN_BROWSER;
use crate::domain::view::RefusedForm;

/// The refused form that this page answers, if any; none after a navigation.
#[derive(Clone)]
pub struct RefusedFormContext(pub ArcStoredValue<Option<RefusedForm>>);

/// The action of a form. When the form was posted without script and refused, the refusal is its initial value.
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
    action.value().set(refusal_of_form(F::PATH).map(Err));
    action
}

/// The refusal of the form that posts to this path, if this page answers it.
fn refusal_of_form(endpoint: &str) -> Option<ApiRefusal> {
    let RefusedFormContext(form) = use_context()?;
    let form = form.get_value().filter(|form| form.endpoint == endpoint)?;
    // In the browser, another page may be rendered before the value is cleared.
    if IN_BROWSER && !is_here(&form.page) {
        return None;
    }
    serde_json::from_str(&form.refusal).ok()
}

fn is_here(page: &str) -> bool {
    let path = page.split('?').next().unwrap_or_default();
    use_location().pathname.with_untracked(|here| here == path)
}
