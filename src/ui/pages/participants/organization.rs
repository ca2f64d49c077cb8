//! Which organization a page is about: the one that its address names, or the only one.

use leptos::prelude::*;

use crate::domain::error::Error;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::OrganizationChoice;
use crate::domain::organization::{NamedOrganization, Organization};
use crate::domain::view::OrganizationChoices;
use crate::ui::addresses::{NEW_ORGANIZATION, of_organization};
use crate::ui::components::empty::Empty;
use crate::ui::components::frame::PageHead;
use crate::ui::components::icon::Icon;
use crate::ui::page::AdminRequest;

/// The organization of a page, and those that it offers.
#[derive(Clone, Debug)]
pub(super) struct AskedOrganization {
    /// What it offers.
    choices: OrganizationChoices,
    /// What was typed instead of an id, or nothing.
    typed: String,
    /// The organization; none while it has to be chosen.
    pub(super) organization: Option<Organization>,
}

impl AskedOrganization {
    /// Reads the parameter `organization` of the address: an id, or where there are too many for a list, a name.
    pub(super) async fn read(request: &AdminRequest) -> Result<Self, Error> {
        let asked = request.page.parameter("organization").unwrap_or_default();
        let asked = asked.trim();
        let id: Option<OrganizationId> = asked.parse().ok();
        let typed = if id.is_some() { "" } else { asked };
        let named = NamedOrganization {
            text: typed.to_owned(),
            filled_in: id.map(|id| id.to_string()).unwrap_or_default(),
            ..NamedOrganization::default()
        };
        let console = request.console();
        let choices = console.organization_choices(&request.actor, &named).await?;
        let (OrganizationChoices::All(offered)
        | OrganizationChoices::Named {
            matches: offered, ..
        }) = &choices;
        let only = match offered.as_slice() {
            [only] => Some(only.id),
            _ => None,
        };
        let organization = match id.or(only) {
            Some(id) => Some(console.get_organization(&request.actor, id).await?),
            None => None,
        };
        Ok(Self {
            choices,
            typed: typed.to_owned(),
            organization,
        })
    }

    /// Whether there is no organization at all.
    fn is_nowhere(&self) -> bool {
        self.organization.is_none() && self.choices == OrganizationChoices::All(Vec::new())
    }
}

/// The form that leads to the same page of another organization; nothing where there is no other.
#[component]
pub(super) fn OrganizationChooser(
    /// The organization, and the others.
    asked: AskedOrganization,
    /// The page.
    page: &'static str,
) -> impl IntoView {
    let AskedOrganization {
        choices,
        typed,
        organization,
    } = asked;
    let is_only = organization
        .as_ref()
        .is_some_and(|organization| organization.archived_at.is_none());
    match choices {
        OrganizationChoices::All(all) if all.is_empty() || (all.len() == 1 && is_only) => {
            ().into_any()
        }
        OrganizationChoices::All(all) => {
            view! { <OrganizationSelect all organization page/> }.into_any()
        }
        OrganizationChoices::Named { matches, .. } => {
            let matches = if organization.is_some() {
                Vec::new()
            } else {
                matches
            };
            let name = organization.map_or_else(|| typed.clone(), |organization| organization.name);
            view! { <OrganizationText name typed matches page/> }.into_any()
        }
    }
}

/// Every organization as an option.
#[component]
fn OrganizationSelect(
    all: Vec<OrganizationChoice>,
    organization: Option<Organization>,
    page: &'static str,
) -> impl IntoView {
    let chosen = organization.as_ref().map(|organization| organization.id);
    // An archived one is offered nowhere else.
    let archived = organization
        .filter(|organization| organization.archived_at.is_some())
        .map(|organization| OrganizationChoice {
            id: organization.id,
            name: organization.name,
        });
    let option = move |organization: OrganizationChoice| {
        let is_chosen = chosen == Some(organization.id);
        view! { <option value=organization.id.to_string() selected=is_chosen>{organization.name}</option> }
    };
    let none = chosen
        .is_none()
        .then(|| view! { <option value="">"Choose one"</option> });
    view! {
        <form class="row" action=page method="get" aria-label="Organization">
            <label for="organization">"Organization"</label>
            <select class="input fits" id="organization" name="organization" autocomplete="off">
                {none}
                {archived.into_iter().chain(all).map(option).collect_view()}
            </select>
            <button class="btn" type="submit">
                "Show"
            </button>
        </form>
    }
}

/// A text, and the organizations that it may mean.
#[component]
fn OrganizationText(
    /// What is in the field.
    name: String,
    /// What was typed, or nothing.
    typed: String,
    matches: Vec<OrganizationChoice>,
    page: &'static str,
) -> impl IntoView {
    let link = move |choice: OrganizationChoice| {
        view! {
            <li>
                <a class="btn small" href=of_organization(page, choice.id)>
                    <bdi>{choice.name}</bdi>
                    <code>{choice.id.0}</code>
                </a>
            </li>
        }
    };
    let found = if matches.is_empty() {
        let is_unknown = !typed.is_empty() && name == typed;
        is_unknown
            .then(|| view! { <p class="hint">"No organization matches “" <bdi>{typed}</bdi> "”."</p> })
            .into_any()
    } else {
        view! {
            <ul class="row" aria-label="Matching organizations, each with its ID">
                {matches.into_iter().map(link).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <form class="row" action=page method="get" aria-label="Organization">
            <label for="organization">"Organization"</label>
            <input
                class="input fits"
                id="organization"
                name="organization"
                placeholder="Name or ID"
                autocomplete="off"
                value=name
            />
            <button class="btn" type="submit">
                "Show"
            </button>
        </form>
        {found}
    }
}

/// A page while it is about no organization: there is none, or one has to be chosen.
#[component]
pub(super) fn Unchosen(
    /// The title of the page.
    title: &'static str,
    /// The page.
    page: &'static str,
    /// The organizations.
    asked: AskedOrganization,
    /// Whether the administrator may add an organization.
    may_add: bool,
) -> impl IntoView {
    let is_nowhere = asked.is_nowhere();
    let contents = if is_nowhere {
        let add = may_add.then(|| {
            view! {
                <div class="row">
                    <a class="btn fill" href=NEW_ORGANIZATION>
                        <Icon name="plus"/>
                        "Add organization"
                    </a>
                </div>
            }
        });
        view! {
            <Empty title="No organizations yet">
                <p>"A participant is a person of one organization. Add the organization first."</p>
                {add}
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="Choose an organization">
                <p>"A participant is a person of one organization. Clients of that organization can act for them, and no others."</p>
            </Empty>
        }
        .into_any()
    };
    view! {
        <PageHead title>
            <OrganizationChooser asked page/>
        </PageHead>
        <div class="body">{contents}</div>
    }
}
