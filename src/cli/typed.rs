//! Secrets from the terminal or from standard input.

use std::fs::File;
use std::io::{BufRead, ErrorKind, IsTerminal, Read, Stdin, Write, stdin};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::signals;
use crate::domain::command::CommandComplaint;
use crate::domain::secret::Secret;
use crate::domain::visible::visible;
use crate::service::auth::passwords::opaque_string;

/// The longest input, in bytes. Every valid secret is far shorter.
const MOST: u64 = 64 * 1024;

/// A secret from standard input: the first line or, on a terminal, typed twice without echo. `what` names the secret in
/// the prompt.
///
/// # Errors
/// When nothing can be read, or the repeated secret differs.
pub async fn secret(what: &str) -> anyhow::Result<Secret> {
    if !stdin().is_terminal() {
        return Ok(first_line(what)?.unwrap_or_else(|| Secret::new(String::new())));
    }
    let interrupted = signals::interrupted()?;
    let unseen = HiddenInput::begin()?;
    let what = visible(what);
    let asking = tokio::task::spawn_blocking(move || ask(&what));
    tokio::select! {
        asked = asking => Ok(asked??),
        signal = interrupted => {
            drop(unseen);
            prompt("\n");
            signals::exit(signal)
        }
    }
}

fn ask(what: &str) -> Result<Secret, CommandComplaint> {
    let once = |text: String| {
        prompt(&text);
        first_line(what)?.ok_or(CommandComplaint::NothingTyped)
    };
    let (first, second) = (
        once(format!("{what}: "))?,
        once("The same again: ".to_owned())?,
    );
    // Keyboards may compose the same letter differently (Unicode normalization).
    if opaque_string(&first).expose() != opaque_string(&second).expose() {
        return Err(CommandComplaint::TypedDifferently);
    }
    Ok(first)
}

/// Writes a prompt to the terminal itself, as standard output and standard error may be redirected.
fn prompt(text: &str) {
    let mut terminal: Box<dyn Write> = match File::options().write(true).open("/dev/tty") {
        Ok(terminal) => Box::new(terminal),
        Err(_) => Box::new(std::io::stderr()),
    };
    // Without a prompt, the secret can still be typed.
    let _ = terminal
        .write_all(text.as_bytes())
        .and_then(|()| terminal.flush());
}

/// The next line of standard input, without line ending and byte order mark; none at the end of the input. `what`
/// names the secret.
fn first_line(what: &str) -> Result<Option<Secret>, CommandComplaint> {
    let mut line = String::new();
    let length = stdin().lock().take(MOST).read_line(&mut line);
    let length = length.map_err(|error| {
        let what = visible(what);
        match error.kind() {
            ErrorKind::InvalidData => CommandComplaint::LineNotUtf8 { what },
            _ => CommandComplaint::LineUnreadable {
                what,
                cause: error.to_string(),
            },
        }
    })?;
    if length == 0 {
        return Ok(None);
    }
    let line = Secret::new(line);
    let text = line.expose().trim_end_matches(['\r', '\n']);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    Ok(Some(Secret::new(text.to_owned())))
}

/// Switches the terminal's echo off, except for the line ending, until dropped.
struct HiddenInput(Stdin, Termios);

impl HiddenInput {
    fn begin() -> Result<Self, CommandComplaint> {
        let terminal = stdin();
        let before =
            tcgetattr(&terminal).map_err(|error| CommandComplaint::TerminalUnreadable {
                cause: error.to_string(),
            })?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        unseen.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(&terminal, OptionalActions::Drain, &unseen).map_err(|error| {
            CommandComplaint::EchoStaysOn {
                cause: error.to_string(),
            }
        })?;
        Ok(Self(terminal, before))
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        // A lost terminal cannot be restored.
        let _ = tcsetattr(&self.0, OptionalActions::Drain, &self.1);
    }
}
