//! The dialog that changes a client's name, expiry, lifetime of tokens and switches.

use leptos::prelude::*;

use super::participants::Reach;
use crate::domain::permission;
use crate::domain::view::ClientPage;
use crate::ui::addresses::{Tab, client_page};
use crate::ui::api::ApiRefusal;
use crate::ui::api::clients::{DetailsForm, TTL_UNITS, UpdateClient, in_units};
use crate::ui::components::badges::duration;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::choice::{Choice, ChoiceKind};
use crate::ui::components::field::{
    ErrorSummary, Field, Input, SummaryEntry, field_error, posts_to,
};
use crate::ui::components::notice::RefusalNotice;

/// The id of the button that opens the dialog.
pub const OPENER: &str = "edit-opener";

/// The fields in the error summary. While the dialog is closed they cannot take the focus, so the entries link to the
/// button that opens it.
const SUMMARY: &[SummaryEntry] = &[
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
    SummaryEntry {
        field: "token_ttl",
        label: "Tokens live for",
        id: OPENER,
    },
];

/// The unit of lifetimes that the field offers first, in seconds.
const HOUR: i64 = 3_600;

/// What failed.
const NOT_SAVED: &str = "The details were not saved";

/// The dialog. It opens without script; when it answers a refusal, a script opens it at once (`data-open`).
#[component]
pub fn EditDetails(
    /// The client.
    page: ClientPage,
    /// The page that shows the dialog.
    tab: Tab,
    /// The refusal of its form, if this page answers it.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let id = page.client.id.to_string();
    let here = client_page(&id, tab);
    let action = posts_to::<UpdateClient>(&here);
    let form = typed_or_stored(&page, refusal.as_ref());
    let version = form.version.to_string();
    view! {
        <dialog
            class="dialog"
            id="edit-details"
            popover
            aria-labelledby="edit-title"
            data-part="details"
            data-open=refusal.is_some().then_some("")
        >
            <form method="post" action=action class="pad" autocomplete="off">
                <h2 id="edit-title">"Edit details"</h2>
                <FormRefused refusal=refusal.clone() here=here.clone()/>
                <input type="hidden" name="form[id]" value=id/>
                <input type="hidden" name="form[version]" value=version/>
                <DetailsFields form page refusal=refusal.clone()/>
                <p class="hint">
                    "Organization and scopes cannot be changed. To use others, create a new client and revoke this one."
                </p>
                <footer class="row">
                    <Cancel was_refused=refusal.is_some() here/>
                    <SubmitButton label="Save details" pending_label="Saving…"/>
                </footer>
            </form>
        </dialog>
    }
}

/// Closes the dialog without saving. After a refusal the form begins with what was typed, so the page is loaded again;
/// otherwise a script resets the form (`data-reset`).
#[component]
fn Cancel(was_refused: bool, here: String) -> impl IntoView {
    if was_refused {
        return view! {
            <a class="btn" href=here>
                "Cancel"
            </a>
        }
        .into_any();
    }
    view! {
        <button class="btn" type="button" popovertarget="edit-details" popovertargetaction="hide" data-reset>
            "Cancel"
        </button>
    }
    .into_any()
}

/// The refusal on the page itself: without script the dialog is closed when the page is rendered again.
#[component]
pub fn DetailsRefused(
    /// The refusal of the form, if this page answers it.
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    refusal.map(|refusal| {
        // The open dialog says this itself.
        let is_in_dialog = has_no_field(&refusal);
        view! {
            <div class=is_in_dialog.then_some("when-closed")>
                <ErrorSummary what=NOT_SAVED refusal=Some(refusal) entries=SUMMARY/>
            </div>
        }
    })
}

/// Whether a refusal belongs to no field of the form.
fn has_no_field(refusal: &ApiRefusal) -> bool {
    let wrong = refusal.problem().map(|problem| problem.errors.len());
    wrong.unwrap_or_default() == 0
}

/// Inside the dialog, a refusal that belongs to none of its fields.
#[component]
fn FormRefused(refusal: Option<ApiRefusal>, here: String) -> impl IntoView {
    refusal.filter(has_no_field).map(|refusal| {
        let current = refusal.is_conflict().then(|| {
            view! {
                <p>
                    <a class="link" href=here>
                        "Show the current details"
                    </a>
                </p>
            }
        });
        view! {
            <div tabindex="-1" autofocus>
                <RefusalNotice what=NOT_SAVED refusal/>
                {current}
            </div>
        }
    })
}

