//! Entries of the audit log, the newest first, by day: as a table with who did what to what, and as a timeline of one thing.

use leptos::prelude::*;

use super::audit_entry::{
    ActorName, EntryDetails, EntrySentence, EntryTime, Here, TargetName, day_in_words, icon, tone,
};
use super::badges::Timestamp;
use super::icon::Icon;
use super::table::{Column, Table};
use crate::domain::Time;
use crate::domain::audit::AuditRow;
use crate::domain::event::{ActorRef, Record, Target};
use crate::domain::words::en::event;

const COLUMNS: &[Column] = &[
    Column::new("Time, UTC"),
    Column::new("Actor"),
    Column::new("Action"),
    Column::new("About"),
    Column::new("Address"),
];

/// Entries in a table.
#[component]
pub fn AuditTable(
    /// The entries, the newest first.
    rows: Vec<AuditRow>,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let days = by_day(rows, now);
    let days = days
        .into_iter()
        .map(|(day, rows)| {
            let rows = rows.into_iter().map(|row| view! { <TableEntry row/> });
            view! {
                <tr role="row">
                    <td role="cell" colspan="5" class="day">
                        {day}
                    </td>
                </tr>
                {rows.collect_view()}
            }
        })
        .collect_view();
    view! {
        <Table class="audit" caption="Audit log, newest first" columns=COLUMNS>
            {days}
        </Table>
    }
}

/// One entry in the table.
#[component]
fn TableEntry(row: AuditRow) -> impl IntoView {
    let AuditRow { entry, names } = row;
    let badge = view! {
        <span class="badge" data-tone=tone(&entry.kind).as_str()>
            {event::title(&entry.kind).to_owned()}
        </span>
    };
    let Some(record) = entry.record else {
        return view! {
            <tr role="row" id=format!("entry-{}", entry.sequence)>
                <td role="cell" class="hint">
                    <EntryTime at=entry.at/>
                </td>
                <td role="cell" class="hint">
                    "–"
                </td>
                <td role="cell" class="act">
                    {badge}
                    <span class="hint">{event::swept()} "."</span>
                </td>
                <td role="cell"></td>
                <td role="cell"></td>
            </tr>
        }
        .into_any();
    };
    let address = address(&record);
    let sentence = event::sentence_of(&record.event);
    let after = Some(sentence.after).filter(|after| !after.is_empty());
    let organization = names
        .organization
        .clone()
        .filter(|_| !matches!(record.target, Target::Organization { .. }));
    let about = sentence.noun.is_some().then(|| {
        view! {
            <TargetName target=record.target.clone() name=names.target.clone()/>
            {organization.map(|name| view! { <small><bdi>{name}</bdi></small> })}
        }
    });
    view! {
        <tr role="row" id=format!("entry-{}", entry.sequence)>
            <td role="cell" class="hint">
                <EntryTime at=entry.at/>
            </td>
            <td role="cell" class="who">
                <ActorName actor=record.actor name=names.actor/>
            </td>
            <td role="cell" class="act">
                {badge}
                {after.map(|after| view! { <span>{after}</span> })}
                <EntryDetails details=sentence.details/>
            </td>
            <td role="cell" class="about">
                {about}
            </td>
            <td role="cell" class="hint from">
                {address}
            </td>
        </tr>
    }
    .into_any()
}

/// Where an act came from.
fn address(record: &Record) -> String {
    match (record.address, &record.actor) {
        (Some(address), _) => address.to_string(),
        (None, ActorRef::Shell { .. }) => "Command line".to_owned(),
        (None, _) => "–".to_owned(),
    }
}

/// Entries in a timeline, a section for each day. Where the page is about one thing, its entries say so.
#[component]
pub fn Timeline(
    /// The entries, the newest first.
    rows: Vec<AuditRow>,
    /// When the page was made.
    now: Time,
    /// What the page is about.
    here: Option<Here>,
) -> impl IntoView {
    by_day(rows, now)
        .into_iter()
        .enumerate()
        .map(|(index, (day, rows))| {
            let id = format!("day-{index}");
            let labelled = id.clone();
            let entries = rows
                .into_iter()
                .map(|row| view! { <TimelineEntry row here=here.clone()/> })
                .collect_view();
            view! {
                <section class="stack" aria-labelledby=labelled>
                    <h2 id=id>{day}</h2>
                    <ol class="timeline">{entries}</ol>
                </section>
            }
        })
        .collect_view()
}

/// One entry in the timeline.
#[component]
pub fn TimelineEntry(
    /// The entry.
    row: AuditRow,
    /// What the page is about.
    here: Option<Here>,
) -> impl IntoView {
    let AuditRow { entry, names } = row;
    let words = if let Some(record) = entry.record {
        let address = record.address.map(|address| {
            view! { <p class="hint">"From " {address.to_string()}</p> }
        });
        let details = event::sentence_of(&record.event).details;
        view! {
            <EntrySentence record names here/>
            <EntryDetails details/>
            {address}
        }
        .into_any()
    } else {
        let title = event::title(&entry.kind).to_owned();
        view! {
            <p>
                <strong>{title} "."</strong>
                " "
                <span class="hint">{event::swept()} "."</span>
            </p>
        }
        .into_any()
    };
    view! {
        <li>
            <span class="dot" data-tone=tone(&entry.kind).as_str()>
                <Icon name=icon(&entry.kind)/>
            </span>
            <div>{words}</div>
            <span class="count">
                <EntryTime at=entry.at/>
            </span>
        </li>
    }
}

/// Entries by day, in their order. A clock that was set back makes a day appear twice.
fn by_day(rows: Vec<AuditRow>, now: Time) -> Vec<(String, Vec<AuditRow>)> {
    let mut days: Vec<(String, Vec<AuditRow>)> = Vec::new();
    for row in rows {
        let day = day_in_words(row.entry.at, now);
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.push(row),
            _ => days.push((day, vec![row])),
        }
    }
    days
}

/// The newest entries of a page's subject, a sentence each, with a link to all of them.
#[component]
pub fn NewestEntries(
    /// The heading.
    title: &'static str,
    /// The entries, the newest first.
    entries: Vec<AuditRow>,
    /// What is said if there is none.
    none: &'static str,
    /// The address of all entries.
    all: String,
    /// When the page was made.
    now: Time,
) -> impl IntoView {
    let contents = if entries.is_empty() {
        view! { <p class="pad hint">{none}</p> }.into_any()
    } else {
        let rows = entries
            .into_iter()
            .map(|entry| view! { <NewestEntry entry now/> })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="newest-entries">
            <header class="row">
                <h2 id="newest-entries">{title}</h2>
                <a class="link push" href=all>
                    "Audit log"
                </a>
            </header>
            {contents}
        </section>
    }
}

#[component]
fn NewestEntry(entry: AuditRow, now: Time) -> impl IntoView {
    let AuditRow { entry, names } = entry;
    let icon = icon(&entry.kind);
    let sentence = entry
        .record
        .map(|record| view! { <EntrySentence record names here=None/> });
    view! {
        <li>
            <Icon name=icon/>
            <div>{sentence}</div>
            <span class="count">
                <Timestamp at=entry.at now/>
            </span>
        </li>
    }
}
