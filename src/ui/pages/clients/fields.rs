//! Field groups of the form for a new client.

use leptos::prelude::*;

use crate::domain::catalog::Scope;
use crate::domain::organization::OrganizationChoice;
use crate::domain::scope;
use crate::domain::view::OrganizationChoices;
use crate::ui::addresses::NEW_ORGANIZATION;
use crate::ui::api::clients::{NO_ORGANIZATION, NewClientForm};
use crate::ui::components::choice::{Choice, ChoiceKind, PillRadio};
use crate::ui::components::field::{Field, FieldMessage, Input, Select};
use crate::ui::components::icon::Icon;

const ONE_ONLY: &str = "The client sees this organization only.";

const ORGANIZATION_HINT: &str = "The client sees this organization only. A client with nothing but the system scope needs none.";

const ONE_OR_NONE: &str = "The client sees this organization only. One with nothing but the system scope has none: choose “None” at the end.";

/// The organization of the client: a choice, or where there are too many for one, a name or an id.
#[component]
pub fn OrganizationField(
    /// The organizations.
    offered: OrganizationChoices,
    /// Whether the actor may make a client without one.
    may_have_none: bool,
    /// The initial values of the form.
    form: NewClientForm,
    /// The error.
    error: Option<String>,
) -> impl IntoView {
    let field = match offered {
        OrganizationChoices::All(organizations) => {
            let chosen = form.organization_id;
            view! { <OrganizationSelect organizations may_have_none chosen error/> }.into_any()
        }
        OrganizationChoices::Named { matches, .. } => {
            view! { <OrganizationText matches form error/> }.into_any()
        }
    };
    view! {
        <section class="section">
            <div><label for="organization">"Organization"</label></div>
            {field}
        </section>
    }
}

/// Every organization as an option.
#[component]
fn OrganizationSelect(
    organizations: Vec<OrganizationChoice>,
    may_have_none: bool,
    chosen: String,
    error: Option<String>,
) -> impl IntoView {
    let option = |organization: OrganizationChoice| {
        let id = organization.id.to_string();
        let is_chosen = id == chosen;
        view! { <option value=id selected=is_chosen>{organization.name}</option> }
    };
    let none = organizations.is_empty();
    let is_without = chosen == NO_ORGANIZATION;
    let options = organizations.into_iter().map(option).collect_view();
    view! {
        <Field id="organization" error hint=move || if may_have_none { ONE_OR_NONE } else { ONE_ONLY }>
            <Select {..} name="form[organization_id]" required=true autocomplete="off">
                <option value="">"Choose an organization"</option>
                {options}
                {may_have_none.then(|| view! {
                    <option value=NO_ORGANIZATION selected=is_without>"None: system scope only"</option>
                })}
            </Select>
            {none.then(|| view! {
                <p class="hint">
                    "There is no organization yet. "
                    <a class="link" href=NEW_ORGANIZATION>"Create an organization"</a>
                </p>
            })}
        </Field>
    }
}

/// A text, and the organizations that it may mean. Their ids tell those of one name apart.
#[component]
fn OrganizationText(
    matches: Vec<OrganizationChoice>,
    form: NewClientForm,
    error: Option<String>,
) -> impl IntoView {
    let chosen = form.organization_id;
    let radio = move |choice: OrganizationChoice| {
        let id = choice.id.to_string();
        let checked = id == chosen;
        view! {
            <label class="choice">
                <input class="check" type="radio" name="form[organization_id]" value=id.clone() checked=checked autocomplete="off"/>
                <strong><bdi>{choice.name}</bdi></strong>
                <code>{id}</code>
            </label>
        }
    };
    let radios = (!matches.is_empty()).then(|| {
        view! {
            <fieldset aria-label="Matching organizations, each with its ID">
                <div class="choices">{matches.into_iter().map(radio).collect_view()}</div>
            </fieldset>
        }
    });
    view! {
        <div class="stack tight">
            <Field id="organization" error hint=|| ORGANIZATION_HINT>
                <Input
                    {..}
                    name="form[organization]"
                    placeholder="Name or ID"
                    autocomplete="off"
                    value=form.organization
                />
            </Field>
            <input type="hidden" name="form[organization_filled_in]" value=form.organization_filled_in/>
            {radios}
        </div>
    }
}