/// The fields.
#[component]
fn DetailsFields(
    form: DetailsForm,
    page: ClientPage,
    refusal: Option<ApiRefusal>,
) -> impl IntoView {
    let name_error = field_error(refusal.as_ref(), "name");
    let day_error = field_error(refusal.as_ref(), "expires_on");
    let is_name_wrong = name_error.is_some();
    let is_day_first_wrong = day_error.is_some() && !is_name_wrong;
    let ttl_error = field_error(refusal.as_ref(), "token_ttl");
    let is_ttl_first_wrong = ttl_error.is_some() && day_error.is_none() && !is_name_wrong;
    let first_day = first_day(&page);
    let ttl_form = form.clone();
    let (impersonate, login) = (form.allow_impersonate.is_some(), form.allow_login.is_some());
    let optional = || view! { "Expires on " <span class="hint">"optional"</span> };
    view! {
        <Field id="ed-name" label=|| "Name" error=name_error>
            <Input {..} name="form[name]" value=form.name required=true autocomplete="off" autofocus=is_name_wrong/>
        </Field>
        <Field
            id="ed-exp"
            label=optional
            error=day_error
            hint=|| "At 00:00 UTC on that day every token of this client stops working."
        >
            <Input
                {..}
                type="date"
                name="form[expires_on]"
                min=first_day
                value=form.expires_on
                autocomplete="off"
                autofocus=is_day_first_wrong
            />
        </Field>
        <TokenTtlField form=ttl_form usual=page.usual_token_ttl error=ttl_error is_first=is_ttl_first_wrong/>
        <Switches
            page
            impersonate
            login
        />
    }
}

/// How long its tokens live: a number and a unit.
#[component]
fn TokenTtlField(
    form: DetailsForm,
    /// The lifetime of tokens of clients that have none of their own, in seconds.
    usual: i64,
    error: Option<String>,
    /// Whether it is the first field that is wrong.
    is_first: bool,
) -> impl IntoView {
    let optional = || view! { "Tokens live for " <span class="hint">"optional"</span> };
    let hint = format!(
        "{} unless you say otherwise. Counts for tokens that are issued from now on.",
        duration(usual)
    );
    let chosen = form.token_ttl_unit;
    let option = move |(seconds, word): (i64, &'static str)| {
        let value = seconds.to_string();
        let selected = value == chosen;
        view! { <option value=value selected=selected>{word}</option> }
    };
    view! {
        <Field id="ed-token_ttl" label=optional error hint=move || hint.clone()>
            <div class="amount">
                <Input
                    {..}
                    name="form[token_ttl]"
                    value=form.token_ttl
                    inputmode="numeric"
                    autocomplete="off"
                    autofocus=is_first
                />
                <select class="input" name="form[token_ttl_unit]" aria-label="Unit" autocomplete="off">
                    {TTL_UNITS.into_iter().map(option).collect_view()}
                </select>
            </div>
        </Field>
    }
}

/// The switches for participants, and whom they reach.
#[component]
fn Switches(page: ClientPage, impersonate: bool, login: bool) -> impl IntoView {
    let risk = |name: &str| {
        let permission = page.catalog.permission(name);
        permission
            .map(|(_, permission)| permission.risk)
            .unwrap_or_default()
    };
    let (impersonate_risk, login_risk) = (risk(permission::IMPERSONATE), risk(permission::LOGIN));
    view! {
        <div class="stack tight">
            <Choice
                kind=ChoiceKind::Switch
                name="form[allow_impersonate]"
                checked=impersonate
                label="Allow impersonation"
                risk=impersonate_risk
            >
                "Ask for tokens that act as a participant, without their password."
            </Choice>
            <Choice
                kind=ChoiceKind::Switch
                name="form[allow_login]"
                checked=login
                label="Allow login"
                risk=login_risk
            >
                "Exchange a participant’s username and password for a token."
            </Choice>
            <p class="hint"><Reach page/></p>
        </div>
    }
}

/// The initial values: those typed before a refusal, or the client's. With the typed values goes the version that they
/// were typed for, so that saving them over a change by another administrator stays a conflict.
fn typed_or_stored(page: &ClientPage, refusal: Option<&ApiRefusal>) -> DetailsForm {
    let client = &page.client;
    let ttl = client.token_ttl.map(in_units);
    refusal
        .and_then(ApiRefusal::typed::<DetailsForm>)
        .filter(|typed| typed.id == client.id.as_str())
        .unwrap_or_else(|| DetailsForm {
            id: client.id.to_string(),
            version: client.version,
            name: client.name.clone(),
            expires_on: stored_day(page).unwrap_or_default(),
            token_ttl: ttl
                .map(|(number, _)| number.to_string())
                .unwrap_or_default(),
            token_ttl_unit: ttl.map_or(HOUR, |(_, unit)| unit).to_string(),
            allow_impersonate: client
                .holds(permission::IMPERSONATE)
                .then(|| "on".to_owned()),
            allow_login: client.holds(permission::LOGIN).then(|| "on".to_owned()),
        })
}

/// The day on which the client expires, such as `2026-11-24`.
fn stored_day(page: &ClientPage) -> Option<String> {
    let end = page.client.lifecycle.expires_at()?;
    Some(end.format("%Y-%m-%d").to_string())
}

/// The first day that the date field offers: tomorrow. A client whose day is earlier may keep it, so its field has no
/// limit, and the server decides.
fn first_day(page: &ClientPage) -> Option<String> {
    let keeps_earlier = stored_day(page).is_some_and(|day| day < page.tomorrow);
    (!keeps_earlier).then(|| page.tomorrow.clone())
}
