//! The dialog that changes a client's name, expiry and switches.

use leptos::html;
use leptos::prelude::*;

use super::addressed::AddressedClient;
use crate::domain::client::NAME_MAX;
use crate::domain::permission;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{DetailsForm, UpdateClient};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::choice::{Choice, ChoiceKind};
use crate::ui::components::field::{
    ErrorSummary, Field, Input, PostForm, SummaryEntry, field_error, refusal_of,
};

/// The fields of the dialog in the error summary.
const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "name",
        label: "Name",
        id: "ed-name",
    },
    SummaryEntry {
        field: "expires_on",
        label: "Expires on",
        id: "ed-exp",
    },
];

/// The id of the button that opens the dialog.
pub const OPENER: &str = "edit-opener";

/// The same fields while the dialog is closed: they cannot take the focus, so the entries link to the button.
const BEHIND_BUTTON: &[SummaryEntry] = &[
    SummaryEntry {
        field: "name",
        label: "Name",
        id: OPENER,
    },
    SummaryEntry {
        field: "expires_on",
        label: "Expires on",
        id: OPENER,
    },
];

/// The dialog. It can be opened without script; with script it shows the refusal of its form itself.
#[component]
pub fn EditDetails(
    /// The client.
    page: ClientPage,
    /// The client's resource.
    client: AddressedClient,
    /// The page that shows the dialog.
    tab: Tab,
) -> impl IntoView {
    let update = client.update;
    let dialog = NodeRef::<html::Dialog>::new();
    let fields = NodeRef::<html::Form>::new();
    let is_first_view = client.is_first_view();
    Effect::new(move || {
        // Discards values typed for an earlier version of the client, or for another client.
        if let Some(fields) = fields.get()
            && !is_first_view
        {
            fields.reset();
        }
    });
    let refusal = refusal_of(update);
    Effect::new(move || {
        if update.value().with(|answer| matches!(answer, Some(Ok(()))))
            && let Some(dialog) = dialog.get_untracked()
        {
            // Hiding a closed popover fails, which is fine.
            let _ = dialog.hide_popover();
        }
    });
    let id = page.client.id.to_string();
    let form = typed_or_stored(&page, refusal);
    view! {
        <dialog class="dialog" id="edit-details" popover aria-labelledby="edit-title" node_ref=dialog>
            <PostForm action=update back=client_page(&id, tab) class="pad" node_ref=fields>
                <h2 id="edit-title">"Edit details"</h2>
                <DetailsSummary update here=client_page(&id, tab)/>
                <input type="hidden" name="form[id]" value=id/>
                <input type="hidden" name="form[version]" value=page.client.version.to_string()/>
                <DetailsFields form tomorrow=page.tomorrow refusal/>
                <p class="hint">
                    "Organization and scopes cannot be changed. To use others, create a new client and revoke this one."
                </p>
                <footer class="row">
                    <button class="btn" type="button" popovertarget="edit-details" popovertargetaction="hide">"Cancel"</button>
                    <SubmitButton label="Save details" pending_label="Saving…" pending=update.pending()/>
                </footer>
            </PostForm>
        </dialog>
    }
}

/// The refusal on the page itself: without script the dialog is closed when the page is rendered again.
#[component]
pub fn DetailsRefused(
    /// The action of the form.
    update: ServerAction<UpdateClient>,
) -> impl IntoView {
    let is_first = move || update.version().get() == 0;
    let refusal = refusal_of(update);
    let refusal = Signal::derive(move || refusal.get().filter(|_| is_first()));
    view! { <ErrorSummary what="The details were not saved" refusal entries=BEHIND_BUTTON/> }
}

/// The errors above the dialog's fields, with script.
#[component]
fn DetailsSummary(update: ServerAction<UpdateClient>, here: String) -> impl IntoView {
    let was_sent = move || update.version().get() > 0;
    let refusal = refusal_of(update);
    let refusal = Signal::derive(move || refusal.get().filter(|_| was_sent()));
    let is_conflict =
        move || refusal.with(|refusal| refusal.as_ref().is_some_and(ApiRefusal::is_conflict));
    let link = move || {
        is_conflict().then(|| view! { <p><a class="link" href=here.clone() rel="external">"Show the current details"</a></p> })
    };
    view! {
        <ErrorSummary what="The details were not saved" refusal entries=SUMMARY/>
        {link}
    }
}

#[component]
fn DetailsFields(
    form: DetailsForm,
    tomorrow: String,
    refusal: Signal<Option<ApiRefusal>>,
) -> impl IntoView {
    let optional = || view! { "Expires on " <span class="hint">"optional"</span> };
    view! {
        <Field id="ed-name" label=|| "Name" error=field_error(refusal, "name")>
            <Input
                attr:name="form[name]"
                attr:value=form.name
                attr:required=true
                attr:maxlength=NAME_MAX.to_string()
                attr:autocomplete="off"
            />
        </Field>
        <Field
            id="ed-exp"
            label=optional
            error=field_error(refusal, "expires_on")
            hint=|| "At 00:00 UTC on that day every token of this client stops working."
        >
            <Input
                attr:r#type="date"
                attr:name="form[expires_on]"
                attr:min=tomorrow
                attr:value=form.expires_on
                attr:autocomplete="off"
            />
        </Field>
        <div class="stack tight">
            <Choice
                kind=ChoiceKind::Switch
                name="form[allow_impersonate]"
                checked=form.allow_impersonate.is_some()
                label="Allow impersonation"
            >
                "Ask for tokens that act as a participant, without their password."
            </Choice>
            <Choice kind=ChoiceKind::Switch name="form[allow_login]" checked=form.allow_login.is_some() label="Allow login">
                "Exchange a participant’s username and password for a token."
            </Choice>
        </div>
    }
}

/// The initial values: those typed before a refusal, or the client's.
fn typed_or_stored(page: &ClientPage, refusal: Signal<Option<ApiRefusal>>) -> DetailsForm {
    let client = &page.client;
    let typed = refusal
        .get_untracked()
        .and_then(|refusal| refusal.typed::<DetailsForm>());
    typed
        .filter(|typed| typed.id == client.id.as_str())
        .unwrap_or_else(|| DetailsForm {
            id: client.id.to_string(),
            version: client.version,
            name: client.name.clone(),
            expires_on: client
                .lifecycle
                .expires_at()
                .map(|end| end.format("%Y-%m-%d").to_string())
                .unwrap_or_default(),
            allow_impersonate: client
                .holds(permission::IMPERSONATE)
                .then(|| "on".to_owned()),
            allow_login: client.holds(permission::LOGIN).then(|| "on".to_owned()),
        })
}
