//! `/system/api-clients/:id/tokens/revoke`: the dialog that confirms revoking every token of a client, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::{Contents, TokensPage};
use crate::domain::client_tokens::LiveCount;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page, revoke_tokens};
use crate::ui::api::ApiRefusal;
use crate::ui::api::tokens::RevokeAllTokens;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::posts_to;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::{AdminRequest, Page};
use crate::ui::pages::clients::last_use::{InUse, live_tokens_stop};

/// The dialog, over the page of the client's tokens.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    let contents = match TokensPage::read(&request, &id, None).await {
        Ok(contents) => contents,
        Err(error) => {
            return request
                .failed("The client could not be loaded", error)
                .await;
        }
    };
    let refusal = request.page.refusal::<RevokeAllTokens>();
    let title = format!("Revoke all tokens of {}", contents.page.client.name);
    let page = Page::new(title, move || {
        let page = contents.page.clone();
        let back = client_page(page.client.id.as_str(), Tab::Tokens);
        let reason = if page.client.lifecycle.is_revoked() {
            Some("This client is revoked, so none of its tokens works. Nothing else to do.")
        } else if page.may_change {
            None
        } else {
            Some("Your account may read this but not change it.")
        };
        let dialog = if let Some(sentence) = reason {
            view! { <NothingToDo page sentence back=back.clone()/> }.into_any()
        } else {
            let live_tokens = contents.tokens.live_tokens;
            view! { <RevokeForm page live_tokens refusal back=back.clone()/> }.into_any()
        };
        view! {
            <Contents contents/>
            <Dialog title_id="rt-title" described_by="rt-lead" close_href=back>
                {dialog}
            </Dialog>
        }
    });
    request.answer(page).await
}

/// The form, with what it ends.
#[component]
fn RevokeForm(
    page: ClientPage,
    live_tokens: LiveCount,
    refusal: Option<ApiRefusal>,
    back: String,
) -> impl IntoView {
    let id = page.client.id.to_string();
    let action = posts_to::<RevokeAllTokens>(&revoke_tokens(&id));
    let in_use = page
        .usage
        .in_use(page.now)
        .map(|at| view! { <InUse at now=page.now requests=page.usage.requests()/> });
    view! {
        <form method="post" action=action class="pad">
            <div>
                <h2 id="rt-title">"Revoke all tokens of " <bdi>{page.client.name}</bdi> "?"</h2>
                <p id="rt-lead" class="hint">
                    "The client keeps working and can ask for new ones."
                </p>
            </div>
            {refusal.map(|refusal| view! { <RefusalNotice what="The tokens were not revoked" refusal/> })}
            <ul class="costs" data-tone="danger">
                <li>
                    <Icon name="token"/>
                    <span>
                        <strong>{live_tokens_stop(live_tokens, "Every live token")}</strong>
                        ", also those not in the list. This cannot be undone."
                    </span>
                </li>
                {in_use}
                <li>
                    <Icon name="key"/>
                    <span>
                        <strong>"Whoever has the secret gets a new token."</strong>
                        " If the secret may have leaked, rotate it as well."
                    </span>
                </li>
            </ul>
            <input type="hidden" name="id" value=id/>
            <footer class="row">
                <a class="btn" href=back autofocus>
                    "Keep tokens"
                </a>
                <SubmitButton label="Revoke all tokens" pending_label="Revoking…" class="fill danger"/>
            </footer>
        </form>
    }
}

/// There is nothing to revoke, or not by this administrator.
#[component]
fn NothingToDo(page: ClientPage, sentence: &'static str, back: String) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="rt-title">"Revoke all tokens of " <bdi>{page.client.name}</bdi> "?"</h2>
            <p id="rt-lead">{sentence}</p>
            <footer class="row">
                <a class="btn" href=back autofocus>
                    "Back to the client"
                </a>
            </footer>
        </div>
    }
}
