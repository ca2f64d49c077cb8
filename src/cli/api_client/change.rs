//! `api-client grant | revoke | suspend | resume`.

use std::collections::HashSet;

use clap::Args;

use super::super::output;
use super::{Format, parse_part, print_client};
use crate::service::{Actor, Service};

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
    service: &Service,
    actor: &Actor,
    arguments: &PermissionArguments,
) -> output::Done {
    let client = service
        .grant_permissions(actor, &arguments.id, &arguments.distinct())
        .await?;
    print_client(service, actor, client, arguments.format).await
}

pub(super) async fn revoke(
    service: &Service,
    actor: &Actor,
    arguments: &PermissionArguments,
) -> output::Done {
    let client = service
        .revoke_permissions(actor, &arguments.id, &arguments.distinct())
        .await?;
    print_client(service, actor, client, arguments.format).await
}

pub(super) async fn suspend(
    service: &Service,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::Done {
    let client = service.suspend_client(actor, &arguments.id).await?;
    print_client(service, actor, client, arguments.format).await
}

pub(super) async fn resume(
    service: &Service,
    actor: &Actor,
    arguments: &IdArguments,
) -> output::Done {
    let client = service.resume_client(actor, &arguments.id).await?;
    print_client(service, actor, client, arguments.format).await
}

impl PermissionArguments {
    /// The permissions without repeats, in the order given.
    fn distinct(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        self.permissions
            .iter()
            .filter(|name| seen.insert(*name))
            .cloned()
            .collect()
    }
}
