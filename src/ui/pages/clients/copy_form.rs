//! The form that copies the permissions of another client.

use leptos::prelude::*;

use crate::domain::catalog::Risk;
use crate::domain::client::Client;
use crate::domain::view::{ClientPage, PermissionComparison};
use crate::ui::addresses::compared_permissions;
use crate::ui::api::permissions::CopyPermissions;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::posts_to;
use crate::ui::components::notice::{Notice, Tone};

/// The form that copies, with the numbers of what it does.
#[component]
pub(super) fn CopyForm(
    /// The client that is changed.
    page: ClientPage,
    /// The client that is copied from.
    other: Client,
    /// What distinguishes the two.
    comparison: PermissionComparison,
) -> impl IntoView {
    let here = compared_permissions(page.client.id.as_str(), other.id.as_str());
    let (granted, removed) = (comparison.missing.len(), comparison.only_here.len());
    // Without a grant, keeping the rest would be to do nothing.
    let is_choice = granted > 0 && removed > 0;
    let rest = is_choice.then(|| {
        let choice = |rest: &'static str, words: String, is_chosen: bool| {
            view! {
                <label class="row">
                    <input type="radio" name="form[rest]" value=rest checked=is_chosen autocomplete="off"/>
                    <span>{words}</span>
                </label>
            }
        };
        view! {
            <fieldset class="stack tight">
                <legend>"What only this client has"</legend>
                {choice("keep", format!("Keep it: {granted} granted, none removed"), true)}
                {choice("remove", format!("Remove it: {granted} granted, {removed} removed"), false)}
            </fieldset>
        }
        .into_any()
    });
    let alone = (!is_choice).then(|| {
        let (rest, sentence) = if granted > 0 {
            ("keep", format!("{granted} granted, none removed."))
        } else {
            ("remove", format!("None granted, {removed} removed."))
        };
        view! {
            <input type="hidden" name="form[rest]" value=rest/>
            <p>{sentence}</p>
        }
    });
    view! {
        <form class="stack" method="post" action={posts_to::<CopyPermissions>(&here)} id="copy-permissions">
            <input type="hidden" name="form[id]" value=page.client.id.to_string()/>
            <input type="hidden" name="form[version]" value=page.client.version.0/>
            <input type="hidden" name="form[from]" value=other.id.to_string()/>
            <input type="hidden" name="form[from_version]" value=other.version.0/>
            {rest}
            {alone}
            <RiskNotice comparison/>
            <div class="row">
                <SubmitButton label="Copy permissions" pending_label="Copying…"/>
                <span class="hint">"In one change, at once for tokens already issued."</span>
            </div>
        </form>
    }
}

/// What is of high risk among what would be granted.
#[component]
fn RiskNotice(comparison: PermissionComparison) -> impl IntoView {
    let risky: Vec<String> = comparison
        .missing
        .into_iter()
        .filter(|found| found.risk == Risk::High)
        .map(|found| found.label)
        .collect();
    (!risky.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Warn icon="warn">
                "Of high risk among those that are granted: "
                <strong>{risky.join(", ")}</strong>
                "."
            </Notice>
        }
    })
}
