//! The permissions of another client beside those of this one.

use leptos::prelude::*;

use super::copy_form::CopyForm;
use crate::domain::client::Client;
use crate::domain::error::Error;
use crate::domain::permission;
use crate::domain::view::{
    ClientChoice, ClientPage, ImpossiblePermission, NamedClient, PermissionComparison,
    PermissionHistory,
};
use crate::ui::addresses::{Tab, client_page, compared_permissions};
use crate::ui::components::permission::{Exercised, PermissionNote};
use crate::ui::page::AdminRequest;

/// What stands beside the permissions of a client.
#[derive(Clone)]
pub struct Beside {
    /// What the address names to compare with, or nothing.
    typed: String,
    compared: Compared,
    history: PermissionHistory,
    now: crate::domain::Time,
}

#[derive(Clone)]
enum Compared {
    Nothing,
    /// The text may mean several, or none.
    Unclear(Vec<ClientChoice>),
    /// It means this client.
    Itself,
    Other(Box<Client>, PermissionComparison),
}

impl Beside {
    /// Reads what the address asks for.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn read(request: &AdminRequest, page: &ClientPage) -> Result<Self, Error> {
        let console = request.console();
        let typed = request.page.parameter("compare").unwrap_or_default();
        let typed = typed.trim().to_owned();
        let compared = if typed.is_empty() {
            Compared::Nothing
        } else {
            match console.find_named_client(&request.actor, &typed).await? {
                NamedClient::Several(choices) => Compared::Unclear(choices),
                NamedClient::One(other) if other.number == page.client.number => Compared::Itself,
                NamedClient::One(other) => {
                    let comparison = console.compare_permissions(&page.client, &other);
                    Compared::Other(other, comparison)
                }
            }
        };
        let history = console.permission_history(&request.actor, &page.client);
        Ok(Self {
            typed,
            compared,
            history: history.await?,
            now: page.now,
        })
    }

    /// What is said beside a permission.
    #[must_use]
    pub fn note(&self, name: &str, is_granted: bool) -> PermissionNote {
        // What a grant asks for is not seen by a verification.
        let is_seen = ![permission::IMPERSONATE, permission::LOGIN].contains(&name);
        let grant = self.history.grants.get(name);
        let exercised = match self.history.exercised(name) {
            _ if !is_granted || !is_seen => None,
            Some(at) => Some(Exercised::At { at, now: self.now }),
            None => grant.map(|grant| Exercised::NotSince(grant.granted_at)),
        };
        let theirs = match &self.compared {
            Compared::Other(_, comparison) => Some(comparison.other_has(name)),
            _ => None,
        };
        PermissionNote { exercised, theirs }
    }

    /// The id of the client that is compared with.
    #[must_use]
    pub fn other(&self) -> Option<String> {
        match &self.compared {
            Compared::Other(other, _) => Some(other.id.to_string()),
            _ => None,
        }
    }

    /// How it is known when a permission was exercised, where that is said.
    #[must_use]
    pub fn is_history_shown(&self) -> bool {
        self.history.is_known
    }
}

/// The form that names another client, and what came of it.
#[component]
pub fn ComparePanel(
    /// The client.
    page: ClientPage,
    /// What is beside its permissions.
    beside: Beside,
    /// Whether the administrator may change the client.
    may_move: bool,
) -> impl IntoView {
    let here = client_page(page.client.id.as_str(), Tab::Permissions);
    let id = page.client.id.to_string();
    let Beside {
        typed, compared, ..
    } = beside;
    match compared {
        Compared::Other(other, comparison) => {
            view! { <Comparison page other=*other comparison may_move/> }.into_any()
        }
        Compared::Nothing => view! { <CompareForm here typed/> }.into_any(),
        Compared::Itself => view! {
            <CompareForm here typed/>
            <p class="hint">"That is this client itself."</p>
        }
        .into_any(),
        Compared::Unclear(choices) => view! {
            <CompareForm here typed=typed.clone()/>
            <Choices id typed choices/>
        }
        .into_any(),
    }
}

