//! The card that suspends and resumes a client.

use leptos::prelude::*;

use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{ResumeClient, SuspendClient};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::RefusalNotice;

/// The card; nothing for whoever may not do it. The button says what is wanted, so a form that is sent late or
/// twice undoes nothing.
#[component]
pub fn SuspensionCard(
    /// The client.
    page: ClientPage,
    /// Why it was not suspended or resumed, if this page answers that.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let lifecycle = &page.client.lifecycle;
    let may_act = if lifecycle.is_suspended() {
        page.may_change
    } else {
        page.may_suspend
    };
    if !may_act || lifecycle.is_revoked() {
        return ().into_any();
    }
    let id = page.client.id.to_string();
    let here = client_page(&id, Tab::Credentials);
    let (action, sentence, button) = if page.client.lifecycle.is_suspended() {
        (
            posts_to::<ResumeClient>(&here),
            "It gets no tokens, and those it has do not work. Resuming takes that back at once: it can ask for tokens again, \
             and those that have not expired meanwhile work again.",
            view! { <SubmitButton label="Resume client" pending_label="Resuming…" class=""/> }
                .into_any(),
        )
    } else {
        (
            posts_to::<SuspendClient>(&here),
            "Suspending switches the client off until it is resumed: from its next request on it gets no token, and those it \
             has do not work meanwhile. Nothing is lost: secrets and permissions stay.",
            view! { <SubmitButton label="Suspend client" pending_label="Suspending…" class=""/> }
                .into_any(),
        )
    };
    view! {
        <section class="card" aria-labelledby="suspension">
            <header class="row">
                <h2 id="suspension">"Suspension"</h2>
            </header>
            <form method="post" action=action class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what="The client was not changed" refusal/> })}
                <input type="hidden" name="id" value=id/>
                <p>{sentence}</p>
                <div class="row">{button}</div>
            </form>
        </section>
    }
    .into_any()
}
