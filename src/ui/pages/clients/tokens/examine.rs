//! What a token is that somebody has in hand. Its text is never shown again.

use leptos::prelude::*;

use super::acts_as::{ActsAs, TokenScopes, left};
use crate::domain::Time;
use crate::domain::client_tokens::ExaminedToken;
use crate::domain::view::ClientPage;
use crate::domain::words::en::tokens::dead;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::tokens::RevokeToken;
use crate::ui::components::badges::{Timestamp, minute};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{Field, Input, field_error, posts_to};
use crate::ui::components::notice::{RefusalNotice, Tone};

/// The card with the form and its answer.
#[component]
pub(super) fn ExamineCard(
    /// The client whose page it is.
    page: ClientPage,
    /// The answer.
    examined: Option<Result<ExaminedToken, ApiRefusal>>,
) -> impl IntoView {
    let here = client_page(page.client.id.as_str(), Tab::Tokens);
    let (answer, refusal) = match examined {
        Some(Ok(token)) => (Some(token), None),
        Some(Err(refusal)) => (None, Some(refusal)),
        None => (None, None),
    };
    let error = field_error(refusal.as_ref(), "token");
    let is_asked_again = error.is_some();
    let failed = refusal.filter(|_| !is_asked_again);
    view! {
        <section class="card" id="examine" aria-labelledby="examine-title">
            <header class="row">
                <h2 id="examine-title">"What is this token?"</h2>
            </header>
            {answer.map(|token| view! { <Answer page token/> })}
            <form class="pad stack" method="post" action=format!("{here}#examine") autocomplete="off" novalidate=true>
                {failed.map(|refusal| view! { <RefusalNotice what="The token was not examined" refusal/> })}
                <Field
                    id="examined-token"
                    label=|| "Token"
                    hint=|| {
                        "Paste a token that you found in a log or a program. It is neither used nor stored, and appears in no address."
                    }
                    error
                >
                    <Input
                        {..}
                        type="text"
                        name="token"
                        required=true
                        maxlength="2000"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        autofocus=is_asked_again
                    />
                </Field>
                <div class="row">
                    <SubmitButton label="Examine token" pending_label="Examining…" class=""/>
                </div>
            </form>
        </section>
    }
}

/// What the token is.
#[component]
fn Answer(page: ClientPage, token: ExaminedToken) -> impl IntoView {
    let now = page.now;
    let client_id = token.client_id.clone();
    let (expires_at, reason, handle) = (token.expires_at, token.dead, token.handle.clone());
    let is_own = client_id == page.client.id;
    let theirs = client_page(client_id.as_str(), Tab::Tokens);
    let (tone, state, sentence) = match reason {
        None => (
            Tone::Accent,
            "Live",
            format!("It works for another {}.", left(expires_at, now)),
        ),
        Some(reason) => (
            Tone::Neutral,
            "Not live",
            format!("It is not live: {}.", dead(reason)),
        ),
    };
    let other = (!is_own).then(|| {
        view! { <p><strong>"It is not a token of this client."</strong> " It was issued to the one named below."</p> }
    });
    let may_revoke = page.may_change && reason.is_none();
    let form = may_revoke.then(|| {
        view! {
            <form method="post" action={posts_to::<RevokeToken>(&theirs)}>
                <input type="hidden" name="id" value=client_id.to_string()/>
                <input type="hidden" name="token" value=handle/>
                <SubmitButton label="Revoke this token" pending_label="Revoking…" class="warns"/>
            </form>
        }
    });
    view! {
        <div class="pad stack" role="status" id="examined">
            <div class="row">
                <span class="status" data-tone=tone.as_str()>{state}</span>
                <span>{sentence}</span>
            </div>
            {other}
            <Facts token now/>
            {form}
        </div>
    }
}

/// The facts about a token.
#[component]
fn Facts(token: ExaminedToken, now: Time) -> impl IntoView {
    let client = client_page(token.client_id.as_str(), Tab::Tokens);
    let end = token.id.end();
    let expires = minute(token.expires_at);
    view! {
        <dl class="facts">
            <div>
                <dt>"Client"</dt>
                <dd>
                    <a class="link" href=client>
                        <bdi>{token.client_name}</bdi>
                    </a>
                </dd>
            </div>
            <div>
                <dt>"Token"</dt>
                <dd>
                    <code title=token.id.to_string()>"…" {end}</code>
                </dd>
            </div>
            <div>
                <dt>"Acts as"</dt>
                <dd>
                    <ActsAs acting=token.acts_as/>
                </dd>
            </div>
            <div>
                <dt>"Scopes"</dt>
                <dd>
                    <TokenScopes scope=token.scope/>
                </dd>
            </div>
            <div>
                <dt>"Issued"</dt>
                <dd>
                    <Timestamp at=token.issued_at now/>
                </dd>
            </div>
            <div>
                <dt>"Expires"</dt>
                <dd>{expires}</dd>
            </div>
        </dl>
    }
}