/// The form: a name or an id.
#[component]
fn CompareForm(here: String, typed: String) -> impl IntoView {
    view! {
        <form class="row" action=here method="get" aria-label="Compare">
            <label for="compare">"Compare with"</label>
            <input
                class="input fits"
                id="compare"
                name="compare"
                placeholder="Client name or ID"
                autocomplete="off"
                required=true
                value=typed
            />
            <button class="btn" type="submit">
                "Compare"
            </button>
        </form>
    }
}

/// The clients that a text may mean.
#[component]
fn Choices(id: String, typed: String, choices: Vec<ClientChoice>) -> impl IntoView {
    if choices.is_empty() {
        return view! { <p class="hint">"No client matches “" <bdi>{typed}</bdi> "”."</p> }
            .into_any();
    }
    let link = move |choice: ClientChoice| {
        let organization = choice
            .organization
            .map(|name| view! { <span class="hint">" of " <bdi>{name}</bdi></span> });
        let href = compared_permissions(&id, &choice.id);
        view! {
            <li>
                <a class="link" href=href>
                    <bdi>{choice.name}</bdi>
                </a>
                {organization}
                " "
                <code>{choice.id}</code>
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="meant">
            <header class="row">
                <h2 id="meant">"Choose the client that you mean"</h2>
            </header>
            <ul class="list meant">{choices.into_iter().map(link).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// What distinguishes the two, and the form that copies.
#[component]
fn Comparison(
    page: ClientPage,
    other: Client,
    comparison: PermissionComparison,
    may_move: bool,
) -> impl IntoView {
    let here = client_page(page.client.id.as_str(), Tab::Permissions);
    let theirs = client_page(other.id.as_str(), Tab::Permissions);
    let differences = match comparison.differences() {
        0 => "No difference".to_owned(),
        1 => "1 difference".to_owned(),
        many => format!("{many} differences"),
    };
    let revoked = other
        .lifecycle
        .is_revoked()
        .then(|| view! { <span class="badge" data-tone="danger">"Revoked"</span> });
    let missing = names(comparison.missing.iter().map(|found| found.name.clone()));
    let only_here = names(comparison.only_here.iter().cloned());
    let may_copy = may_move && !(comparison.missing.is_empty() && comparison.only_here.is_empty());
    let form = may_copy.then(|| {
        let comparison = comparison.clone();
        view! { <CopyForm page other=other.clone() comparison/> }
    });
    view! {
        <section class="card" aria-labelledby="compared">
            <header class="row">
                <h2 id="compared">
                    "Compared with "
                    <a class="link" href=theirs>
                        <bdi>{other.name.clone()}</bdi>
                    </a>
                </h2>
                {revoked}
                <span class="count">{differences}</span>
                <a class="btn quiet small push" href=here>
                    "End comparison"
                </a>
            </header>
            <div class="pad">
                <dl class="compared">
                    <Difference term="Only the other has, and this client may have".to_owned() names=missing/>
                    <Difference term="Only this client has".to_owned() names=only_here/>
                    <Impossible impossible=comparison.impossible/>
                </dl>
                {form}
            </div>
        </section>
    }
}

/// Names, with the number of them.
#[component]
fn Difference(term: String, names: Vec<String>) -> impl IntoView {
    let count = names.len();
    view! {
        <div>
            <dt>{term}</dt>
            <dd>
                <strong>{if count == 0 { "None".to_owned() } else { count.to_string() }}</strong>
                {listed(names)}
            </dd>
        </div>
    }
}

/// What cannot be granted, with the scopes that are missing.
#[component]
fn Impossible(impossible: Vec<ImpossiblePermission>) -> impl IntoView {
    let mut scopes: Vec<String> = Vec::new();
    for found in &impossible {
        if !scopes.contains(&found.scope) {
            scopes.push(found.scope.clone());
        }
    }
    let names = names(impossible.iter().map(|found| found.permission.name.clone()));
    (!impossible.is_empty()).then(|| {
        let term = format!(
            "Not possible: this client does not have the {} {}",
            if scopes.len() == 1 { "scope" } else { "scopes" },
            scopes.join(", ")
        );
        view! { <Difference term names/> }
    })
}

fn names(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect()
}

fn listed(names: Vec<String>) -> AnyView {
    let chip = |name: String| view! { <li class="chip" translate="no">{name}</li> };
    (!names.is_empty())
        .then(|| view! { <ul class="chips">{names.into_iter().map(chip).collect_view()}</ul> })
        .into_any()
}
