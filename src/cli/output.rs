//! How commands speak: data on stdout, everything else on stderr, and an exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

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

/// Prints rows: an object a line, or a table when a person watches.
///
/// # Errors
/// When stdout is gone.
pub fn print_rows<R: Serialize>(rows: &[R]) -> Done {
    let objects: Vec<serde_json::Value> = rows.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    if !std::io::stdout().is_terminal() {
        return rows.iter().try_for_each(|row| print(&serde_json::to_string(row)?));
    }
    let Some(names) = objects.first().and_then(|object| object.as_object()).map(|object| object.keys().cloned().collect::<Vec<_>>()) else {
        return Ok(());
    };
    let cell = |object: &serde_json::Value, name: &String| match &object[name] {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let mut lines = vec![names.iter().map(|name| name.replace('_', " ").to_uppercase()).collect::<Vec<_>>()];
    lines.extend(objects.iter().map(|object| names.iter().map(|name| cell(object, name)).collect()));
    let widths: Vec<usize> =
        (0..names.len()).map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()).collect();
    for line in lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        print(cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// What went wrong, on one line.
pub fn told(error: &anyhow::Error) -> String {
    let text = match error.downcast_ref::<Error>() {
        Some(Error::Invalid(fields)) => fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" "),
        _ => format!("{error:#}"),
    };
    text.replace('\n', " ")
}

/// True when the arguments or variables were wrong, which was said already.
fn is_wrong_usage(error: &anyhow::Error) -> bool {
    let Some(error) = error.downcast_ref::<clap::Error>() else { return false };
    usage(error);
    true
}
