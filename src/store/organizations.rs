//! Organizations.

use crate::domain::Time;
use crate::domain::count::{COUNT_BOUND, Count};
use crate::domain::host::Host;
use crate::domain::ids::{OrganizationId, Version};
use crate::domain::organization::{CheckedOrganization, Organization, OrganizationSummary};

use super::types::read_from_row;
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

read_from_row!(OrganizationSummary, row => OrganizationSummary {
    organization: Organization::from_row(row)?,
    active_clients: Count::bounded(
        row.try_get::<i64, _>("endless_clients")? + row.try_get::<i64, _>("ending_clients")?,
    ),
    revoked_clients: Count::bounded(row.try_get("revoked_clients")?),
});

/// Organizations with the numbers of their clients, each counted from an index up to a limit.
macro_rules! summaries {
    ($endless:literal, $ending:literal, $revoked:literal) => {
        concat!(
            "SELECT o.id, o.name, o.host, o.created_at, o.archived_at, o.tokens_since, o.version, (",
            summaries!(count $endless),
            ") AS endless_clients, (",
            summaries!(count $ending),
            ") AS ending_clients, (",
            summaries!(count $revoked),
            ") AS revoked_clients
             FROM organizations o
             WHERE o.archived_at IS NULL
             ORDER BY o.name_key, o.id"
        )
    };
    (count $condition:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM api_clients c WHERE c.organization_id = o.id AND ",
            $condition,
            " LIMIT $2) counted"
        )
    };
}

static SUMMARIES: &str = summaries!(
    "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at IS NULL",
    "c.revoked_at IS NULL AND c.suspended_at IS NULL AND c.expires_at > $1",
    "c.revoked_at IS NOT NULL"
);

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

    /// Every organization that is not archived, with the numbers of its clients, by name.
    pub async fn list_organization_summaries(
        &mut self,
        now: Time,
    ) -> Result<Vec<OrganizationSummary>> {
        on!(self, conn => Ok(
            sqlx::query_as(SUMMARIES)
                .bind(now)
                .bind(COUNT_BOUND + 1)
                .fetch_all(conn)
                .await?
        ))
    }

    /// The ids and names of organizations that are not archived, by name, at most so many.
    pub async fn list_organization_names(
        &mut self,
        limit: i64,
    ) -> Result<Vec<(OrganizationId, String)>> {
        on!(self, conn => Ok(
            sqlx::query_as("SELECT id, name FROM organizations WHERE archived_at IS NULL ORDER BY name_key, id LIMIT $1").bind(limit).fetch_all(conn).await?
        ))
    }

    /// How many organizations are not archived.
    pub async fn count_organizations(&mut self) -> Result<i64> {
        on!(self, conn => Ok(sqlx::query_scalar("SELECT count(*) FROM organizations WHERE archived_at IS NULL").fetch_one(conn).await?))
    }

    /// Every archived organization, by name.
    pub async fn list_archived_organizations(&mut self) -> Result<Vec<Organization>> {
        on!(self, conn => Ok(
            sqlx::query_as(
                "SELECT id, name, host, created_at, archived_at, tokens_since, version FROM organizations
                 WHERE archived_at IS NOT NULL ORDER BY name_key, id",
            )
            .fetch_all(conn)
            .await?
        ))
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
        let name_key = new.name.to_lowercase();
        on!(self, conn => Ok(
            sqlx::query_as(
                "INSERT INTO organizations (id, name, name_key, host, generation, created_at, version)
                 SELECT coalesce(max(id), 0) + 1, $1, $2, $3, 0, $4, $5 FROM organizations
                 RETURNING id, name, host, created_at, archived_at, tokens_since, version",
            )
            .bind(&new.name)
            .bind(&name_key)
            .bind(new.host.as_ref().map(Host::as_str))
            .bind(stamp.at)
            .bind(stamp.version)
            .fetch_one(conn)
            .await?
        ))
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
}
