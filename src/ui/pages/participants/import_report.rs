//! What a list of participants would make, or what is wrong with it.

use leptos::prelude::*;

use crate::domain::participant::{ImportReport, ReadLine, WrongLine};
use crate::ui::components::badges::thousands;
use crate::ui::components::button::SubmitButton;
use crate::ui::components::field::in_text_area;
use crate::ui::components::icon::Icon;
use crate::ui::components::notice::{Notice, Tone};
use crate::ui::components::table::{Column, Table};

/// The most lines that are shown.
const SHOWN_LINES: usize = 100;

/// So many passwords are hashed in a second.
const HASHED_A_SECOND: usize = 20;

const COLUMNS: &[Column] = &[
    Column::new("Line"),
    Column::new("Nickname"),
    Column::new("Name"),
    Column::new("Email"),
    Column::new("Password"),
];

/// What is wrong, line by line. It takes the focus.
#[component]
pub(super) fn WrongLines(
    /// The report.
    report: ImportReport,
) -> impl IntoView {
    let ImportReport {
        participants,
        mut wrong,
        ..
    } = report;
    let headline = match wrong.len() {
        1 => "Nothing can be imported yet: one thing is wrong".to_owned(),
        number => format!(
            "Nothing can be imported yet: {} things are wrong",
            thousands(as_number(number))
        ),
    };
    let more = more(wrong.len());
    wrong.truncate(SHOWN_LINES);
    let of = match participants {
        1 => "1 participant was read.".to_owned(),
        number => format!("{} participants were read.", thousands(as_number(number))),
    };
    view! {
        <div class="notice" data-tone="danger" role="alert" tabindex="-1" id="errors" autofocus>
            <Icon name="warn"/>
            <div>
                <h2>{headline}</h2>
                <ul>{wrong.into_iter().map(line).collect_view()}</ul>
                {more.map(|more| view! { <p>{more}</p> })}
                <p>{of} " The line with the names of the columns is line 1."</p>
                <p>
                    <a class="link" href="#list">
                        "Go to the list"
                    </a>
                </p>
            </div>
        </div>
    }
}

fn line(wrong: WrongLine) -> AnyView {
    let WrongLine { line, wrong } = wrong;
    let place = match wrong.field {
        "line" => format!("Line {line}: "),
        field => format!("Line {line}, {field}: "),
    };
    view! { <li><strong>{place}</strong> {wrong.complaint.to_string()}</li> }.into_any()
}

/// What would be made, and the button that makes it. The list itself goes along unseen.
#[component]
pub(super) fn Preview(
    /// The report.
    report: ImportReport,
    /// The list.
    list: String,
) -> impl IntoView {
    let ImportReport {
        participants,
        mut read,
        passwords,
        ..
    } = report;
    let noun = if participants == 1 {
        "participant"
    } else {
        "participants"
    };
    let number = thousands(as_number(participants));
    let label = format!("Import {number} {noun}");
    let more = more(read.len());
    read.truncate(SHOWN_LINES);
    let seconds = passwords.div_ceil(HASHED_A_SECOND);
    let hashing = match passwords {
        0 => None,
        1 => Some(" 1 password is hashed first, which takes about 1 s.".to_owned()),
        number => Some(format!(
            " {} passwords are hashed first, which takes about {seconds} s.",
            thousands(as_number(number))
        )),
    };
    let list = in_text_area(&list);
    view! {
        <Notice tone=Tone::Neutral icon="info">
            <strong>{number} " " {noun} " can be imported."</strong>
            " Nothing has been written yet."
            {hashing}
        </Notice>
        <textarea name="list" hidden readonly>
            {list}
        </textarea>
        <div class="card">
            <Table class="read-lines" caption="Participants to be imported, by line" columns=COLUMNS>
                {read.into_iter().map(|read| view! { <ReadRow read/> }).collect_view()}
            </Table>
        </div>
        {more.map(|more| view! { <p class="hint">{more}</p> })}
        <div class="row">
            <SubmitButton label pending_label="Importing…" attr:name="step" attr:value="import"/>
            <SubmitButton label="Change the list" pending_label="Loading…" class="quiet" attr:name="step" attr:value="edit"/>
        </div>
    }
}

#[component]
fn ReadRow(read: ReadLine) -> impl IntoView {
    view! {
        <tr role="row">
            <td role="cell">{read.line}</td>
            <th role="rowheader" scope="row">
                <bdi>{read.nickname.to_string()}</bdi>
            </th>
            <td role="cell">
                <bdi>{read.name}</bdi>
            </td>
            <td role="cell" class="full">
                <bdi>{read.email.to_string()}</bdi>
            </td>
            <td role="cell" data-before="Password:">{if read.has_password { "Yes" } else { "No" }}</td>
        </tr>
    }
}

/// How many lines are not shown.
fn more(all: usize) -> Option<String> {
    let more = all.checked_sub(SHOWN_LINES).filter(|more| *more > 0)?;
    Some(format!("And {} more.", thousands(as_number(more))))
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
