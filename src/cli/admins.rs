//! `claviger admin create | list | invite | set-role | disable | enable | reset-password`. A password is typed, or comes on
//! standard input.

use clap::Subcommand;
use serde::Serialize;

use super::{open, output, typed};
use crate::domain::Time;
use crate::domain::admin::{Admin, NewInvitation};
use crate::domain::command::{AdminChange, CommandComplaint, Done, Next};
use crate::domain::ids::AdminId;
use crate::domain::role::Role;
use crate::service::MadeLink;
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
    /// Lists the administrators, in the order of their making
    List,
    /// Makes a link with which somebody chooses a password and joins: once, within 72 hours
    Invite {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// What the administrator may do: owner, manager or auditor
        #[arg(long, value_parser = parse_role)]
        role: Role,
    },
    /// Gives an administrator another role, at once
    SetRole {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// What the administrator may do: owner, manager or auditor
        #[arg(long, value_parser = parse_role)]
        role: Role,
    },
    /// Disables an administrator: the sessions end at once, and nobody signs in with the address
    Disable {
        /// The address to sign in with
        #[arg(long)]
        email: String,
    },
    /// Lets a disabled administrator sign in again
    Enable {
        /// The address to sign in with
        #[arg(long)]
        email: String,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<Time>,
}

impl output::TableRow for AdminRow {
    const COLUMNS: &'static [&'static str] =
        &["id", "email", "role", "disabled", "made_by", "seen_at"];
}

#[derive(Serialize)]
struct LinkRow {
    email: String,
    role: Role,
    link: String,
    ends_at: Time,
}

impl output::TableRow for LinkRow {
    const COLUMNS: &'static [&'static str] = &["email", "role", "link", "ends_at"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    match command {
        Command::List => list().await,
        Command::Invite { email, role } => invite(email, role).await,
        Command::Create { email, role } => with_password(email, Some(role)).await,
        Command::ResetPassword { email } => with_password(email, None).await,
        Command::SetRole { email, role } => change(email, AdminAct::Role(role)).await,
        Command::Disable { email } => change(email, AdminAct::Disabled).await,
        Command::Enable { email } => change(email, AdminAct::Enabled).await,
    }
}

async fn list() -> output::CommandResult {
    let listed = open::with_database(Missing::Create, async |console, actor| {
        Ok(console.list_every_admin(actor).await?)
    });
    let rows: Vec<AdminRow> = listed
        .await?
        .into_iter()
        .map(|summary| AdminRow {
            made_by: Some(summary.made_by),
            seen_at: summary.seen_at,
            ..row(summary.admin)
        })
        .collect();
    output::print_rows(&rows)
}

async fn invite(email: String, role: Role) -> output::CommandResult {
    // The link begins with the issuer, which is a setting of the server.
    let made = open::as_the_server(Missing::Create, async |console, actor| {
        let role = Some(role);
        let new = NewInvitation { email, role };
        Ok(console.invite_admin(actor, &new).await?)
    });
    let MadeLink { link, address } = made.await?;
    let done = Done::Admin {
        email: link.email.clone(),
        change: AdminChange::Invited,
    };
    let row = LinkRow {
        email: link.email,
        role,
        link: address.expose().to_owned(),
        ends_at: link.ends_at,
    };
    output::print_rows(&[row]).map_err(|cause| output::unreported(&cause, done, Next::InviteAgain))
}

/// Makes an administrator of a role, or without one replaces the password.
async fn with_password(email: String, role: Option<Role>) -> output::CommandResult {
    let password = typed::secret(&format!("Password of {email}")).await?;
    let changed = open::with_database(Missing::Create, async |console, actor| {
        if let Some(role) = role {
            let made = console.create_admin(actor, &email, role, &password).await?;
            return Ok((made, AdminChange::Created));
        }
        let reset = console.reset_admin_password(actor, &email, &password);
        Ok((reset.await?, AdminChange::PasswordReset))
    });
    let (admin, change) = changed.await?;
    print_changed(admin, change)
}

/// What is to be done to an administrator.
#[derive(Clone, Copy)]
enum AdminAct {
    Role(Role),
    Disabled,
    Enabled,
}

async fn change(email: String, wanted: AdminAct) -> output::CommandResult {
    let changed = open::with_database(Missing::Create, async |console, actor| {
        let id = console.find_admin_id(actor, &email).await?;
        Ok(match wanted {
            AdminAct::Role(role) => {
                let changed = console.set_admin_role(actor, id, role).await?;
                (changed, AdminChange::RoleSet)
            }
            AdminAct::Disabled => {
                let disabled = console.disable_admin(actor, id).await?;
                (disabled, AdminChange::Disabled)
            }
            AdminAct::Enabled => {
                let enabled = console.enable_admin(actor, id).await?;
                (enabled, AdminChange::Enabled)
            }
        })
    });
    let (admin, change) = changed.await?;
    print_changed(admin, change)
}

fn print_changed(admin: Admin, change: AdminChange) -> output::CommandResult {
    let email = admin.email.clone();
    let done = Done::Admin { email, change };
    output::print_rows(&[row(admin)])
        .map_err(|cause| output::unreported(&cause, done, Next::ListAdmins))
}

fn row(admin: Admin) -> AdminRow {
    AdminRow {
        id: admin.id,
        email: admin.email,
        role: admin.role,
        disabled: admin.disabled_at.map(|_| true),
        made_by: None,
        seen_at: None,
    }
}

fn parse_role(text: &str) -> Result<Role, CommandComplaint> {
    Role::parse(text).ok_or(CommandComplaint::RoleUnknown)
}
