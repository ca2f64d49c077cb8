//! `claviger serve`: reads the settings, opens the database, says where it listens, and runs the server.

use anyhow::Context;
use clap::Args;

use super::{arguments, open, output, signals};
use crate::config::{DataSettings, ServerSettings};
use crate::server::run::{self as server, BACKLOG};
use crate::service::Settings;
use crate::store::Missing;

/// What `claviger serve` takes.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataSettings,
    #[command(flatten)]
    server: ServerSettings,
}

/// Starts the server as the environment says.
///
/// # Errors
/// As [`run`], and what is wrong with which variable.
pub async fn run_from_environment() -> output::Done {
    run(&Arguments {
        data: arguments::from_environment()?,
        server: arguments::from_environment()?,
    })
    .await
}

/// Starts the server, and returns when it was told to stop and has answered what was under way.
///
/// # Errors
/// What keeps it from starting, for the person who starts it.
pub async fn run(arguments: &Arguments) -> output::Done {
    let settings = Settings::for_server(&arguments.data, &arguments.server)?;
    let addr = arguments.server.addr;
    let taken = || format!("cannot listen on {addr}");
    // Before anything is made, and listened on when there is something to answer with.
    let socket = server::bind(addr).with_context(taken)?;
    let services = open::services(&arguments.data, settings, Missing::Create).await?;
    let listener = socket.listen(BACKLOG).with_context(taken)?;
    let address = listener.local_addr()?;
    // Whoever reads the next line may send a signal at once.
    let told_to_stop = signals::told_to_stop()?;
    let console = &services.console;
    let issuer = console.settings().issuer.url();
    announce(&format!(
        "claviger: listening on http://{address}, known as {issuer}"
    ));
    if let Some(code) = console.offer_setup().await? {
        announce(&format!(
            "claviger: set-up link {issuer}/system/setup?code={code} (works once, until the next start)"
        ));
    }
    let proxies = arguments.server.trusted_proxies.clone();
    server::run(listener, services, proxies, told_to_stop).await;
    Ok(())
}

/// Prints what whoever starts the server needs to know; on stderr where stdout takes nothing, which keeps no server from
/// serving.
fn announce(line: &str) {
    if output::print(line).is_err() {
        output::complain(line);
    }
}
