//! Output of commands: data on stdout, everything else on stderr, and an exit code.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::log;
use crate::domain::command::{CommandComplaint, Done, Next};
use crate::domain::error::Error;
use crate::domain::visible::{visible, visible_json};

/// The result of a command.
pub type CommandResult = anyhow::Result<()>;

/// The exit code of a command that made its change and could not print the result.
const UNREPORTED: u8 = 3;

/// Ends a command: 0 when done, 1 when refused, 2 for wrong usage, 3 when the result of a change could not be printed.
/// `line_of` formats the line on stderr.
pub fn finish(done: CommandResult, line_of: impl FnOnce(&str) -> String) -> ExitCode {
    let Err(error) = done else {
        return ExitCode::SUCCESS;
    };
    let error = match error.downcast_ref::<clap::Error>() {
        None => error,
        Some(wrong) if wrong.use_stderr() => return usage(wrong),
        Some(help) => match print_help(help) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => error,
        },
    };
    if has_no_reader(&error) {
        return ExitCode::SUCCESS;
    }
    print_error(&line_of(&sentence_of(&error)));
    match error.downcast_ref() {
        Some(CommandComplaint::Unreported { .. }) => ExitCode::from(UNREPORTED),
        _ => ExitCode::FAILURE,
    }
}

/// Whether printing stopped with `EPIPE`, because the reader, such as `head`, closed the pipe. Not for a command that
/// made a change.
fn has_no_reader(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(CommandComplaint::OutputUnwritable {
            kind: io::ErrorKind::BrokenPipe,
            ..
        })
    )
}

/// The error of a command that made a change and cannot print the result.
pub fn unreported(cause: &anyhow::Error, done: Done, next: Next) -> anyhow::Error {
    anyhow::Error::new(CommandComplaint::Unreported {
        done,
        cause: sentence_of(cause),
        next,
    })
}

/// Prints an error of usage, with colours on a terminal.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    // The error may repeat the refused value.
    let is_plain = text.lines().all(|line| line == visible(line));
    if is_plain && io::stderr().is_terminal() {
        // A failure of stderr cannot be reported.
        let _ = error.print();
    } else {
        text.trim_end().lines().for_each(print_error);
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Prints help or the version, with colours on a terminal.
fn print_help(help: &clap::Error) -> CommandResult {
    if claviger_stdio::stdout_was_open() && io::stdout().is_terminal() {
        return help.print().map_err(|error| unwritable(&error));
    }
    print(help.render().to_string().trim_end())
}

/// Prints lines of data in one write.
///
/// # Errors
/// When stdout was closed at the start of the process, or a write fails.
pub fn print(text: &str) -> CommandResult {
    write(&format!("{text}\n")).map_err(|error| unwritable(&error))
}

fn unwritable(error: &io::Error) -> anyhow::Error {
    anyhow::Error::new(CommandComplaint::OutputUnwritable {
        kind: error.kind(),
        cause: error.to_string(),
    })
}

fn write(text: &str) -> io::Result<()> {
    if !claviger_stdio::stdout_was_open() {
        return Err(io::Error::other(CommandComplaint::OutputClosed));
    }
    // The standard library's handle reports a write to an unwritable descriptor (EBADF) as a success.
    File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(text.as_bytes())
}

/// Prints a line on stderr.
pub fn print_error(line: &str) {
    // A failure of stderr cannot be reported.
    let _ = writeln!(io::stderr().lock(), "{}", visible(line));
}

/// Prints a warning with the name of `claviger`.
pub fn warn(text: &str) {
    print_error(&format!("claviger: warning: {text}"));
}

/// One line of JSON without control characters.
///
/// # Errors
/// When the value cannot be serialized.
pub fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(visible_json(&serde_json::to_string(value)?))
}

/// A row of a command's output.
pub trait TableRow: Serialize {
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
}

/// Prints rows: as a table on a terminal, otherwise as one JSON object a line.
///
/// # Errors
/// As [`print`].
pub fn print_rows<R: TableRow>(rows: &[R]) -> CommandResult {
    let lines = if io::stdout().is_terminal() {
        table(rows)?
    } else {
        rows.iter().map(json).collect::<anyhow::Result<_>>()?
    };
    if lines.is_empty() {
        return Ok(());
    }
    print(&lines.join("\n"))
}

/// The lines of a table, aligned by display width (UAX #11). A column that is empty in every row is omitted.
fn table<R: TableRow>(rows: &[R]) -> anyhow::Result<Vec<String>> {
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
            .map(|cell| cell.width())
            .max()
            .unwrap_or_default();
        for (line, cell) in lines.iter_mut().zip(cells) {
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.width()));
        }
    }
    Ok(lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect())
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// An error on one line.
pub fn sentence_of(error: &anyhow::Error) -> String {
    let text = match error.downcast_ref::<Error>() {
        Some(Error::Invalid(fields)) => fields
            .iter()
            .map(|field| field.complaint.to_string())
            .collect::<Vec<_>>()
            .join(" "),
        Some(blamed @ (Error::Unavailable | Error::Internal { .. })) => log::with_cause(blamed),
        _ => causes(error).join(": "),
    };
    text.replace('\n', " ")
}

/// The texts of an error and its causes, without repeats.
fn causes(error: &anyhow::Error) -> Vec<String> {
    let mut texts: Vec<String> = error.chain().map(ToString::to_string).collect();
    texts.dedup();
    texts
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

    impl TableRow for Book {
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
    fn a_table_counts_the_cells_of_a_terminal_and_sends_it_no_orders() {
        let lines = |titles: &[&'static str]| {
            let books: Vec<Book> = titles
                .iter()
                .map(|title| Book {
                    shelf_mark: 7,
                    title,
                    borrower: Some("Ada"),
                    lost: None,
                })
                .collect();
            table(&books).unwrap()
        };
        assert_eq!(
            lines(&[
                "源氏物語",
                "Žena",
                "Z\u{30c}ena",
                "👩‍🔧",
                "한국",
                "x\u{1b}[31m\n"
            ]),
            [
                "SHELF MARK  TITLE          BORROWER",
                "7           源氏物語       Ada",
                "7           Žena           Ada",
                "7           Z\u{30c}ena           Ada",
                "7           👩‍🔧             Ada",
                "7           한국           Ada",
                "7           x\\u{1b}[31m\\n  Ada",
            ]
        );
    }

    #[test]
    fn json_orders_a_terminal_as_little() {
        let line = json(&Book {
            shelf_mark: 7,
            title: "x\u{9b}31m\u{7f}",
            borrower: None,
            lost: None,
        });
        assert_eq!(
            line.unwrap(),
            r#"{"shelf_mark":7,"title":"x\u009b31m\u007f","borrower":null,"lost":null}"#
        );
    }

    #[test]
    fn a_cause_that_says_the_same_again_is_left_out() {
        let inner = std::io::Error::other("the disk is full");
        assert_eq!(
            sentence_of(
                &anyhow::Error::new(std::io::Error::other(inner)).context("nothing\nwas written")
            ),
            "nothing was written: the disk is full"
        );
    }
}
