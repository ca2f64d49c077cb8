//! `api-client rotate`.

use std::time::Duration;

use clap::Args;

use super::super::output;
use super::common::{Format, recovering};
use super::show;
use crate::config::parse_duration;
use crate::domain::command::{ClientChange, Done};
use crate::service::{Actor, Console};

#[derive(Args)]
pub(super) struct Arguments {
    /// The client
    #[arg(long, value_name = "ID")]
    id: String,

    /// How long the old secrets go on, as a number and s, m, h or d; 0 ends them now, with every token made with them
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    keep_old: Duration,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

pub(super) async fn run(
    console: &Console,
    actor: &Actor,
    arguments: &Arguments,
) -> output::CommandResult {
    let rotated = console
        .rotate_secret(actor, &arguments.id, arguments.keep_old)
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
