//! `/system/api-clients/:id/rotate`: the dialog that gives a client a new secret, over its page.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::answer::answer_about;
use super::head::ClientHead;
use super::show::CredentialsCard;
use crate::domain::rotation::{GRACE_DEFAULT, LABEL_MAX, SECRETS_MAX, SecretState};
use crate::domain::view::{ClientPage, SecretRow};
use crate::ui::addresses::{Tab, client_page, rotate_secret};
use crate::ui::api::ApiRefusal;
use crate::ui::api::secrets::{FROM_NOW, KEEP, RotateForm, RotateSecret, UNTIL_FIRST_USE};
use crate::ui::components::button::SubmitButton;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::field::{
    ErrorSummary, Field, FieldMessage, FormKey, Input, Select, SummaryEntry, field_error, posts_to,
};
use crate::ui::page::{AdminRequest, Page};

/// For how long older secrets can go on: the seconds, and the words of the choice.
const GRACES: [(u64, &str); 4] = [
    (0, "not at all"),
    (3_600, "1 hour"),
    (86_400, "1 day"),
    (7 * 86_400, "7 days"),
];

const SUMMARY: &[SummaryEntry] = &[
    SummaryEntry {
        field: "label",
        label: "Label",
        id: "rt-label",
    },
    SummaryEntry {
        field: "old",
        label: "Older secrets",
        id: "rt-old",
    },
    SummaryEntry {
        field: "grace",
        label: "The older secrets go on for",
        id: "rt-grace",
    },
];

/// The dialog, over the page of the client.
pub async fn page(Path(id): Path<String>, request: AdminRequest) -> Response {
    answer_about(request, &id, dialog).await
}

fn dialog(request: &AdminRequest, page: ClientPage) -> Page {
    let refusal = request.page.refusal::<RotateSecret>();
    let new_key = request.console().form_key();
    let form_key = refusal.as_ref().and_then(ApiRefusal::form_key);
    let form_key = form_key.unwrap_or(new_key);
    let title = format!("New secret for {}", page.client.name);
    Page::new(title, move || {
        let back = client_page(page.client.id.as_str(), Tab::Credentials);
        let below = page.clone();
        let dialog = if page.client.lifecycle.is_revoked() {
            let sentence = "This client is revoked: no secret of it works again.";
            view! { <NothingToDo back=back.clone() sentence/> }.into_any()
        } else if page.may_change {
            let key = form_key.clone();
            view! { <Form page refusal=refusal.clone() key/> }.into_any()
        } else {
            let sentence = "Your account may read this but not change it.";
            view! { <NothingToDo back=back.clone() sentence/> }.into_any()
        };
        view! {
            <ClientHead page=below.clone() tab=Tab::Credentials details=None/>
            <div class="body">
                <CredentialsCard page=below shown=None/>
            </div>
            <Dialog title_id="rt-title" described_by="rt-lead" close_href=back>
                {dialog}
            </Dialog>
        }
    })
}

/// The form. `key` is that of a form that was not sent yet.
#[component]
fn Form(page: ClientPage, refusal: Option<ApiRefusal>, key: String) -> impl IntoView {
    let id = page.client.id.to_string();
    let back = client_page(&id, Tab::Credentials);
    let has_pending = page
        .secrets
        .iter()
        .any(|row| matches!(row.state(page.now), SecretState::Pending { .. }));
    let form = typed_or_initial(refusal.as_ref(), &id, has_pending);
    let live = live_secrets(&page);
    let full = (live >= SECRETS_MAX).then(|| {
        format!(
            "It has {SECRETS_MAX} secrets that work, and no more are possible: end one of them first, or end all at once."
        )
    });
    let error = field_error(refusal.as_ref(), "label");
    let action = posts_to::<RotateSecret>(&rotate_secret(&id));
    let label = form.label.clone();
    let optional = || view! { "Label " <span class="hint">"optional"</span> };
    view! {
        <form method="post" action=action class="pad" autocomplete="off">
            <div>
                <h2 id="rt-title">"New secret for " <bdi>{page.client.name.clone()}</bdi></h2>
                <p id="rt-lead" class="hint">
                    "It works at once. Give it to the program, and choose what becomes of the one that it replaces."
                </p>
            </div>
            <ErrorSummary what="No secret was made" refusal=refusal.clone() entries=SUMMARY/>
            {full.map(|sentence| view! { <p class="hint">{sentence}</p> })}
            <FormKey key/>
            <input type="hidden" name="form[id]" value=id/>
            <Field id="rt-label" label=optional error hint=|| "Where it is used, such as “Website, production”.">
                <Input {..} name="form[label]" value=label maxlength=LABEL_MAX.to_string() autocomplete="off"/>
            </Field>
            <OldSecrets form has_pending refusal/>
            <footer class="row">
                <a class="btn" href=back>
                    "Cancel"
                </a>
                <SubmitButton label="Make secret" pending_label="Making…"/>
            </footer>
        </form>
    }
}

