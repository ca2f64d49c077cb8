//! The forms on a participant's page.

use leptos::prelude::*;

use super::fields::{DetailsFields, PasswordField, PasswordGrantOff, SUMMARY};
use super::shown::Shown;
use crate::domain::ids::ParticipantId;
use crate::domain::participant::TypedParticipant;
use crate::ui::addresses::participant_page;
use crate::ui::api::ApiRefusal;
use crate::ui::api::participants::{
    ParticipantForm, SetParticipantPassword, UnblockParticipant, UpdateParticipant,
};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::{ErrorSummary, field_error, posts_to};
use crate::ui::components::notice::RefusalNotice;
use crate::ui::page::AdminRequest;

/// What failed.
const NOT_UNBLOCKED: &str = "The participant was not unblocked";

/// Why the forms of the page were refused.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals {
    details: Option<ApiRefusal>,
    password: Option<ApiRefusal>,
    unblock: Option<ApiRefusal>,
}

impl Refusals {
    /// The refusals that this page answers; at most one of them is there.
    pub(super) fn of(request: &AdminRequest) -> Self {
        Self {
            details: request.page.refusal::<UpdateParticipant>(),
            password: request.page.refusal::<SetParticipantPassword>(),
            unblock: request.page.refusal::<UnblockParticipant>(),
        }
    }
}

/// The forms: details, password, and where the participant is blocked, the way back.
#[component]
pub(super) fn Forms(
    /// The participant.
    shown: Shown,
    /// Why they were refused.
    refusals: Refusals,
) -> impl IntoView {
    let Shown {
        participant,
        takes_passwords,
        ..
    } = shown;
    let Refusals {
        details,
        password,
        unblock,
    } = refusals;
    let id = participant.id;
    let has_password = participant.has_password;
    let typed = typed(details.as_ref(), id).unwrap_or_else(|| TypedParticipant {
        nickname: participant.nickname.to_string(),
        email: participant.email.to_string(),
        name: participant.name.clone(),
    });
    let unblock = if participant.blocked_at.is_some() {
        view! { <UnblockCard id refusal=unblock/> }.into_any()
    } else {
        let refusal = unblock;
        refusal
            .map(|refusal| view! { <RefusalNotice what=NOT_UNBLOCKED refusal/> })
            .into_any()
    };
    view! {
        {unblock}
        <DetailsCard id typed refusal=details/>
        <PasswordCard id has_password takes_passwords refusal=password/>
    }
}

/// What was typed before a refusal.
fn typed(refusal: Option<&ApiRefusal>, id: ParticipantId) -> Option<TypedParticipant> {
    let form = refusal?.typed::<ParticipantForm>()?;
    (form.id == id).then_some(TypedParticipant {
        nickname: form.nickname,
        email: form.email,
        name: form.name,
    })
}

/// Nickname, address and name.
#[component]
fn DetailsCard(
    id: ParticipantId,
    typed: TypedParticipant,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let here = participant_page(id);
    view! {
        <section class="card" aria-labelledby="details">
            <header class="row">
                <h2 id="details">"Details"</h2>
            </header>
            <form method="post" action={posts_to::<UpdateParticipant>(&here)} class="pad" novalidate=true>
                <ErrorSummary what="The details were not saved" refusal=refusal.clone() entries=SUMMARY/>
                <input type="hidden" name="form[id]" value=id.to_string()/>
                <DetailsFields typed refusal/>
                <div class="row">
                    <SubmitButton label="Save details" pending_label="Saving…"/>
                </div>
            </form>
        </section>
    }
}

/// The password.
#[component]
fn PasswordCard(
    id: ParticipantId,
    has_password: bool,
    takes_passwords: bool,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let (label, button) = if has_password {
        ("New password", "Replace password")
    } else {
        ("Password", "Set password")
    };
    let has = if has_password {
        "Set"
    } else {
        "Not set, so they cannot sign in"
    };
    let contents = if takes_passwords {
        let here = participant_page(id);
        let error = field_error(refusal.as_ref(), "password");
        view! {
            <form method="post" action={posts_to::<SetParticipantPassword>(&here)} class="pad" novalidate=true>
                <ErrorSummary what="The password was not set" refusal entries=SUMMARY/>
                <input type="hidden" name="id" value=id.to_string()/>
                <PasswordField
                    label
                    hint="Tokens already issued keep working. To end them, block the participant, then unblock."
                    error
                />
                <div class="row">
                    <SubmitButton label=button pending_label="Saving…" class=""/>
                </div>
            </form>
        }
        .into_any()
    } else {
        view! { <div class="pad"><PasswordGrantOff/></div> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="sign-in">
            <header class="row">
                <h2 id="sign-in">"Password"</h2>
                <span class="hint">{has}</span>
            </header>
            {contents}
        </section>
    }
}

/// The way back from a block.
#[component]
fn UnblockCard(id: ParticipantId, refusal: Option<ApiRefusal>) -> impl IntoView {
    let here = participant_page(id);
    view! {
        <section class="card" aria-labelledby="unblock">
            <header class="row">
                <h2 id="unblock">"Blocked"</h2>
            </header>
            <form method="post" action={posts_to::<UnblockParticipant>(&here)} class="pad">
                {refusal.map(|refusal| view! { <RefusalNotice what=NOT_UNBLOCKED refusal/> })}
                <input type="hidden" name="id" value=id.to_string()/>
                <p>
                    "They cannot sign in, and no client can act for them. Unblocking allows both again; tokens from before the block do not."
                </p>
                <div class="row">
                    <SubmitButton label="Unblock participant" pending_label="Unblocking…" class=""/>
                </div>
            </form>
        </section>
    }
}
