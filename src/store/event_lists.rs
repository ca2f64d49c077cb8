//! Pages of the audit log, filtered. The cost of none grows with the number of records.
//!
//! The numbers of a page come from the index of one condition, the most selective one, in their order. Where there are
//! several conditions, [`WINDOW`] records that fit that one are read at most, and the page says how far it came.

use chrono::TimeDelta;
use sqlx::AssertSqlSafe;

use crate::domain::Time;
use crate::domain::event::Entry;
use crate::domain::ids::{OrganizationId, Sequence};
use crate::domain::page::Cursor;
use crate::domain::usage::day_of;

use super::event_rows::StoredRecord;
use super::{Result, Tx, on};

/// How many records that fit one condition are read at most to find those that fit the others, too.
const WINDOW: i64 = 5_000;

const COLUMNS: &str =
    "sequence, at, kind, actor, address, target, organization_id, data, version, digest, hash";

/// Which records are listed. An empty list, and none, choose everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventConditions {
    /// The texts of the actors.
    pub actors: Vec<String>,
    /// The kinds.
    pub kinds: Vec<&'static str>,
    /// The texts of the targets.
    pub targets: Vec<String>,
    /// The organization.
    pub organization: Option<OrganizationId>,
    /// The first moment.
    pub since: Option<Time>,
    /// The moment after the last.
    pub until: Option<Time>,
}

/// Entries in the order of a cursor: the newest first, or, before a cursor, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadEntries {
    /// The entries, at most as many as were asked for.
    pub entries: Vec<Entry>,
    /// The number of the last record that was looked at, when the limit of a read came first: there may be more beyond.
    pub stopped_at: Option<Sequence>,
}

/// A value of a statement.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(i64),
    Text(String),
    Moment(Time),
}

/// A column that one condition is about, with the values that fit, each by an index.
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    column: &'static str,
    values: Vec<Value>,
}

/// A statement with its values.
#[derive(Clone, Debug, Default)]
struct Statement {
    text: String,
    values: Vec<Value>,
}

/// Numbers between which records are looked for, in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    first: i64,
    last: i64,
    is_backwards: bool,
}

impl Statement {
    /// Adds a value, and returns its name in the text.
    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// Numbers of records of a stretch, from the index of a condition or, without one, of the numbers themselves; in their
    /// order, at most so many.
    fn numbers(&mut self, condition: Option<&Condition>, stretch: Stretch, limit: i64) -> String {
        let (first, last) = (Value::Number(stretch.first), Value::Number(stretch.last));
        let (first, last) = (self.value(first), self.value(last));
        let limit = self.value(Value::Number(limit));
        let order = stretch.order();
        let branch = |condition: &str| {
            format!(
                "SELECT sequence FROM audit_events
                 WHERE {condition}sequence >= {first} AND sequence <= {last} ORDER BY sequence {order} LIMIT {limit}"
            )
        };
        let Some(Condition { column, values }) = condition else {
            return branch("");
        };
        let branches: Vec<String> = values
            .iter()
            .map(|value| branch(&format!("{column} = {} AND ", self.value(value.clone()))))
            .collect();
        if let [only] = branches.as_slice() {
            return only.clone();
        }
        // Each is read in the order of its index; of all values at once the records would have to be sorted.
        let branches: Vec<String> = branches
            .iter()
            .enumerate()
            .map(|(index, branch)| format!("SELECT sequence FROM ({branch}) AS branch_{index}"))
            .collect();
        format!(
            "SELECT sequence FROM ({}) AS branches ORDER BY sequence {order} LIMIT {limit}",
            branches.join(" UNION ALL ")
        )
    }

    /// A condition that no index is used for: the expression is none of an index.
    fn filter(&mut self, condition: &Condition) -> String {
        let values: Vec<String> = condition
            .values
            .iter()
            .map(|value| self.value(value.clone()))
            .collect();
        let nothing = if condition.column == ORGANIZATION {
            "+ 0"
        } else {
            "|| ''"
        };
        format!("{} {nothing} IN ({})", condition.column, values.join(", "))
    }
}

impl Stretch {
    fn order(self) -> &'static str {
        if self.is_backwards { "ASC" } else { "DESC" }
    }
}

const ORGANIZATION: &str = "organization_id";

impl EventConditions {
    /// The conditions that have an index.
    fn indexed(&self) -> Vec<Condition> {
        let texts = |texts: &[String]| texts.iter().cloned().map(Value::Text).collect();
        let kinds = self
            .kinds
            .iter()
            .map(|kind| Value::Text((*kind).to_owned()));
        let organization = self.organization.map(|id| Value::Number(id.0));
        [
            ("target", texts(&self.targets)),
            ("actor", texts(&self.actors)),
            (ORGANIZATION, organization.into_iter().collect()),
            ("kind", kinds.collect()),
        ]
        .into_iter()
        .map(|(column, values)| Condition { column, values })
        .filter(|condition| !condition.values.is_empty())
        .collect()
    }
}

