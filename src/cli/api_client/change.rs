//! `api-client grant | revoke | suspend | resume`.

use std::collections::HashSet;

use clap::Args;

use super::super::output;
use super::common::{Format, parse_part, show_command};
use super::show::print_client;
use crate::domain::client::Client;
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

#[derive(Args)]
pub(super) struct IdArguments {
    /// The client
    #[arg(long, value_name = "ID")]
    id: String,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

pub(super) async fn grant(
    console: &Console,
    actor: &Actor,
    arguments: &PermissionArguments,
) -> output::CommandResult {
    let client = console
        .grant_permissions(actor, &arguments.id, &arguments.distinct())
        .await?;
    print_changed(
        console,
        actor,
        &client,
        arguments.format,
        "was granted the permissions",
    )
    .await
}

pub(super) async fn revoke(
    console: &Console,
    actor: &Actor,
    arguments: &PermissionArguments,
) -> output::CommandResult {
    let client = console
        .revoke_permissions(actor, &arguments.id, &arguments.distinct())
        .await?;
    print_changed(
        console,
        actor,
        &client,
        arguments.format,
        "no longer has the permissions",
    )
    .await
}

pub(super) async fn suspend(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.suspend_client(actor, &arguments.id).await?;
    print_changed(console, actor, &client, arguments.format, "was suspended").await
}

pub(super) async fn resume(
    console: &Console,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::CommandResult {
    let client = console.resume_client(actor, &arguments.id).await?;
    print_changed(console, actor, &client, arguments.format, "was resumed").await
}

/// Prints a changed client; `done` is the change, for the error message.
async fn print_changed(
    console: &Console,
    actor: &Actor,
    client: &Client,
    format: Format,
    done: &str,
) -> output::CommandResult {
    let printed = print_client(console, actor, client, format).await;
    printed.map_err(|cause| {
        let next = format!("{} shows it.", show_command(client));
        output::unreported(&cause, format!("client `{}` {done}", client.id), next)
    })
}

impl PermissionArguments {
    /// The permissions without duplicates, in the order given.
    fn distinct(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        self.permissions
            .iter()
            .filter(|name| seen.insert(*name))
            .cloned()
            .collect()
    }
}
