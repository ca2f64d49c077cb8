//! Usage of the clients of an organization, added up.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::DateTime;
use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::ids::OrganizationId;
use crate::domain::usage::{ClientUsage, OrganizationDay, OrganizationUse, last_days};

use super::rows::{LazyStatements, statements, texts};
use super::{Result, Tx, on};

static ADD_DAYS: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO organization_usage_daily (day, organization, requests) VALUES ",
        3,
        " ON CONFLICT (day, organization) DO UPDATE SET
            requests = organization_usage_daily.requests + excluded.requests",
    )
});

static ADVANCE_USES: LazyStatements = LazyLock::new(|| {
    texts(
        "INSERT INTO organization_uses (organization, used_at) VALUES ",
        2,
        " ON CONFLICT (organization) DO UPDATE SET used_at = excluded.used_at
          WHERE organization_uses.used_at < excluded.used_at",
    )
});

impl Tx {
    /// Adds to the requests of organizations; each occurs once on a day. Nodes whose clients belong to the same organizations
    /// wait here for each other, so this should be one of the last statements. The order matters as in [`Tx::add_usage`].
    pub async fn add_organization_usage(&mut self, days: &[OrganizationDay]) -> Result<()> {
        for (text, rows) in statements(self, &ADD_DAYS, days) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for row in rows {
                    query = query.bind(row.day).bind(row.organization).bind(row.requests);
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Advances the last uses of organizations, never back. Each occurs once. The order matters as in [`Tx::add_usage`].
    pub async fn advance_organization_uses(&mut self, uses: &[OrganizationUse]) -> Result<()> {
        for (text, rows) in statements(self, &ADVANCE_USES, uses) {
            on!(self, conn => {
                let mut query = sqlx::query(text);
                for row in rows {
                    query = query.bind(row.organization).bind(row.used_at.timestamp_micros());
                }
                query.execute(conn).await?;
            });
        }
        Ok(())
    }

    /// The usage of organizations, at most a page of them. Those whose clients were never used are left out.
    pub async fn list_organization_usage(
        &mut self,
        organizations: &[OrganizationId],
        now: Time,
    ) -> Result<HashMap<OrganizationId, ClientUsage>> {
        let mut usage = HashMap::<OrganizationId, ClientUsage>::new();
        if organizations.is_empty() {
            return Ok(usage);
        }
        let (first, days) = (*last_days(now).start(), last_days(now));
        let (requests, uses): (Vec<(i64, OrganizationId, i64)>, Vec<(OrganizationId, i64)>) = on!(self, conn => {
            let mut query = QueryBuilder::new("SELECT day, organization, requests FROM organization_usage_daily WHERE day IN ");
            // With a range of days, the index would be read for every organization of the table.
            query.push_tuples(days, |mut list, day| { list.push_bind(day); });
            query.push(" AND organization IN ");
            query.push_tuples(organizations.iter().copied(), |mut list, id| { list.push_bind(id); });
            // Sorted rows are handed over together; otherwise two threads wake each other for every row.
            query.push(" ORDER BY organization, day");
            let requests = query.build_query_as().fetch_all(&mut *conn).await?;
            let mut query = QueryBuilder::new("SELECT organization, used_at FROM organization_uses WHERE organization IN ");
            query.push_tuples(organizations.iter().copied(), |mut list, id| { list.push_bind(id); });
            query.push(" ORDER BY organization");
            (requests, query.build_query_as().fetch_all(conn).await?)
        });
        for (day, organization, requests) in requests {
            if let Ok(place) = usize::try_from(day - first) {
                usage.entry(organization).or_default().days[place] = requests;
            }
        }
        for (organization, used_at) in uses {
            // Another node's clock may be ahead.
            let used_at = DateTime::from_timestamp_micros(used_at).map(|at| at.min(now));
            usage.entry(organization).or_default().last_used_at = used_at;
        }
        Ok(usage)
    }
}
