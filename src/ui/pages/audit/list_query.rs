//! The query of the addresses of the audit log.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::domain::Time;
use crate::domain::address::{in_query, parameter};
use crate::domain::audit::{Action, AuditFilter};
use crate::domain::page::Cursor;
use crate::ui::addresses::{cursor_in, list_page};

/// The filter and the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// The filter. Its moments are the beginnings of days.
    pub filter: AuditFilter,
    /// The page.
    pub cursor: Cursor,
}

impl AuditQuery {
    /// Parses the raw query. Invalid values count as absent.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let text = |name: &str| parameter(query, name).unwrap_or_default().trim().to_owned();
        let filter = AuditFilter {
            actor: text("actor"),
            action: Action::parse(&text("action")),
            client: text("client"),
            target: None,
            organization: text("organization").parse().ok(),
            since: day(&text("from")),
            until: day(&text("to")).map(|last| last + TimeDelta::days(1)),
        };
        Self {
            filter,
            cursor: cursor_in(query),
        }
    }

    /// The parameters of the filter, by name.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let filter = &self.filter;
        let action = filter.action.map(Action::as_str).unwrap_or_default();
        let organization = filter.organization.map(|id| id.to_string());
        [
            ("actor", filter.actor.clone()),
            ("action", action.to_owned()),
            ("client", filter.client.clone()),
            ("organization", organization.unwrap_or_default()),
            ("from", self.first_day()),
            ("to", self.last_day()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// The address of a page with this query.
    #[must_use]
    pub fn href(&self, page: &str) -> String {
        let parameters = self.parameters().into_iter();
        let parameters = parameters.map(|(name, value)| format!("{name}={}", in_query(&value)));
        list_page(page, parameters.collect(), self.cursor)
    }

    /// The same filter on another page.
    #[must_use]
    pub fn at(&self, cursor: Cursor) -> Self {
        Self {
            cursor,
            ..self.clone()
        }
    }

    /// The first day, as a date field has it; empty without one.
    #[must_use]
    pub fn first_day(&self) -> String {
        let first = self.filter.since.map(|at| at.date_naive().to_string());
        first.unwrap_or_default()
    }

    /// The last day.
    #[must_use]
    pub fn last_day(&self) -> String {
        let last = self.filter.until.map(|at| at - TimeDelta::days(1));
        last.map(|at| at.date_naive().to_string())
            .unwrap_or_default()
    }

    /// Whether any filter is set.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filter != AuditFilter::default()
    }
}

/// The beginning of a day that is written as a date field writes it.
fn day(text: &str) -> Option<Time> {
    let parts: Vec<u32> = text
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let &[year @ 1970..=9998, month, day] = parts.as_slice() else {
        return None;
    };
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::addresses::AUDIT;

    #[test]
    fn an_address_is_parsed_and_written() {
        let address = "actor=ada%40example.org&action=permissions&client=dash&organization=2&from=2026-11-01&to=2026-11-23";
        let query = AuditQuery::read(&format!("{address}&after=40"));
        assert_eq!(query.href(AUDIT), format!("{AUDIT}?{address}&after=40"));
        assert_eq!(
            query.filter.until,
            Some("2026-11-24T00:00:00Z".parse().unwrap())
        );
        let one = AuditQuery::read("action=client.revoked");
        assert_eq!(one.href(AUDIT), format!("{AUDIT}?action=client.revoked"));
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let query = AuditQuery::read(
            "actor=+&action=sleep&organization=x&from=2026-13-01&to=12345-01-01&before=y",
        );
        assert_eq!(query, AuditQuery::default());
        assert_eq!(query.href(AUDIT), AUDIT);
    }
}
