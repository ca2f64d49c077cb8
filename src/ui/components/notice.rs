//! Notices: what a page says before its contents.

use leptos::prelude::*;

use super::icon::Icon;
use crate::ui::api::ApiRefusal;

/// The meaning that a colour carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something is open, or went well.
    Accent,
    /// Something needs a second look.
    Warn,
    /// Something closes for good, or failed.
    Danger,
    /// Nothing of that.
    Neutral,
}

impl Tone {
    /// The word in the markup.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accent => "accent",
            Self::Warn => "warn",
            Self::Danger => "danger",
            Self::Neutral => "neutral",
        }
    }
}

/// A sentence with a drawing. One that reports a failure interrupts, any other one waits its turn.
#[component]
pub fn Notice(
    /// What it means.
    tone: Tone,
    /// The drawing.
    icon: &'static str,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Danger {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class="notice" data-tone=tone.as_str() role=role>
            <Icon name=icon/>
            <div>{children()}</div>
        </div>
    }
}

/// Why a whole form, or a whole page, was refused.
#[component]
pub fn RefusalNotice(
    /// What did not happen, such as "The client was not created".
    what: &'static str,
    /// The reason.
    refusal: ApiRefusal,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Danger icon="warn">
            <strong>{what} "."</strong>
            " "
            {refusal.to_string()}
        </Notice>
    }
}
