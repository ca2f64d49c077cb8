//! `api-client grant | revoke | suspend | resume`.

use clap::Args;

use super::super::output;
use super::common::{Format, IdArguments, parse_part};
use super::show::print_client;
use crate::domain::client::Client;
use crate::domain::command::{ClientChange, Done, Next};
use crate::domain::permission::PermissionSwitch;
use crate::service::{Actor, Console};

#[derive(Args)]
pub(super) struct PermissionArguments {
    /// The client
    #[arg(long, value_name = "ID")]
    id: String,

    /// Permissions; repeat the flag or separate with commas
    #[arg(long = "permission", visible_alias = "perm", value_name = "PERMISSION", required = true, value_delimiter = ',', value_parser = parse_part)]
    permissions: Vec<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

pub(super) async fn grant(
    console: &Console,
    actor: &Actor,
    arguments: &PermissionArguments,
) -> output::CommandResult {
    let switches = PermissionSwitch::each(&arguments.permissions, true);
    let client = console
        .set_permissions(actor, &arguments.id, &switches)
        .await?;
    let format = arguments.format;
    print_changed(console, actor, &client, format, ClientChange::Granted).await
}

pub(super) async fn revoke(
    console: &Console,
    actor: &Actor,
    arguments: &PermissionArguments,
) -> output::CommandResult {
    let switches = PermissionSwitch::each(&arguments.permissions, false);
    let client = console
        .set_permissions(actor, &arguments.id, &switches)
        .await?;
    let format = arguments.format;
    print_changed(console, actor, &client, format, ClientChange::Removed).await
}

pub(super) async fn suspend(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.suspend_client(actor, &arguments.id).await?;
    let format = arguments.format;
    print_changed(console, actor, &client, format, ClientChange::Suspended).await
}

pub(super) async fn resume(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.resume_client(actor, &arguments.id).await?;
    let format = arguments.format;
    print_changed(console, actor, &client, format, ClientChange::Resumed).await
}

async fn print_changed(
    console: &Console,
    actor: &Actor,
    client: &Client,
    format: Format,
    change: ClientChange,
) -> output::CommandResult {
    let printed = print_client(console, actor, client, format).await;
    printed.map_err(|cause| {
        let id = client.id.clone();
        let next = Next::ShowClient(id.clone());
        output::unreported(&cause, Done::Client { id, change }, next)
    })
}
