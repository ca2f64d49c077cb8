//! `api-client get`.

use clap::Args;

use super::super::output;
use super::common::{Format, require_live};
use super::show::{self, print_client};
use crate::domain::ids::ClientNumber;
use crate::service::{Actor, Console};

/// How many clients are read per query.
const AT_ONCE: i64 = 500;

#[derive(Args)]
pub(super) struct Arguments {
    /// The client; without it, every client
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

pub(super) async fn run(
    console: &Console,
    actor: &Actor,
    arguments: &Arguments,
) -> output::CommandResult {
    if let Some(id) = &arguments.id {
        let client = console.get_client(actor, id).await?;
        require_live(&client)?;
        return print_client(console, actor, &client, arguments.format).await;
    }
    let mut after = ClientNumber::default();
    loop {
        let clients = console.get_clients(actor, after, AT_ONCE).await?;
        let Some(last) = clients.last() else {
            return Ok(());
        };
        after = last.number;
        let secrets = console.reveal_newest_secrets(actor, &clients).await?;
        for (client, secret) in clients.iter().zip(&secrets) {
            show::print(
                client,
                secret.as_ref(),
                show::Organization::Always,
                arguments.format,
            )?;
        }
    }
}
