//! `claviger admin create | reset-password`. The password is typed, or comes on standard input.

use clap::Subcommand;
use serde::Serialize;

use super::{open, output, typed};
use crate::domain::admin::Admin;
use crate::domain::command::{CommandComplaint, Done, Next};
use crate::domain::ids::AdminId;
use crate::domain::role::Role;
use crate::store::Missing;

/// What to do with administrators.
#[derive(Subcommand)]
pub enum Command {
    /// Makes an administrator; a terminal asks for the password, otherwise it is the first line of standard input
    Create {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// What the administrator may do: owner, manager or auditor
        #[arg(long, default_value = "owner", value_parser = parse_role)]
        role: Role,
    },
    /// Replaces an administrator's password, which is read as `create` reads it, and ends their sessions
    ResetPassword {
        /// The address to sign in with
        #[arg(long)]
        email: String,
    },
}

#[derive(Serialize)]
struct AdminRow {
    id: AdminId,
    email: String,
    role: Role,
}

impl output::TableRow for AdminRow {
    const COLUMNS: &'static [&'static str] = &["id", "email", "role"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    let (Command::Create { email, .. } | Command::ResetPassword { email }) = &command;
    let password = typed::secret(&format!("Password of {email}")).await?;
    let changed = open::with_database(Missing::Create, async |console, actor| {
        Ok(match command {
            Command::Create { email, role } => {
                let admin = console.create_admin(actor, &email, role, &password).await?;
                let email = admin.email.clone();
                (admin, Done::AdminCreated { email })
            }
            Command::ResetPassword { email } => {
                let admin = console
                    .reset_admin_password(actor, &email, &password)
                    .await?;
                let email = admin.email.clone();
                (admin, Done::PasswordReset { email })
            }
        })
    });
    let (admin, done) = changed.await?;
    output::print_rows(&[row(admin)])
        .map_err(|cause| output::unreported(&cause, done, Next::Nothing))
}

fn row(admin: Admin) -> AdminRow {
    AdminRow {
        id: admin.id,
        email: admin.email,
        role: admin.role,
    }
}

fn parse_role(text: &str) -> Result<Role, CommandComplaint> {
    Role::parse(text).ok_or(CommandComplaint::RoleUnknown)
}