/// The statement of a page, and that of its window when it has one. The first condition leads.
fn page(
    conditions: &[Condition],
    moments: [Option<Time>; 2],
    stretch: Stretch,
    limit: i64,
) -> (Statement, Option<Statement>) {
    let (lead, others) = conditions.split_first().unzip();
    let others = others.unwrap_or_default();
    let order = stretch.order();
    let is_filtered = !others.is_empty() || moments.iter().any(Option::is_some);
    let mut statement = Statement::default();
    if !is_filtered {
        let numbers = statement.numbers(lead, stretch, limit);
        statement.text = format!(
            "SELECT {COLUMNS} FROM audit_events WHERE sequence IN ({numbers}) ORDER BY sequence {order}"
        );
        return (statement, None);
    }
    let numbers = statement.numbers(lead, stretch, WINDOW);
    let mut filters: Vec<String> = others.iter().map(|other| statement.filter(other)).collect();
    for (moment, comparison) in moments.into_iter().zip([">=", "<"]) {
        if let Some(moment) = moment {
            let moment = statement.value(Value::Moment(moment));
            filters.push(format!("at {comparison} {moment}"));
        }
    }
    let limit = statement.value(Value::Number(limit));
    statement.text = format!(
        "SELECT {COLUMNS} FROM audit_events WHERE sequence IN ({numbers}) AND {} ORDER BY sequence {order} LIMIT {limit}",
        filters.join(" AND ")
    );
    let mut window = Statement::default();
    let numbers = window.numbers(lead, stretch, WINDOW);
    let end = if stretch.is_backwards { "max" } else { "min" };
    window.text =
        format!("SELECT count(*), coalesce({end}(sequence), 0) FROM ({numbers}) AS read_numbers");
    (statement, Some(window))
}

/// Runs a statement with its values.
macro_rules! run {
    ($tx:expr, $statement:expr, $query:path, $fetch:ident) => {{
        let Statement { text, values } = $statement;
        // No prepared plan on PostgreSQL: one that was made for other values would be slow.
        let keep = matches!($tx, Tx::Sqlite(_));
        on!($tx, conn => {
            let mut query = $query(AssertSqlSafe(text)).persistent(keep);
            for value in values {
                query = match value {
                    Value::Number(number) => query.bind(number),
                    Value::Text(text) => query.bind(text),
                    Value::Moment(moment) => query.bind(moment),
                };
            }
            query.$fetch(conn).await?
        })
    }};
}

impl Tx {
    /// Entries from a cursor on, at most so many.
    pub async fn list_entries(
        &mut self,
        conditions: &EventConditions,
        cursor: Cursor,
        limit: i64,
    ) -> Result<ReadEntries> {
        let nothing = ReadEntries {
            entries: Vec::new(),
            stopped_at: None,
        };
        let Some(stretch) = self.find_stretch(conditions, cursor).await? else {
            return Ok(nothing);
        };
        let mut indexed = conditions.indexed();
        if indexed.len() > 1 {
            self.rank_conditions(&mut indexed, stretch).await?;
        }
        let moments = [conditions.since, conditions.until];
        let (statement, window) = page(&indexed, moments, stretch, limit);
        let rows: Vec<StoredRecord> = run!(self, statement, sqlx::query_as, fetch_all);
        let is_full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
        let mut stopped_at = None;
        if let (false, Some(window)) = (is_full, window) {
            let (read, end): (i64, i64) = run!(self, window, sqlx::query_as, fetch_one);
            stopped_at = (read >= WINDOW).then_some(Sequence(end));
        }
        Ok(ReadEntries {
            entries: rows.into_iter().map(StoredRecord::entry).collect(),
            stopped_at,
        })
    }

    /// Moves the condition that the fewest records of the stretch fit to the front. They are counted up to [`WINDOW`].
    async fn rank_conditions(
        &mut self,
        conditions: &mut Vec<Condition>,
        stretch: Stretch,
    ) -> Result<()> {
        let mut ranked = Vec::with_capacity(conditions.len());
        for condition in conditions.drain(..) {
            let statement = count(&condition, stretch);
            let fits: (i64,) = run!(self, statement, sqlx::query_as, fetch_one);
            ranked.push((fits.0, condition));
        }
        ranked.sort_by_key(|(fits, _)| *fits);
        conditions.extend(ranked.into_iter().map(|(_, condition)| condition));
        Ok(())
    }

    /// The numbers between which the records are, or none when there cannot be any.
    async fn find_stretch(
        &mut self,
        conditions: &EventConditions,
        cursor: Cursor,
    ) -> Result<Option<Stretch>> {
        let (mut first, mut last) = (1, i64::MAX);
        if conditions.since.is_some() || conditions.until.is_some() {
            let from = conditions.since.map_or(i64::MIN, day_of);
            let last_moment = |until: Time| until - TimeDelta::microseconds(1);
            let to = conditions
                .until
                .map_or(i64::MAX, |until| day_of(last_moment(until)));
            let found: (Option<i64>, Option<i64>) = on!(self, conn => {
                sqlx::query_as(
                    "SELECT min(first_sequence), max(last_sequence) FROM audit_days WHERE day >= $1 AND day <= $2",
                )
                .bind(from)
                .bind(to)
                .fetch_one(conn)
                .await?
            });
            let (Some(low), Some(high)) = found else {
                return Ok(None);
            };
            (first, last) = (low, high);
        }
        match cursor {
            Cursor::First => {}
            Cursor::After(key) => last = last.min(key.saturating_sub(1)),
            Cursor::Before(key) => first = first.max(key.saturating_add(1)),
        }
        Ok((first <= last).then_some(Stretch {
            first,
            last,
            is_backwards: matches!(cursor, Cursor::Before(_)),
        }))
    }
}

/// Counts the records of a stretch that fit a condition.
fn count(condition: &Condition, stretch: Stretch) -> Statement {
    let mut statement = Statement::default();
    let values: Vec<String> = condition
        .values
        .iter()
        .map(|value| statement.value(value.clone()))
        .collect();
    let first = statement.value(Value::Number(stretch.first));
    let last = statement.value(Value::Number(stretch.last));
    statement.text = format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM audit_events
         WHERE {} IN ({}) AND sequence >= {first} AND sequence <= {last} LIMIT {WINDOW}) AS counted",
        condition.column,
        values.join(", ")
    );
    statement
}

#[cfg(test)]
mod tests;
