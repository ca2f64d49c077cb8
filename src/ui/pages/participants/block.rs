//! `/system/participants/:id/block`: the dialog that confirms blocking a participant, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::contents::Contents;
use super::forms::Refusals;
use super::shown::{Shown, failed};
use crate::domain::participant::Participant;
use crate::ui::addresses::{block_participant, participant_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::participants::BlockParticipant;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::posts_to;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::{AdminRequest, Page};

/// The dialog, over the page of the participant.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let shown = match Shown::read(&request, &id).await {
        Ok(shown) => shown,
        Err(error) => return failed(request, error).await,
    };
    let refusal = request.page.refusal::<BlockParticipant>();
    let title = format!("Block {}", shown.participant.name);
    let page = Page::new(title, move || {
        let back = participant_page(shown.participant.id);
        let is_open = shown.is_open();
        let participant = shown.participant.clone();
        let dialog = if participant.blocked_at.is_some() {
            let sentence = "They are blocked already. Nothing else to do.";
            view! { <NothingToDo participant sentence/> }.into_any()
        } else if is_open {
            view! { <BlockForm participant refusal/> }.into_any()
        } else {
            let sentence = if shown.may_change {
                "Their organization is archived, so nobody can act for them anyway."
            } else {
                "Your account may read this but not change it."
            };
            view! { <NothingToDo participant sentence/> }.into_any()
        };
        view! {
            <Contents shown change=None refusals=Refusals::default()/>
            <Dialog title_id="block-title" described_by="block-lead" close_href=back>
                {dialog}
            </Dialog>
        }
    });
    request.answer(page).await
}

/// The form, with what it ends.
#[component]
fn BlockForm(participant: Participant, refusal: Option<ApiRefusal>) -> impl IntoView {
    let id = participant.id;
    view! {
        <form method="post" action={posts_to::<BlockParticipant>(&block_participant(id))} class="pad">
            <div>
                <h2 id="block-title">"Block " <bdi>{participant.name}</bdi> "?"</h2>
                <p id="block-lead" class="hint">
                    "They can be unblocked later; what it ends stays ended."
                </p>
            </div>
            {refusal.map(|refusal| view! { <RefusalNotice what="The participant was not blocked" refusal/> })}
            <ul class="costs" data-tone="danger">
                <li>
                    <Icon name="token"/>
                    <span>
                        <strong>"Every token issued for them stops working at once"</strong>
                        ", for good."
                    </span>
                </li>
                <li>
                    <Icon name="user"/>
                    <span>
                        <strong>"They cannot sign in"</strong>
                        ", with a nickname or an address."
                    </span>
                </li>
                <li>
                    <Icon name="key"/>
                    <span>
                        <strong>"No client can act for them"</strong>
                        ", whatever it may do otherwise."
                    </span>
                </li>
            </ul>
            <input type="hidden" name="id" value=id.to_string()/>
            <footer class="row">
                <a class="btn" href=participant_page(id) autofocus>
                    "Keep participant"
                </a>
                <SubmitButton label="Block participant" pending_label="Blocking…" class="fill danger"/>
            </footer>
        </form>
    }
}

/// The participant is not to be blocked, with the reason.
#[component]
fn NothingToDo(participant: Participant, sentence: &'static str) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="block-title">"Block " <bdi>{participant.name}</bdi> "?"</h2>
            <p id="block-lead">{sentence}</p>
            <footer class="row">
                <a class="btn" href=participant_page(participant.id) autofocus>
                    "Back to the participant"
                </a>
            </footer>
        </div>
    }
}
