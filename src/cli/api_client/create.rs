//! `api-client create`.

use clap::Args;

use super::super::{output, typed};
use super::common::{Format, parse_part, recovering};
use super::show;
use crate::domain::Time;
use crate::domain::client::NewClient;
use crate::domain::command::{ClientChange, CommandComplaint, Done, Next};
use crate::domain::ids::OrganizationId;
use crate::domain::scope::SYSTEM;
use crate::domain::secret::Secret;
use crate::service::{Actor, Console};

#[derive(Args)]
pub(super) struct Arguments {
    /// Scopes, fixed from then on; repeat the flag or separate with commas
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_delimiter = ',', value_parser = parse_part)]
    scopes: Vec<String>,

    /// Permissions to begin with; repeat the flag or separate with commas
    #[arg(long = "permission", visible_alias = "perm", value_name = "PERMISSION", value_delimiter = ',', value_parser = parse_part)]
    permissions: Vec<String>,

    /// The organization; needed unless the only scope is `system`
    #[arg(long, value_name = "ID")]
    organization_id: Option<OrganizationId>,

    /// An id to use instead of a generated one
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// A secret to use instead of a generated one; `-` reads it from standard input, where no list of processes shows it
    #[arg(long, value_name = "SECRET", value_parser = parse_secret)]
    secret: Option<SecretArgument>,

    /// What people read
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Lets the client ask for tokens that act as a participant
    #[arg(long)]
    allow_impersonate: bool,

    /// Lets the client trade a participant's password for a token
    #[arg(long)]
    allow_login: bool,

    /// When the client ends by itself, such as 2027-06-01T00:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    expires_at: Option<Time>,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

/// A secret on the command line.
#[derive(Clone)]
struct SecretArgument(Secret);

pub(super) async fn run(
    console: &Console,
    actor: &Actor,
    arguments: Arguments,
) -> output::CommandResult {
    let mut new = NewClient {
        id: arguments.id,
        name: arguments.name,
        organization_id: arguments.organization_id,
        scopes: arguments.scopes,
        permissions: arguments.permissions,
        expires_at: arguments.expires_at,
    };
    if arguments.allow_login && !console.settings().has_password_grant() {
        tracing::warn!(
            "the password grant is switched off (CLAVIGER_PASSWORD_GRANT=off), so nobody can log in with --allow-login"
        );
    }
    let acts = arguments.allow_login || arguments.allow_impersonate;
    if acts && new.scopes.iter().all(|scope| scope == SYSTEM) {
        tracing::warn!(
            "no token for a participant has the scope `system`, so a client without another scope gets none, \
             with --allow-login or --allow-impersonate"
        );
    }
    new.allow(arguments.allow_impersonate, arguments.allow_login);
    let chosen = match arguments.secret {
        Some(SecretArgument(text)) if text.expose() == "-" => Some(typed::secret("Secret").await?),
        other => other.map(|typed| typed.0),
    };
    let is_chosen = chosen.is_some();
    let created = console.create_client(actor, &new, chosen).await?;
    let printed = show::print(
        &created.client,
        Some(&created.secret),
        show::Organization::WhenThere,
        arguments.format,
    );
    printed.map_err(|cause| {
        let id = created.client.id.clone();
        let next = if is_chosen {
            Next::SecretKnown(id.clone())
        } else {
            recovering(console, &created.client)
        };
        let change = ClientChange::Created;
        output::unreported(&cause, Done::Client { id, change }, next)
    })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape that the argument parser asks for"
)]
fn parse_secret(text: &str) -> Result<SecretArgument, String> {
    Ok(SecretArgument(Secret::new(text.to_owned())))
}

fn parse_time(text: &str) -> Result<Time, CommandComplaint> {
    let read = chrono::DateTime::parse_from_rfc3339(text);
    read.map(|time| time.to_utc())
        .map_err(|_| CommandComplaint::TimeUnreadable)
}
