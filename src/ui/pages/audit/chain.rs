//! How far the chain of the audit log was verified, and the button that verifies more.

use leptos::prelude::*;

use crate::domain::Time;
use crate::domain::audit::ChainState;
use crate::domain::ids::Sequence;
use crate::ui::api::ApiRefusal;
use crate::ui::api::audit::VerifyAuditLog;
use crate::ui::components::badges::{Timestamp, thousands};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::posts_to;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{Notice, RefusalNotice, Tone};

/// The state of the chain.
#[component]
pub fn ChainLine(
    /// The state.
    chain: ChainState,
    /// When the page was made.
    now: Time,
    /// The address of the page.
    address: String,
    /// Why it was not verified, if this page answers that.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let line = match (chain.broken, chain.at) {
        (Some(sequence), _) => view! { <Broken sequence/> }.into_any(),
        (None, Some(at)) => view! { <Verified chain at now/> }.into_any(),
        (None, None) => view! { <span>"Not verified yet."</span> }.into_any(),
    };
    view! {
        {refusal.map(|refusal| view! { <RefusalNotice what="The audit log was not verified" refusal/> })}
        <div class="row chain">
            {line}
            <form method="post" action={posts_to::<VerifyAuditLog>(&address)}>
                <SubmitButton label="Verify now" pending_label="Verifying…" class="small"/>
            </form>
        </div>
    }
}

/// The sentence while everything fits.
#[component]
fn Verified(chain: ChainState, at: Time, now: Time) -> impl IntoView {
    let newer = chain.newest.0 - chain.verified.0;
    let newer = (newer > 0).then(|| format!(" {} newer to go.", thousands(newer)));
    let reread = chain.reread_at.map(|at| {
        view! { " All of it read again " <Timestamp at now inside=true/> "." }
    });
    view! {
        <span class="row">
            <Icon name="check"/>
            <span>
                "Verified up to entry "
                {thousands(chain.verified.0)}
                ", "
                <Timestamp at now inside=true/>
                "."
                {newer}
                {reread}
            </span>
        </span>
    }
}

/// The notice when an entry does not fit. Also the overview shows it.
#[component]
pub fn Broken(
    /// The number of the first entry that does not fit.
    sequence: Sequence,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Danger icon="warn">
            <strong>"The audit log is not as it was written: entry " {thousands(sequence.0)} " does not fit."</strong>
            " It was changed, taken away or added by somebody with access to the database, or the database is damaged. Keep a copy of the database, and compare it with a backup. "
            <code>"claviger audit verify"</code>
            " on the server reads all of it."
        </Notice>
    }
}
