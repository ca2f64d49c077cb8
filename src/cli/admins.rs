//! `claviger admin create | reset-password`. The password comes on standard input.

use clap::Subcommand;
use serde::Serialize;

use super::{open, output};
use crate::domain::admin::{Admin, Role};
use crate::domain::secret::Secret;
use crate::store::Missing;

/// What to do with administrators.
#[derive(Subcommand)]
pub enum Command {
    /// Makes an administrator; the password is the first line of standard input
    Create {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// What the administrator may do: owner, editor or viewer
        #[arg(long, default_value = "owner", value_parser = parse_role)]
        role: Role,
    },
    /// Replaces an administrator's password with the first line of standard input, and ends their sessions
    ResetPassword {
        /// The address to sign in with
        #[arg(long)]
        email: String,
    },
}

#[derive(Serialize)]
struct Row {
    id: i64,
    email: String,
    role: Role,
}

impl output::Row for Row {
    const COLUMNS: &'static [&'static str] = &["id", "email", "role"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::Done {
    let password = first_line()?;
    let (service, actor) = open::from_environment(Missing::Create).await?;
    let admin = match command {
        Command::Create { email, role } => {
            service
                .create_admin(&actor, &email, role, &password)
                .await?
        }
        Command::ResetPassword { email } => {
            service
                .reset_admin_password(&actor, &email, &password)
                .await?
        }
    };
    output::print_rows(&[row(admin)])
}

fn row(admin: Admin) -> Row {
    Row {
        id: admin.id,
        email: admin.email,
        role: admin.role,
    }
}

/// The first line of standard input, without what ends it.
pub(super) fn first_line() -> anyhow::Result<Secret> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    Ok(Secret::new(line))
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "a role is owner, editor or viewer".to_owned())
}
