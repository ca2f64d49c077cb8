//! `claviger organization create | list | show | rename | set-host | archive | restore`.

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::Value;

use super::{open, output};
use crate::domain::Time;
use crate::domain::command::{CommandComplaint, Done, Next, OrganizationChange};
use crate::domain::count::Count;
use crate::domain::error::Error;
use crate::domain::host::Host;
use crate::domain::ids::OrganizationId;
use crate::domain::organization::{NewHost, NewName, NewOrganization, Organization};
use crate::service::{Actor, Console};
use crate::store::Missing;

/// What to do with organizations.
#[derive(Subcommand)]
pub enum Command {
    /// Makes an organization
    Create {
        /// What people read
        #[arg(long)]
        name: String,
        /// A host name of its own, without a port
        #[arg(long, default_value = "")]
        host: String,
    },
    /// Lists the organizations that are not archived
    List {
        /// The archived ones instead
        #[arg(long)]
        archived: bool,
    },
    /// Shows an organization, archived or not, with the numbers of what it has
    Show {
        /// The organization
        #[arg(long, value_name = "ID")]
        id: OrganizationId,
    },
    /// Gives an organization another name; its id, its clients and their tokens stay
    Rename {
        /// The organization
        #[arg(long, value_name = "ID")]
        id: OrganizationId,
        /// What people read from now on
        #[arg(long)]
        name: String,
    },
    /// Gives an organization another host, or none; no token ends by that
    SetHost {
        /// The organization
        #[arg(long, value_name = "ID")]
        id: OrganizationId,
        #[command(flatten)]
        choice: HostChoice,
    },
    /// Archives an organization: its clients and their tokens are dead from then on, and its host is free
    Archive {
        /// The organization
        #[arg(long, value_name = "ID")]
        id: OrganizationId,
    },
    /// Takes an archive back: the clients work again, tokens issued before stay dead, and there is no host yet
    Restore {
        /// The organization
        #[arg(long, value_name = "ID")]
        id: OrganizationId,
    },
}

/// The host that an organization is to have.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct HostChoice {
    /// The host name from now on
    #[arg(long, value_parser = parse_host)]
    host: Option<String>,
    /// No host of its own from now on
    #[arg(long)]
    none: bool,
}

/// Refuses a blank host, which would remove the host by mistake.
fn parse_host(text: &str) -> Result<String, CommandComplaint> {
    if text.trim().is_empty() {
        return Err(CommandComplaint::HostBlank);
    }
    Ok(text.to_owned())
}

#[derive(Serialize)]
struct OrganizationRow {
    id: OrganizationId,
    name: String,
    host: Option<Host<'static>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
}

impl output::TableRow for OrganizationRow {
    const COLUMNS: &'static [&'static str] = &["id", "name", "host", "archived"];
}

/// What `show` prints. A number that was counted up to a bound is a text, such as `500+`.
#[derive(Serialize)]
struct ShownOrganization {
    #[serde(flatten)]
    row: OrganizationRow,
    created: Time,
    clients: Value,
    revoked_clients: Value,
    participants: Value,
}

impl output::TableRow for ShownOrganization {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "host",
        "archived",
        "created",
        "clients",
        "revoked_clients",
        "participants",
    ];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    if let Command::Show { id } = command {
        return show(id).await;
    }
    let change = match &command {
        Command::Create { .. } => Some(OrganizationChange::Created),
        Command::List { .. } | Command::Show { .. } => None,
        Command::Rename { .. } => Some(OrganizationChange::Renamed),
        Command::SetHost { .. } => Some(OrganizationChange::HostSet),
        Command::Archive { .. } => Some(OrganizationChange::Archived),
        Command::Restore { .. } => Some(OrganizationChange::Restored),
    };
    // The server's settings are needed to refuse the issuer's host.
    let rows = open::as_the_server(Missing::Create, async |console, actor| {
        Ok(execute(console, actor, command).await?)
    });
    let rows = rows.await?;
    output::print_rows(&rows).map_err(|cause| match (change, rows.as_slice()) {
        (Some(change), [row]) => {
            let (id, name) = (row.id, row.name.clone());
            let done = Done::Organization { id, name, change };
            output::unreported(&cause, done, Next::ListOrganizations)
        }
        _ => cause,
    })
}

async fn show(id: OrganizationId) -> output::CommandResult {
    let page = open::as_the_server(Missing::Create, async |console, actor| {
        Ok(console.show_organization(actor, id).await?)
    });
    let page = page.await?;
    let number = |count: Count| {
        if count.or_more {
            Value::from(format!("{}+", count.number))
        } else {
            Value::from(count.number)
        }
    };
    let organization = page.summary.organization;
    output::print_rows(&[ShownOrganization {
        created: organization.created_at,
        row: row(organization),
        clients: number(page.summary.active_clients),
        revoked_clients: number(page.summary.revoked_clients),
        participants: number(page.participants),
    }])
}

/// The rows to print.
async fn execute(
    console: &Console,
    actor: &Actor,
    command: Command,
) -> Result<Vec<OrganizationRow>, Error> {
    let one = match command {
        Command::List { archived } => {
            let list = console.list_every_organization(actor, archived).await?;
            return Ok(list.into_iter().map(row).collect());
        }
        Command::Create { name, host } => {
            let new = NewOrganization { name, host };
            console.create_organization(actor, &new).await?
        }
        Command::Show { id } => console.get_organization(actor, id).await?,
        Command::Rename { id, name } => {
            let version = console.get_organization(actor, id).await?.version;
            let new = NewName { id, version, name };
            console.rename_organization(actor, &new).await?
        }
        Command::SetHost { id, choice } => {
            let host = choice.host.unwrap_or_default();
            let new = NewHost { id, host };
            console.set_organization_host(actor, &new).await?
        }
        Command::Archive { id } => console.archive_organization(actor, id).await?,
        Command::Restore { id } => console.restore_organization(actor, id).await?,
    };
    Ok(vec![row(one)])
}

fn row(organization: Organization) -> OrganizationRow {
    let archived = organization.archived_at.map(|_| true);
    OrganizationRow {
        id: organization.id,
        name: organization.name,
        host: organization.host,
        archived,
    }
}
