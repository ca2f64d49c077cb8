//! Secrets that somebody types, or that another program writes to standard input.

use std::fs::File;
use std::io::{BufRead, ErrorKind, IsTerminal, Read, Stdin, Write, stdin};

use anyhow::{Context, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::signals;
use crate::domain::secret::Secret;
use crate::domain::visible::visible;
use crate::service::auth::passwords::opaque_string;

/// The most that is read, in bytes. What may be chosen is far shorter.
const MOST: u64 = 64 * 1024;

/// A secret from standard input: the first line or, where that is a terminal, what is typed twice unseen. `what` says to
/// the person which secret that is.
///
/// # Errors
/// When nothing can be read, or the second time differs from the first.
pub async fn secret(what: &str) -> anyhow::Result<Secret> {
    if !stdin().is_terminal() {
        return Ok(first_line(what)?.unwrap_or_else(|| Secret::new(String::new())));
    }
    let interrupted = signals::interrupted()?;
    let unseen = Unseen::begin()?;
    let what = visible(what);
    let asking = tokio::task::spawn_blocking(move || ask(&what));
    tokio::select! {
        asked = asking => asked?,
        signal = interrupted => {
            drop(unseen);
            prompt("\n");
            signals::exit(signal)
        }
    }
}

fn ask(what: &str) -> anyhow::Result<Secret> {
    let once = |text: String| {
        prompt(&text);
        first_line(what)?.context("nothing was typed; nothing was changed")
    };
    let (first, second) = (
        once(format!("{what}: "))?,
        once("The same again: ".to_owned())?,
    );
    // A keyboard may compose the same letter in two ways.
    if opaque_string(&first).expose() != opaque_string(&second).expose() {
        bail!("the second time was not the same as the first; nothing was changed");
    }
    Ok(first)
}

/// Shows a prompt to the person at the terminal, wherever standard output and standard error lead.
fn prompt(text: &str) {
    let mut terminal: Box<dyn Write> = match File::options().write(true).open("/dev/tty") {
        Ok(terminal) => Box::new(terminal),
        Err(_) => Box::new(std::io::stderr()),
    };
    // Who cannot be prompted can still type.
    let _ = terminal
        .write_all(text.as_bytes())
        .and_then(|()| terminal.flush());
}

/// The next line of standard input, without what ends it and without a byte order mark, which some editors put before a
/// text; none at the end of the input. `what` says which secret it is.
fn first_line(what: &str) -> anyhow::Result<Option<Secret>> {
    let mut line = String::new();
    let length = match stdin().lock().take(MOST).read_line(&mut line) {
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            bail!(
                "{}: the line on standard input is not UTF-8; nothing was changed",
                visible(what)
            )
        }
        other => other.with_context(|| format!("{} cannot be read", visible(what)))?,
    };
    if length == 0 {
        return Ok(None);
    }
    let line = Secret::new(line);
    let text = line.expose().trim_end_matches(['\r', '\n']);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    Ok(Some(Secret::new(text.to_owned())))
}

/// As long as it lives, the terminal does not show what is typed but for the end of the line.
struct Unseen(Stdin, Termios);

impl Unseen {
    fn begin() -> anyhow::Result<Self> {
        let terminal = stdin();
        let before = tcgetattr(&terminal).context("the terminal cannot be asked how it is set")?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        unseen.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(&terminal, OptionalActions::Drain, &unseen)
            .context("the terminal goes on showing what is typed")?;
        Ok(Self(terminal, before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // Nothing can be done when the terminal is gone.
        let _ = tcsetattr(&self.0, OptionalActions::Drain, &self.1);
    }
}
