//! The organizations that forms about clients offer, and the one that a form names.

use crate::domain::Time;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::OrganizationChoice;
use crate::domain::organization::{NamedOrganization, Organization};
use crate::domain::page::Cursor;
use crate::domain::rights::Right;
use crate::domain::view::OrganizationChoices;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::outline::{FILTER_CHOICES, Outline};
use crate::store::{OrganizationListing, Tx};

/// How many organizations the form for a new client lists; where there are more, it asks for a name.
const FORM_CHOICES: usize = 100;

/// How many organizations are offered that a typed text may mean.
const MATCHES: usize = 20;

impl Console {
    /// The organizations that a page offers, where its address names one or has a text that may mean several.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn organization_choices(
        &self,
        actor: &Actor,
        named: &NamedOrganization,
    ) -> Result<OrganizationChoices, Error> {
        actor.require(Right::ReadDirectory)?;
        let outline = self.outline().await?;
        let mut tx = self.read().await?;
        form_choices(&outline, &mut tx, named, self.now()).await
    }

    /// The organization that a form names, or none. What is typed is the id of one, or its name, apart from case, white
    /// space and Unicode normalization. The inner error is what is wrong with the answer.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn find_named_organization(
        &self,
        actor: &Actor,
        named: &NamedOrganization,
    ) -> Result<Result<Option<OrganizationId>, Complaint>, Error> {
        actor.require(Right::ChangeClients)?;
        let chosen = match named.chosen.trim() {
            "" => None,
            id => match id.parse() {
                Ok(id) => Some(id),
                Err(_) => return Ok(Err(Complaint::OrganizationInvalid)),
            },
        };
        if named.text.trim().is_empty() {
            return Ok(Ok(chosen));
        }
        let mut tx = self.read().await?;
        let exact = exact_matches(&mut tx, &named.text).await?;
        // The name that was filled in may be that of several.
        let filled_in = named.filled_in.trim().parse().ok();
        let meant = match chosen {
            None => filled_in.filter(|id| exact.iter().any(|found| found.id == *id)),
            some => some,
        };
        if let ([only], None) = (exact.as_slice(), meant) {
            return Ok(Ok(Some(only.id)));
        }
        let matches = matches(&mut tx, &named.text, exact, self.now()).await?;
        Ok(match meant {
            Some(id) if matches.iter().any(|found| found.id == id) => Ok(Some(id)),
            None if matches.is_empty() => Err(Complaint::OrganizationInvalid),
            _ => Err(Complaint::OrganizationAmbiguous),
        })
    }
}

/// The organizations that the form for a new client offers.
pub(super) async fn form_choices(
    outline: &Outline,
    tx: &mut Tx,
    named: &NamedOrganization,
    now: Time,
) -> Result<OrganizationChoices, Error> {
    if outline.organizations.len() <= FORM_CHOICES {
        return Ok(OrganizationChoices::All(outline.organizations.clone()));
    }
    let chosen = match named.filled_in.trim().parse() {
        Ok(id) => find(tx, id).await?,
        Err(_) => None,
    };
    let matches = if named.text.trim().is_empty() {
        Vec::new()
    } else {
        let exact = exact_matches(tx, &named.text).await?;
        matches(tx, &named.text, exact, now).await?
    };
    Ok(OrganizationChoices::Named { chosen, matches })
}

/// The organizations to filter by, and whether there are more.
pub(in crate::service::console) async fn filter_choices(
    outline: &Outline,
    tx: &mut Tx,
    chosen: Option<OrganizationId>,
) -> Result<(Vec<OrganizationChoice>, bool), Error> {
    let mut found = outline.organizations.clone();
    let has_more = found.len() > FILTER_CHOICES;
    found.truncate(FILTER_CHOICES);
    let missing = chosen.filter(|id| found.iter().all(|found| found.id != *id));
    if let Some(id) = missing {
        found.extend(tx.find_organization(id).await?.map(choice));
    }
    Ok((found, has_more))
}

/// The organization with the typed id, and those with the typed name.
async fn exact_matches(tx: &mut Tx, text: &str) -> Result<Vec<OrganizationChoice>, Error> {
    let found = tx.find_organizations_by_name(text, limit(MATCHES)).await?;
    let mut found: Vec<OrganizationChoice> = found.into_iter().map(choice).collect();
    if let Ok(id) = text.trim().parse()
        && found.iter().all(|found| found.id != id)
    {
        found.extend(find(tx, id).await?);
    }
    Ok(found)
}

/// The exact matches of a text, and those of a search for it.
async fn matches(
    tx: &mut Tx,
    text: &str,
    exact: Vec<OrganizationChoice>,
    now: Time,
) -> Result<Vec<OrganizationChoice>, Error> {
    let mut all = exact;
    for found in list(tx, text, MATCHES, now).await? {
        if all.iter().all(|other| other.id != found.id) {
            all.push(found);
        }
    }
    all.truncate(MATCHES);
    Ok(all)
}

/// An organization that is not archived.
async fn find(tx: &mut Tx, id: OrganizationId) -> Result<Option<OrganizationChoice>, Error> {
    let found = tx.find_organization(id).await?;
    let found = found.filter(|found| found.archived_at.is_none());
    Ok(found.map(choice))
}

async fn list(
    tx: &mut Tx,
    search: &str,
    most: usize,
    now: Time,
) -> Result<Vec<OrganizationChoice>, Error> {
    let listing = OrganizationListing {
        search,
        archived: false,
        cursor: Cursor::First,
        limit: limit(most),
        now,
    };
    Ok(tx.list_organization_choices(&listing).await?)
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).expect("the limits are small")
}

fn choice(organization: Organization) -> OrganizationChoice {
    OrganizationChoice {
        id: organization.id,
        name: organization.name,
    }
}
