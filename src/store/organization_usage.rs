//! Usage of the clients of an organization, added up.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::DateTime;
use sqlx::QueryBuilder;

use crate::domain::Time;
use crate::domain::ids::OrganizationId;
use crate::domain::usage::{
    OrganizationDay, OrganizationUse, OrganizationUsed, hour_of, last_days,
};

use super::rows::{NumberStatement, numbers, write_numbers};
use super::{Result, Tx, on};

static ADD_DAYS: LazyLock<NumberStatement> = LazyLock::new(|| {
    numbers(
        "organization_usage_daily (day, organization, requests)",
        3,
        " ON CONFLICT (day, organization) DO UPDATE SET
            requests = organization_usage_daily.requests + excluded.requests",
    )
});

static ADVANCE_USES: LazyLock<NumberStatement> = LazyLock::new(|| {
    numbers(
        "organization_uses (organization, used_at)",
        2,
        " ON CONFLICT (organization) DO UPDATE SET used_at = excluded.used_at
          WHERE organization_uses.used_at < excluded.used_at",
    )
});

/// An organization; when it was last used, in microseconds; its live tokens; its days with their requests.
type UsageRow = (OrganizationId, Option<i64>, Option<i64>, Option<String>);

impl Tx {
    /// Adds to the requests of organizations; each occurs once on a day. Nodes whose clients belong to the same organizations
    /// wait here for each other, so this should be one of the last statements. The order matters as in [`Tx::advance_secret_uses`].
    pub async fn add_organization_usage(&mut self, days: &[OrganizationDay]) -> Result<()> {
        let row = |row: &OrganizationDay| [row.day, row.organization.0, row.requests];
        let rows: Vec<[i64; 3]> = days.iter().map(row).collect();
        write_numbers(self, &ADD_DAYS, &rows).await
    }

    /// Advances the last uses of organizations, never back. Each occurs once. The order matters as in [`Tx::advance_secret_uses`].
    pub async fn advance_organization_uses(&mut self, uses: &[OrganizationUse]) -> Result<()> {
        let row = |row: &OrganizationUse| [row.organization.0, row.used_at.timestamp_micros()];
        let rows: Vec<[i64; 2]> = uses.iter().map(row).collect();
        write_numbers(self, &ADVANCE_USES, &rows).await
    }

    /// The usage of organizations, at most a page of them. Those whose clients were never used are left out.
    pub async fn list_organization_usage(
        &mut self,
        organizations: &[OrganizationId],
        now: Time,
    ) -> Result<HashMap<OrganizationId, OrganizationUsed>> {
        let mut usage = HashMap::<OrganizationId, OrganizationUsed>::new();
        if organizations.is_empty() {
            return Ok(usage);
        }
        let days = last_days(now);
        let rows: Vec<UsageRow> = on!(self, conn => {
            // One row for each organization: the driver hands each row to another thread.
            let mut query = QueryBuilder::new(
                "SELECT o.id, u.used_at, (
                    SELECT CAST(sum(t.tokens) AS BIGINT) FROM live_tokens t WHERE t.organization = o.id AND t.hour >= ",
            );
            query.push_bind(hour_of(now));
            query.push(
                ") AS live_tokens, (
                    SELECT string_agg(CAST(d.day AS TEXT) || ':' || CAST(d.requests AS TEXT), ' ')
                    FROM organization_usage_daily d WHERE d.organization = o.id AND d.day IN ",
            );
            // With a range of days, the index would be read for every organization of the table.
            query.push_tuples(days.clone(), |mut list, day| { list.push_bind(day); });
            query.push(") AS days FROM organizations o LEFT JOIN organization_uses u ON u.organization = o.id WHERE o.id IN ");
            query.push_tuples(organizations.iter().copied(), |mut list, id| { list.push_bind(id); });
            query.push(" ORDER BY o.id");
            query.build_query_as().fetch_all(conn).await?
        });
        for (organization, used_at, live_tokens, requests) in rows {
            if used_at.is_none() && requests.is_none() && live_tokens.is_none() {
                continue;
            }
            let used_at = used_at.and_then(DateTime::from_timestamp_micros);
            let mut used = OrganizationUsed {
                live_tokens: live_tokens.unwrap_or_default().max(0),
                ..OrganizationUsed::default()
            };
            // Another node's clock may be ahead.
            used.usage.last_used_at = used_at.map(|at| at.min(now));
            for (day, requests) in read_days(&requests.unwrap_or_default()) {
                if let Ok(place) = usize::try_from(day - days.start()) {
                    used.usage.days[place] = requests;
                }
            }
            usage.insert(organization, used);
        }
        Ok(usage)
    }
}

/// The days of a text such as `20780:7 20781:3`, each with its requests.
fn read_days(text: &str) -> impl Iterator<Item = (i64, i64)> {
    text.split(' ').filter_map(|part| {
        let (day, requests) = part.split_once(':')?;
        Some((day.parse().ok()?, requests.parse().ok()?))
    })
}
