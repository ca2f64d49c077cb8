//! Notices above the contents of a page.

use leptos::prelude::*;

use super::icon::Icon;
use crate::ui::api::ApiRefusal;

/// The meaning of a notice's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Success.
    Accent,
    /// A warning.
    Warn,
    /// A failure, or something final.
    Danger,
    /// Information.
    Neutral,
}

impl Tone {
    /// The value of `data-tone`.
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

/// A sentence with an icon. A failure has `role="alert"`, which screen readers announce at once; others `role="status"`.
#[component]
pub fn Notice(
    /// The tone.
    tone: Tone,
    /// The icon.
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

/// Why a form or a page was refused.
#[component]
pub fn RefusalNotice(
    /// The failed act, such as "The client was not created".
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
