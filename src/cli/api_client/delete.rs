//! `api-client delete`.

use serde_json::json;

use super::super::output;
use super::common::{Format, IdArguments};
use crate::domain::command::{ClientChange, Done, Next};
use crate::service::{Actor, Console};

pub(super) async fn run(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.revoke_client(actor, &arguments.id).await?;
    let printed = output::print(&match arguments.format {
        Format::Json => json!({"deleted": true, "id": client.id}).to_string(),
        Format::Text => format!("deleted=true\nid={}", client.id),
    });
    printed.map_err(|cause| {
        let done = Done::Client {
            id: client.id.clone(),
            change: ClientChange::Revoked,
        };
        output::unreported(&cause, done, Next::Nothing)
    })
}
