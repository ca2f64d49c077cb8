//! The card with the token request of one client.

use leptos::html;
use leptos::prelude::*;

use super::samples::{CodePart, Language, PLACEHOLDER, TokenRequest};
use crate::domain::view::ShownSecret;
use crate::ui::components::button::CopyButton;
use crate::ui::components::choice::PillRadio;
use crate::ui::components::credentials::MaskedSecret;

/// The token request in the chosen language, with the secret when it is shown.
#[component]
pub fn RequestCard(
    /// The request.
    request: TokenRequest,
    /// The secret that is shown.
    #[prop(into)]
    shown: Signal<Option<ShownSecret>>,
) -> impl IntoView {
    let language = RwSignal::new(Language::default());
    let choose =
        Callback::new(move |word: String| language.set(Language::parse(&word).unwrap_or_default()));
    let card = NodeRef::<html::Div>::new();
    catch_up(card, language);

    let tab = move |offered: Language| {
        let checked = offered == Language::default();
        view! { <PillRadio name="lang" value=offered.as_str() label=offered.label() checked on_choose=choose/> }
    };
    let text = {
        let request = request.clone();
        Signal::derive(move || {
            shown.with(|shown| {
                request.text(
                    language.get(),
                    shown.as_ref().map_or(PLACEHOLDER, |shown| &shown.text),
                )
            })
        })
    };
    let blocks = Language::EVERY.map(|language| {
        let request = request.clone();
        view! {
            <pre class=language.as_str() tabindex="0" role="region" aria-label=format!("Token request in {}", language.label())>
                <code>{move || shown.with(|shown| code(&request, language, shown.as_ref()))}</code>
            </pre>
        }
    });
    view! {
        <div class="card code" node_ref=card>
            <header class="row">
                <fieldset class="pills">
                    <legend class="sr">"Language"</legend>
                    {Language::EVERY.map(tab)}
                </fieldset>
                <span class="push"><CopyButton text label="Copy the token request"/></span>
            </header>
            {blocks}
        </div>
    }
}

/// The highlighted code.
fn code(request: &TokenRequest, language: Language, shown: Option<&ShownSecret>) -> Vec<AnyView> {
    let secret = shown.map(|shown| shown.text.clone());
    // The framework renders an empty text as a space, which would change a shell command.
    let some = |text: String| (!text.is_empty()).then_some(text);
    let coloured = |piece| match piece {
        CodePart::Plain(text) => text.into_any(),
        CodePart::Value(text) => view! { <i>{text}</i> }.into_any(),
        CodePart::Secret(before, after) => match secret.clone() {
            Some(text) => {
                view! { <i>{some(before)}<MaskedSecret text/>{some(after)}</i> }.into_any()
            }
            None => view! { <i>{some(before)}{PLACEHOLDER}{some(after)}</i> }.into_any(),
        },
    };
    request
        .pieces(language, secret.as_deref().unwrap_or(PLACEHOLDER))
        .into_iter()
        .map(coloured)
        .collect()
}

/// Reads the language chosen before hydration.
fn catch_up(card: NodeRef<html::Div>, language: RwSignal<Language>) {
    Effect::new(move || {
        let chosen = card
            .get()
            .and_then(|card| card.query_selector("[name=lang]:checked").ok().flatten());
        let word = chosen.and_then(|chosen| chosen.get_attribute("value"));
        if let Some(chosen) = word.and_then(|word| Language::parse(&word)) {
            language.set(chosen);
        }
    });
}
