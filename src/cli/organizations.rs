//! `claviger organization create | list | archive`.

use clap::Subcommand;
use serde::Serialize;

use super::{open, output};
use crate::domain::host::Host;
use crate::domain::organization::{NewOrganization, Organization};
use crate::store::Missing;

/// What to do with organizations.
#[derive(Subcommand)]
pub enum Command {
    /// Makes an organization
    Create {
        /// What people read
        #[arg(long)]
        name: String,
        /// The host name of its own door
        #[arg(long, default_value = "")]
        host: String,
    },
    /// Lists the organizations that are not archived
    List,
    /// Archives an organization: its clients and their tokens are dead from then on
    Archive {
        /// The organization
        #[arg(long, value_name = "ID")]
        id: i64,
    },
}

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    host: Option<Host<'static>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
}

impl output::Row for Row {
    const COLUMNS: &'static [&'static str] = &["id", "name", "host", "archived"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::Done {
    // An organization may not have the server's own host.
    let (service, actor) = open::as_the_server(Missing::Create).await?;
    let rows = match command {
        Command::Create { name, host } => vec![row(service
            .create_organization(&actor, &NewOrganization { name, host })
            .await?)],
        Command::List => {
            let list = service.list_organizations(&actor).await?;
            list.organizations
                .into_iter()
                .map(|summary| row(summary.organization))
                .collect()
        }
        Command::Archive { id } => vec![row(service.archive_organization(&actor, id).await?)],
    };
    output::print_rows(&rows)
}

fn row(organization: Organization) -> Row {
    let archived = organization.archived_at.map(|_| true);
    Row {
        id: organization.id,
        name: organization.name,
        host: organization.host,
        archived,
    }
}
