//! The question before a group is granted that has permissions of high risk.

use leptos::html;
use leptos::prelude::*;

use super::group::{Question, listed};
use super::live::Live;

/// The dialog, empty until something is asked.
#[component]
pub fn GrantDialog(
    /// The page.
    live: Live,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let is_asked = live.question.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if is_asked && !dialog.open() {
            // `showModal` fails only for an open or a detached dialog.
            let _ = dialog.show_modal();
        } else if !is_asked {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="dialog"
            aria-labelledby="grant-title"
            aria-describedby="grant-lead"
            node_ref=dialog
            on:close=move |_| live.question.set(None)
        >
            {move || live.question.get().map(|question| view! { <GrantDetails live question/> })}
        </dialog>
    }
}

#[component]
fn GrantDetails(live: Live, question: Question) -> impl IntoView {
    let Question {
        heading,
        labels,
        harmless,
        risky,
    } = question;
    let pronoun = if risky.len() == 1 { "it" } else { "them" };
    let all: Vec<usize> = harmless.iter().chain(&risky).copied().collect();
    let (others, total) = (harmless.len(), all.len());
    let grant = move |positions: &[usize]| {
        live.question.set(None);
        live.wish(positions, true);
    };
    let other_words = match others {
        1 => "Grant the other one".to_owned(),
        _ => format!("Grant the other {others}"),
    };
    let all_words = match total {
        1 => "Grant it".to_owned(),
        2 => "Grant both".to_owned(),
        _ => format!("Grant all {total}"),
    };
    let grant_others = (others > 0).then(|| {
        view! {
            <button class="btn" type="button" on:click=move |_| grant(&harmless)>
                {other_words}
            </button>
        }
    });
    view! {
        <div class="pad">
            <h2 id="grant-title">{format!("Grant all in {heading}?")}</h2>
            <p id="grant-lead">{format!("This includes {}. Grant {pronoun} too?", listed(&labels))}</p>
            <footer class="row">
                <button class="btn quiet" type="button" on:click=move |_| live.question.set(None)>
                    "Cancel"
                </button>
                {grant_others}
                <button class="btn fill" type="button" on:click=move |_| grant(&all)>
                    {all_words}
                </button>
            </footer>
        </div>
    }
}
