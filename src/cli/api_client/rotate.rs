//! `api-client rotate`.

use std::time::Duration;

use clap::Args;

use super::super::output;
use super::common::{Format, recovering};
use super::show;
use crate::config::parse_duration;
use crate::domain::command::{ClientChange, Done};
use crate::domain::rotation::{OldSecrets, Rotation};
use crate::service::{Actor, Console};

#[derive(Args)]
pub(super) struct Arguments {
    /// The client
    #[arg(long, value_name = "ID")]
    id: String,

    /// How long the old secrets go on, as a number and s, m, h or d; 0 ends them now, with every token made with them
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    keep_old: Duration,

    /// The old secrets go on until the new one is used, and for --grace afterwards; then they end by themselves
    #[arg(long, conflicts_with = "keep_old")]
    pending: bool,

    /// With --pending: how long the old secrets go on after the first use of the new one; 0 ends them then, with every
    /// token made with them
    #[arg(long, value_name = "DURATION", default_value = "24h", requires = "pending", value_parser = parse_duration)]
    grace: Duration,

    /// What people call the new secret
    #[arg(long, default_value = "")]
    label: String,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

pub(super) async fn run(
    console: &Console,
    actor: &Actor,
    arguments: &Arguments,
) -> output::CommandResult {
    let rotation = Rotation {
        label: arguments.label.clone(),
        old: if arguments.pending {
            OldSecrets::UntilFirstUse(arguments.grace)
        } else {
            OldSecrets::KeepFor(arguments.keep_old)
        },
    };
    let rotated = console
        .rotate_secret(actor, &arguments.id, rotation)
        .await?;
    let printed = show::print(
        &rotated.client,
        Some(&rotated.secret),
        show::Organization::Always,
        arguments.format,
    );
    printed.map_err(|cause| {
        let done = Done::Client {
            id: rotated.client.id.clone(),
            change: ClientChange::Rotated,
        };
        output::unreported(&cause, done, recovering(console, &rotated.client))
    })
}
