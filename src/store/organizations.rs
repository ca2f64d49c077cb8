//! Organizations.

use std::collections::BTreeSet;

use crate::domain::host::Host;
use crate::domain::ids::{ClientNumber, OrganizationId, Version};
use crate::domain::organization::{CheckedOrganization, Organization};

use super::search::{Noun, beginnings};
use super::types::{name_key, read_from_row};
use super::{Result, Stamp, Tx, on};

read_from_row!(Organization, row => Organization {
    id: row.try_get("id")?,
    name: row.try_get("name")?,
    host: row.try_get::<Option<String>, _>("host")?.map(Host::stored),
    created_at: row.try_get("created_at")?,
    archived_at: row.try_get("archived_at")?,
    tokens_since: row.try_get("tokens_since")?,
    version: row.try_get("version")?,
});

/// The beginnings by which an organization is found. An id is one word; a word of a host begins after each dot.
fn words(organization: &Organization) -> BTreeSet<String> {
    let host = organization.host.as_ref().map_or("", Host::as_str);
    let name = format!("{} {host}", organization.name);
    beginnings(&name, &organization.id.to_string())
}

impl Tx {
    /// The organization with this id.
    pub async fn find_organization(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT id, name, host, created_at, archived_at, tokens_since, version FROM organizations WHERE id = $1")
                .bind(id)
                .fetch_optional(conn)
                .await?
        ))
    }

    /// Every organization that changed after a version, archived ones included, by id.
    pub async fn list_organizations(&mut self, since: Version) -> Result<Vec<Organization>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT id, name, host, created_at, archived_at, tokens_since, version FROM organizations WHERE version > $1 ORDER BY id")
                .bind(since)
                .fetch_all(conn)
                .await?
        ))
    }

    /// How many organizations are not archived.
    pub async fn count_organizations(&mut self) -> Result<i64> {
        on!(self, conn => Ok(sqlx::query_scalar("SELECT count(*) FROM organizations WHERE archived_at IS NULL").fetch_one(conn).await?))
    }

    /// How many organizations are archived.
    pub async fn count_archived_organizations(&mut self) -> Result<i64> {
        on!(self, conn => Ok(sqlx::query_scalar("SELECT count(*) FROM organizations WHERE archived_at IS NOT NULL").fetch_one(conn).await?))
    }

    /// Adds an organization under the next free id. The transaction must have raised the directory version, which
    /// serializes writers, so that the id stays free.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when another organization has the host.
    pub async fn insert_organization(
        &mut self,
        new: &CheckedOrganization,
        stamp: &Stamp,
    ) -> Result<Organization> {
        let made: Organization = on!(self, conn => {
            sqlx::query_as(
                "INSERT INTO organizations (id, name, name_key, host, generation, created_at, version)
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, 0, $4, $5 FROM organizations
                 RETURNING id, name, host, created_at, archived_at, tokens_since, version",
            )
            .bind(&new.name)
            .bind(name_key(&new.name))
            .bind(new.host.as_ref().map(Host::as_str))
            .bind(stamp.at)
            .bind(stamp.version)
            .fetch_one(conn)
            .await?
        });
        self.update_search(
            Noun::Organization,
            made.id.0,
            &BTreeSet::new(),
            &words(&made),
        )
        .await?;
        Ok(made)
    }

    /// Gives an organization another host, or none. False when there is no such organization or it is archived.
    ///
    /// # Errors
    /// [`Taken`](super::Error::Taken) when another organization has the host.
    pub async fn update_organization_host(
        &mut self,
        id: OrganizationId,
        host: Option<&Host<'_>>,
        version: Version,
    ) -> Result<bool> {
        self.update_host_words(id, host).await?;
        on!(self, conn => Ok(
            sqlx::query(
                "UPDATE organizations SET host = $2, version = $3 WHERE id = $1 AND archived_at IS NULL",
            )
            .bind(id)
            .bind(host.map(Host::as_str))
            .bind(version)
            .execute(conn)
            .await?
            .rows_affected() == 1
        ))
    }

    /// Gives an organization, archived or not, another name. False when there is no such organization.
    pub async fn rename_organization(
        &mut self,
        id: OrganizationId,
        name: &str,
        version: Version,
    ) -> Result<bool> {
        let Some(before) = self.find_organization(id).await? else {
            return Ok(false);
        };
        let after = Organization {
            name: name.to_owned(),
            ..before.clone()
        };
        self.update_search(Noun::Organization, id.0, &words(&before), &words(&after))
            .await?;
        on!(self, conn => Ok(
            sqlx::query("UPDATE organizations SET name = $2, name_key = $3, version = $4 WHERE id = $1")
                .bind(id)
                .bind(name)
                .bind(name_key(name))
                .bind(version)
                .execute(conn)
                .await?
                .rows_affected() == 1
        ))
    }

    /// The numbers of an organization's clients that are not revoked, at most so many, in no certain order.
    pub async fn list_clients_of_organization(
        &mut self,
        id: OrganizationId,
        limit: i64,
    ) -> Result<Vec<ClientNumber>> {
        on!(self, conn => Ok(
            sqlx::query_scalar("SELECT number FROM api_clients WHERE organization_id = $1 AND revoked_at IS NULL LIMIT $2")
                .bind(id)
                .bind(limit)
                .fetch_all(conn)
                .await?
        ))
    }

    /// Restores an archived organization; tokens that were issued at an older version stay dead. False when there is no
    /// such organization or it is not archived.
    pub async fn restore_organization(
        &mut self,
        id: OrganizationId,
        version: Version,
    ) -> Result<bool> {
        on!(self, conn => Ok(
            sqlx::query(
                "UPDATE organizations SET archived_at = NULL, tokens_since = $2, version = $2
                 WHERE id = $1 AND archived_at IS NOT NULL",
            )
            .bind(id)
            .bind(version)
            .execute(conn)
            .await?
            .rows_affected() == 1
        ))
    }

    /// Archives an organization and frees its host. False when there is no such organization or it is archived already.
    pub async fn archive_organization(
        &mut self,
        id: OrganizationId,
        stamp: &Stamp,
    ) -> Result<bool> {
        self.update_host_words(id, None).await?;
        on!(self, conn => Ok(
            sqlx::query(
                "UPDATE organizations
                 SET archived_at = $2, host = NULL, generation = generation + 1, version = $3
                 WHERE id = $1 AND archived_at IS NULL",
            )
            .bind(id)
            .bind(stamp.at)
            .bind(stamp.version)
            .execute(conn)
            .await?
            .rows_affected() == 1
        ))
    }

    /// Replaces the search entries of an organization that is about to get another host; an archived one gets none.
    async fn update_host_words(
        &mut self,
        id: OrganizationId,
        host: Option<&Host<'_>>,
    ) -> Result<()> {
        let found = self.find_organization(id).await?;
        let Some(mut organization) = found.filter(|found| found.archived_at.is_none()) else {
            return Ok(());
        };
        let before = words(&organization);
        organization.host = host.map(|host| Host::stored(host.to_string()));
        let after = words(&organization);
        self.update_search(Noun::Organization, id.0, &before, &after)
            .await
    }
}
