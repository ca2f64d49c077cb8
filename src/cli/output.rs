//! How commands speak: data on stdout, everything else on stderr, and an exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use super::log;
use crate::domain::error::Error;

/// What a command comes to.
pub type Done = anyhow::Result<()>;

/// Ends `claviger`: 0 when done, 1 when refused.
pub fn finish(done: Done) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_wrong_usage(&error) => ExitCode::from(2),
        Err(error) => {
            complain(&format!("claviger: {}", told(&error)));
            ExitCode::FAILURE
        }
    }
}

/// Prints help or what is wrong with the usage, and ends: 0 for help, 2 for wrong usage.
pub fn usage(error: &clap::Error) -> ExitCode {
    // Nothing can be done when stderr is gone.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Prints a line of data.
///
/// # Errors
/// When stdout is gone.
pub fn print(line: &str) -> Done {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

/// Prints a line for a person.
pub fn complain(line: &str) {
    // Nothing can be done when stderr is gone.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// What a command prints a line of.
pub trait Row: Serialize {
    /// The columns of a table, in order.
    const COLUMNS: &'static [&'static str];
}

/// Prints rows: an object a line, or a table when a person watches.
///
/// # Errors
/// When stdout is gone.
pub fn print_rows<R: Row>(rows: &[R]) -> Done {
    if std::io::stdout().is_terminal() {
        return table(rows)?.iter().try_for_each(|line| print(line));
    }
    rows.iter()
        .try_for_each(|row| print(&serde_json::to_string(row)?))
}

/// The lines of a table. A column that no row fills is left out.
fn table<R: Row>(rows: &[R]) -> anyhow::Result<Vec<String>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let objects: Vec<Value> = rows
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()?;
    let mut lines = vec![String::new(); rows.len() + 1];
    for name in R::COLUMNS {
        let values: Vec<&Value> = objects.iter().map(|object| &object[*name]).collect();
        if values.iter().all(|value| value.is_null()) {
            continue;
        }
        let mut cells = vec![name.replace('_', " ").to_uppercase()];
        cells.extend(values.into_iter().map(cell));
        let width = cells
            .iter()
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default();
        for (line, cell) in lines.iter_mut().zip(cells) {
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.chars().count()));
        }
    }
    Ok(lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect())
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What went wrong, on one line.
pub fn told(error: &anyhow::Error) -> String {
    let text = match error.downcast_ref::<Error>() {
        Some(Error::Invalid(fields)) => fields
            .iter()
            .map(|field| field.message.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        Some(blamed @ (Error::Unavailable | Error::Internal { .. })) => log::with_cause(blamed),
        _ => causes(error).join(": "),
    };
    text.replace('\n', " ")
}

/// What happened and why, where a cause does not say the same again.
fn causes(error: &anyhow::Error) -> Vec<String> {
    let mut texts: Vec<String> = error.chain().map(ToString::to_string).collect();
    texts.dedup();
    texts
}

/// True when the arguments or variables were wrong, which was said already.
fn is_wrong_usage(error: &anyhow::Error) -> bool {
    let Some(error) = error.downcast_ref::<clap::Error>() else {
        return false;
    };
    usage(error);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Book {
        shelf_mark: u32,
        title: &'static str,
        borrower: Option<&'static str>,
        lost: Option<bool>,
    }

    impl Row for Book {
        const COLUMNS: &'static [&'static str] = &["shelf_mark", "title", "borrower", "lost"];
    }

    #[test]
    fn a_table_keeps_its_columns_in_order_and_leaves_out_empty_ones() {
        let books = [
            Book {
                shelf_mark: 7,
                title: "Emma",
                borrower: None,
                lost: None,
            },
            Book {
                shelf_mark: 12345,
                title: "Žena",
                borrower: Some("Ada"),
                lost: None,
            },
        ];
        assert_eq!(
            table(&books).unwrap(),
            [
                "SHELF MARK  TITLE  BORROWER",
                "7           Emma",
                "12345       Žena   Ada"
            ]
        );
        assert_eq!(table(&books[..0]).unwrap(), [""; 0]);
    }

    #[test]
    fn a_cause_that_says_the_same_again_is_left_out() {
        let inner = std::io::Error::other("the disk is full");
        assert_eq!(
            told(&anyhow::Error::new(std::io::Error::other(inner)).context("nothing\nwas written")),
            "nothing was written: the disk is full"
        );
    }
}
