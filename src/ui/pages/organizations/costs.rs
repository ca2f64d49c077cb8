//! What the dialogs about an archive share.

use leptos::prelude::*;

use crate::domain::ids::OrganizationId;
use crate::ui::addresses::organization_page;
use crate::ui::components::icon::Icon;

/// One consequence of what is about to be done.
#[component]
pub(super) fn Cost(
    /// Its icon.
    icon: &'static str,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <Icon name=icon/>
            <span>{children()}</span>
        </li>
    }
}

/// A question that is not asked, with the reason and the way back to the organization.
#[component]
pub(super) fn NotAsked(
    /// The question.
    question: String,
    /// The organization.
    id: OrganizationId,
    /// Why it is not asked.
    sentence: &'static str,
) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="act-title">
                <bdi>{question}</bdi>
            </h2>
            <p id="act-lead">{sentence}</p>
            <footer class="row">
                <a class="btn" href=organization_page(id) autofocus>
                    "Back to the organization"
                </a>
            </footer>
        </div>
    }
}

/// The same for an auditor.
#[component]
pub(super) fn ReadOnly(
    /// The question.
    question: String,
    /// The organization.
    id: OrganizationId,
) -> impl IntoView {
    let sentence = "Your account may read this but not change it.";
    view! { <NotAsked question id sentence/> }
}
