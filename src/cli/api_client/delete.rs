//! `api-client delete`.

use clap::Args;
use serde_json::json;

use super::super::output;
use super::common::Format;
use crate::service::{Actor, Console};

#[derive(Args)]
pub(super) struct Arguments {
    /// The client
    #[arg(long, value_name = "ID")]
    id: String,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

pub(super) async fn run(
    console: &Console,
    actor: &Actor,
    arguments: &Arguments,
) -> output::CommandResult {
    let client = console.revoke_client(actor, &arguments.id).await?;
    let printed = output::print(&match arguments.format {
        Format::Json => json!({"deleted": true, "id": client.id}).to_string(),
        Format::Text => format!("deleted=true\nid={}", client.id),
    });
    printed.map_err(|cause| {
        let done = format!("client `{}` was revoked", client.id);
        output::unreported(&cause, done, "Nothing else is to be done.")
    })
}