/// What becomes of the older secrets.
#[component]
fn OldSecrets(form: RotateForm, has_pending: bool, refusal: Option<ApiRefusal>) -> impl IntoView {
    let old_error = field_error(refusal.as_ref(), "old");
    let grace_error = ["grace", "keep_old"]
        .into_iter()
        .find_map(|field| field_error(refusal.as_ref(), field));
    let has_error = old_error.is_some();
    let first_use = if has_pending {
        "Not possible now: another new secret has not been used yet."
    } else {
        "The older secrets go on until the program shows the new one, and for the time below afterwards. Then they end by themselves."
    };
    let chosen = form.old.clone();
    let radio = move |value: &'static str, label: &'static str, sentence: &'static str| {
        let checked = chosen == value;
        let disabled = has_pending && value == UNTIL_FIRST_USE;
        view! {
            <label class="choice">
                <input
                    class="check"
                    type="radio"
                    name="form[old]"
                    value=value
                    checked=checked
                    disabled=disabled
                    autocomplete="off"
                    aria-describedby=has_error.then_some("rt-old-error")
                />
                <strong>{label}</strong>
                <span>{sentence}</span>
            </label>
        }
    };
    let grace = form.grace;
    let option = move |seconds: u64, words: &'static str| {
        let value = seconds.to_string();
        let selected = value == grace;
        view! { <option value=value selected=selected>{words}</option> }
    };
    view! {
        <fieldset class="field" id="rt-old" tabindex="-1">
            <legend>"Older secrets"</legend>
            <div class="choices">
                {radio(UNTIL_FIRST_USE, "End after the first use of the new one", first_use)}
                {radio(FROM_NOW, "End after a time from now", "Whether the program shows the new one or not.")}
                {radio(KEEP, "Go on", "The new secret is one more, for another place.")}
            </div>
            <FieldMessage id="rt-old" error=old_error/>
        </fieldset>
        <div class="grace">
            <Field
                id="rt-grace"
                label=|| "The older secrets go on for"
                error=grace_error
                hint=|| "Tokens made with them live until they expire. With “not at all” those tokens stop working at once, too."
            >
                <Select {..} name="form[grace]" autocomplete="off">
                    {GRACES.into_iter().map(|(seconds, words)| option(seconds, words)).collect_view()}
                </Select>
            </Field>
        </div>
    }
}

/// There is nothing that could be done, with the reason.
#[component]
fn NothingToDo(back: String, sentence: &'static str) -> impl IntoView {
    view! {
        <div class="pad">
            <h2 id="rt-title">"New secret"</h2>
            <p id="rt-lead">{sentence}</p>
            <footer class="row">
                <a class="btn" href=back autofocus>
                    "Back to the client"
                </a>
            </footer>
        </div>
    }
}

/// How many of the secrets work.
fn live_secrets(page: &ClientPage) -> usize {
    let is_live = |row: &&SecretRow| row.state(page.now).is_live();
    page.secrets.iter().filter(is_live).count()
}

/// The initial values: those typed before a refusal, or the usual ones.
fn typed_or_initial(refusal: Option<&ApiRefusal>, id: &str, has_pending: bool) -> RotateForm {
    let typed = refusal.and_then(ApiRefusal::typed::<RotateForm>);
    let old = if has_pending {
        FROM_NOW
    } else {
        UNTIL_FIRST_USE
    };
    typed
        .filter(|typed| typed.id == id)
        .unwrap_or_else(|| RotateForm {
            old: old.to_owned(),
            grace: GRACE_DEFAULT.as_secs().to_string(),
            ..RotateForm::default()
        })
}
