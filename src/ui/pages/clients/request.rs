//! The card with the token request of one client.

use leptos::prelude::*;

use super::samples::{CodePart, Language, PLACEHOLDER, TokenRequest};
use crate::ui::components::button::CopyButton;
use crate::ui::components::choice::PillRadio;
use crate::ui::components::credentials::MaskedSecret;

/// The token request in every language, with the secret when it is shown. The stylesheet shows the chosen language.
#[component]
pub fn RequestCard(
    /// The request.
    request: TokenRequest,
    /// The text of the secret that is shown.
    secret: Option<String>,
) -> impl IntoView {
    let secret = secret.as_deref();
    let tab = |language: Language| {
        let checked = language == Language::default();
        view! { <PillRadio name="lang" value=language.as_str() label=language.label() checked/> }
    };
    let copy = |language: Language| {
        let text = request.text(language, secret.unwrap_or(PLACEHOLDER));
        view! {
            <span class=format!("push {}", language.as_str())>
                <CopyButton text label="Copy the token request"/>
            </span>
        }
    };
    let block = |language: Language| {
        view! {
            <pre
                class=language.as_str()
                tabindex="0"
                role="region"
                aria-label=format!("Token request in {}", language.label())
                translate="no"
            >
                <code>{code(&request, language, secret)}</code>
            </pre>
        }
    };
    view! {
        <div class="card code">
            <header class="row">
                <fieldset class="pills">
                    <legend class="sr">"Language"</legend>
                    {Language::EVERY.map(tab)}
                </fieldset>
                {Language::EVERY.map(copy)}
            </header>
            {Language::EVERY.map(block)}
        </div>
    }
}

/// The highlighted code.
fn code(request: &TokenRequest, language: Language, secret: Option<&str>) -> Vec<AnyView> {
    // The framework renders an empty text as a space, which would change a shell command.
    let some = |text: String| (!text.is_empty()).then_some(text);
    let coloured = |piece| match piece {
        CodePart::Plain(text) => text.into_any(),
        CodePart::Value(text) => view! { <i>{text}</i> }.into_any(),
        CodePart::Secret(before, after) => match secret {
            Some(text) => {
                view! { <i>{some(before)}<MaskedSecret text/>{some(after)}</i> }.into_any()
            }
            None => view! { <i>{some(before)}{PLACEHOLDER}{some(after)}</i> }.into_any(),
        },
    };
    request
        .pieces(language, secret.unwrap_or(PLACEHOLDER))
        .into_iter()
        .map(coloured)
        .collect()
}
