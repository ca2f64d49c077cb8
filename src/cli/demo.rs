//! `claviger demo`: fills an empty database with a platform to try things on, or to measure.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{open, output, typed};
use crate::domain::admin::{check_email, check_password};
use crate::domain::client::ClientId;
use crate::domain::command::{Done, Next};
use crate::domain::role::Role;
use crate::domain::secret::Secret;
use crate::domain::start::{FileComplaint, FileFault};
use crate::service::auth::passwords::opaque_string;
use crate::store::{Missing, create_private};

/// How many clients are created between two lines of progress.
const REPORT_EVERY: i64 = 50_000;

/// What to fill a database with.
#[derive(Args)]
pub struct Arguments {
    /// How many clients; there are as many organizations as the square root of it, at most 1,000
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000_000))]
    clients: i64,

    /// Where the ids and secrets of some clients that work go, separated by tabs: a file that is yet to be
    /// made, or `-` for standard output
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,

    /// How many of them, spread evenly
    #[arg(long, value_name = "N", default_value_t = 100, requires = "credentials", value_parser = clap::value_parser!(i64).range(1..))]
    credentials_count: i64,

    /// Makes an owner who signs in with this address; the password is the first line of standard input
    #[arg(long, value_name = "EMAIL")]
    admin: Option<String>,
}

#[derive(Serialize)]
struct DemoRow {
    organizations: i64,
    clients: i64,
}

impl output::TableRow for DemoRow {
    const COLUMNS: &'static [&'static str] = &["organizations", "clients"];
}

/// Where credentials are written.
enum Sink {
    Nowhere,
    Stdout,
    File(File, PathBuf),
}

/// Runs the command.
pub async fn run(arguments: &Arguments) -> output::CommandResult {
    let password = match &arguments.admin {
        Some(email) => {
            let typed = typed::secret(&format!("Password of {email}")).await?;
            let password = opaque_string(&typed);
            // A wrong password fails before the long work.
            let checked = check_email(email)?;
            check_password(password.expose(), &checked)?;
            Some(password)
        }
        None => None,
    };
    let mut sink = Sink::open(arguments.credentials.as_deref())?;
    let filled = fill(arguments, password.as_ref()).await;
    let (row, credentials) = match filled {
        Ok(filled) => filled,
        Err(error) => {
            sink.abandon();
            return Err(error);
        }
    };
    let done = Done::DemoFilled {
        clients: row.clients,
        organizations: row.organizations,
    };
    let printed = sink.write(&credentials).and_then(|()| match sink {
        Sink::Stdout => Ok(()),
        _ => output::print_rows(&[row]),
    });
    printed.map_err(|cause| output::unreported(&cause, done, Next::ListClients))
}

async fn fill(
    arguments: &Arguments,
    password: Option<&Secret>,
) -> anyhow::Result<(DemoRow, Vec<(ClientId, Secret)>)> {
    let credentials = match arguments.credentials {
        Some(_) => arguments.credentials_count,
        None => 0,
    };
    let total = arguments.clients;
    let report = |made: i64| {
        if made % REPORT_EVERY == 0 && made < total {
            output::print_error(&format!("claviger: {made} of {total} clients"));
        }
    };
    let filled = open::with_database(Missing::Create, async |console, actor| {
        let filled = console.fill_demo(actor, total, credentials, report).await?;
        if let (Some(email), Some(password)) = (&arguments.admin, password) {
            console
                .create_admin(actor, email, Role::Owner, password)
                .await?;
        }
        Ok(filled)
    });
    let filled = filled.await?;
    let row = DemoRow {
        organizations: filled.organizations,
        clients: filled.clients,
    };
    Ok((row, filled.credentials))
}

impl Sink {
    /// Opens the sink. A file is created before the database is filled, so that an unwritable one fails early.
    fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        Ok(match path {
            None => Self::Nowhere,
            Some(path) if path == Path::new("-") => Self::Stdout,
            Some(path) => {
                let file = create_private(path).map_err(|error| {
                    FileComplaint::new(path, FileFault::Unmade(error.to_string()))
                })?;
                Self::File(file, path.to_owned())
            }
        })
    }

    fn write(&mut self, credentials: &[(ClientId, Secret)]) -> output::CommandResult {
        let line = |(id, secret): &(ClientId, Secret)| format!("{id}\t{}", secret.expose());
        let lines: Vec<String> = credentials.iter().map(line).collect();
        match self {
            Self::Nowhere => Ok(()),
            Self::Stdout if lines.is_empty() => Ok(()),
            Self::Stdout => output::print(&lines.join("\n")),
            // Some file systems report a full disk only when the file is synchronized.
            Self::File(file, path) => lines
                .iter()
                .try_for_each(|line| writeln!(file, "{line}"))
                .and_then(|()| file.sync_all())
                .map_err(|error| {
                    let fault = FileFault::Unwritten(error.to_string());
                    FileComplaint::new(path.as_path(), fault).into()
                }),
        }
    }

    /// Removes the empty file.
    fn abandon(self) {
        if let Self::File(_, path) = self {
            // The error itself is reported; an empty file does no harm.
            let _ = std::fs::remove_file(path);
        }
    }
}