/// The scopes, as cards.
#[component]
pub fn ScopesField(
    /// All scopes.
    scopes: Vec<Scope>,
    /// Those that are chosen initially.
    chosen: Vec<String>,
    /// The error of the choice.
    error: Option<String>,
) -> impl IntoView {
    let error_id = error.is_some().then_some("scopes-error");
    let card = move |scope: Scope| {
        let checked = chosen.contains(&scope.name);
        let is_public = scope.name == scope::PUBLIC;
        let sentence = format!(
            "{} {}",
            scope.description,
            permissions(scope.permissions().count())
        );
        view! {
            <Choice
                kind=ChoiceKind::Box
                name="form[scopes][]"
                value=scope.name.clone()
                checked
                label=scope.label
                code=scope.name
                risk=scope.risk
                error_id
            >
                {sentence}
                {is_public.then_some(" Every client of an organization also gets it.")}
            </Choice>
        }
    };
    view! {
        <section class="section">
            <div><h2 id="scopes-h">"Scopes"</h2><p class="hint">"What the key can ever open."</p></div>
            <div class="stack">
                <p class="notice" data-tone="warn">
                    <Icon name="lock"/>
                    <span>
                        <strong>"Scopes cannot be changed later."</strong>
                        " To add one you create a new client and revoke this one."
                    </span>
                </p>
                <fieldset id="scopes" tabindex="-1" aria-labelledby="scopes-h">
                    <div class="choices">{scopes.into_iter().map(card).collect_view()}</div>
                </fieldset>
                <FieldMessage id="scopes" error/>
            </div>
        </section>
    }
}

/// The switches for participants.
#[component]
pub fn ParticipantsField(
    /// Whether the client may act as participants.
    impersonate: bool,
    /// Whether the client may exchange participants' passwords for tokens.
    login: bool,
) -> impl IntoView {
    view! {
        <section class="section">
            <div><h2>"Participants"</h2><p class="hint">"Whether tokens may act for people."</p></div>
            <div class="stack tight">
                <Choice
                    kind=ChoiceKind::Switch
                    name="form[allow_impersonate]"
                    checked=impersonate
                    label="Allow impersonation"
                    code="allow-impersonate"
                >
                    "The program may ask for a token that acts as a participant, without their password."
                </Choice>
                <Choice kind=ChoiceKind::Switch name="form[allow_login]" checked=login label="Allow login" code="allow-login">
                    "The program may exchange a participant’s username and password for a token."
                </Choice>
            </div>
        </section>
    }
}

/// The choices for a client's expiry, with labels.
const EXPIRIES: [(&str, &str); 5] = [
    ("never", "Never"),
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "1 year"),
    ("date", "On a date"),
];

/// The client's expiry.
#[component]
pub fn ExpiryField(
    /// The typed values.
    typed: NewClientForm,
    /// The first day on which it can expire.
    tomorrow: String,
    /// The error of the choice.
    choice_error: Option<String>,
    /// The error of the day.
    day_error: Option<String>,
) -> impl IntoView {
    let chosen = if typed.expiry.is_empty() {
        "never".to_owned()
    } else {
        typed.expiry
    };
    let pill = |(value, label): (&'static str, &'static str)| {
        view! { <PillRadio name="form[expiry]" value label checked=value == chosen/> }
    };
    view! {
        <section class="section">
            <div><h2 id="expiry-h">"Expiry"</h2><p class="hint">"Optional. You can change it later."</p></div>
            <div class="stack">
                <fieldset class="pills" id="expiry" tabindex="-1" aria-labelledby="expiry-h">
                    {EXPIRIES.into_iter().map(pill).collect_view()}
                </fieldset>
                <FieldMessage id="expiry" error=choice_error/>
                <div class="on-date">
                    <Field id="expires_on" label=|| "Expires on" error=day_error>
                        <Input
                            {..}
                            type="date"
                            name="form[expires_on]"
                            min=tomorrow
                            value=typed.expires_on
                            autocomplete="off"
                        />
                    </Field>
                </div>
            </div>
        </section>
    }
}

/// A number of permissions in words; the space in it does not break.
fn permissions(count: usize) -> String {
    match count {
        0 => "No permissions of its own.".to_owned(),
        1 => "1\u{a0}permission.".to_owned(),
        _ => format!("{count}\u{a0}permissions."),
    }
}
