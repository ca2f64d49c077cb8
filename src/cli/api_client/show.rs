//! How a client is printed.

use serde::Serialize;

use super::super::output;
use super::common::Format;
use crate::domain::client::Client;
use crate::domain::ids::OrganizationId;
use crate::domain::permission::PermissionName;
use crate::domain::scope::Scopes;
use crate::domain::secret::Secret;
use crate::domain::visible::visible;
use crate::service::{Actor, Console};

/// How a client without an organization is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Organization {
    /// As `null`.
    Always,
    /// Without the member.
    WhenThere,
}

/// A client as printed. The order of the members is part of the interface.
#[derive(Serialize)]
struct ClientRow<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    name: &'a str,
    scopes: &'a Scopes,
    permissions: &'a [PermissionName],
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "left out, `null`, or a number")]
    organization_id: Option<Option<OrganizationId>>,
}

/// Prints a client.
pub(super) fn print(
    client: &Client,
    secret: Option<&Secret>,
    organization: Organization,
    format: Format,
) -> output::CommandResult {
    let leave_out = organization == Organization::WhenThere && client.organization_id.is_none();
    let row = ClientRow {
        id: client.id.as_str(),
        secret: secret.map(Secret::expose),
        name: &client.name,
        scopes: &client.scopes,
        permissions: &client.permissions,
        organization_id: (!leave_out).then_some(client.organization_id),
    };
    match format {
        Format::Json => output::print(&output::json(&row)?),
        Format::Text => output::print(&text(&row)),
    }
}

/// Prints a client with its newest secret, where a copy is kept.
pub(super) async fn print_client(
    console: &Console,
    actor: &Actor,
    client: &Client,
    format: Format,
) -> output::CommandResult {
    let secrets = console
        .reveal_newest_secrets(actor, std::slice::from_ref(client))
        .await?;
    print(
        client,
        secrets.into_iter().next().flatten().as_ref(),
        Organization::Always,
        format,
    )
}

fn text(row: &ClientRow<'_>) -> String {
    let mut lines = vec![format!("id={}", row.id)];
    lines.extend(row.secret.map(|secret| format!("secret={secret}")));
    lines.push(format!("name={}", visible(row.name)));
    lines.push(format!("scopes={}", row.scopes));
    let permissions: Vec<&str> = row.permissions.iter().map(PermissionName::as_str).collect();
    lines.push(format!("permissions={}", permissions.join(" ")));
    lines.extend(row.organization_id.map(|id| match id {
        Some(id) => format!("organization_id={id}"),
        None => "organization_id=".to_owned(),
    }));
    lines.join("\n")
}
