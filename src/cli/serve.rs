//! `claviger serve`: reads the settings, opens the database, prints the address, and runs the server.

use clap::Args;

use super::{arguments, open, output, signals};
use crate::config::{DataSettings, ServerSettings};
use crate::domain::command::CommandComplaint;
use crate::domain::words::en;
use crate::http::console::assets::Site;
use crate::server::cores::Cores;
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

/// Starts the server with the settings of the environment.
///
/// # Errors
/// As [`run`], and an invalid variable.
pub async fn run_from_environment(site: Site) -> output::CommandResult {
    let arguments = Arguments {
        data: arguments::from_environment()?,
        server: arguments::from_environment()?,
    };
    run(&arguments, site).await
}

/// Runs the server until it is stopped and the requests in progress are answered.
///
/// # Errors
/// Why the server cannot start.
pub async fn run(arguments: &Arguments, site: Site) -> output::CommandResult {
    let settings = Settings::for_server(&arguments.data, &arguments.server)?;
    let addr = arguments.server.addr;
    let unusable = |error: std::io::Error| CommandComplaint::AddressUnusable {
        address: addr,
        cause: error.to_string(),
    };
    // The address is bound before anything is created, so that a used port fails early; it listens once requests can be
    // answered.
    let socket = server::bind(addr).map_err(unusable)?;
    let cores = Cores::start().map_err(|error| CommandComplaint::ThreadsUnavailable {
        cause: error.to_string(),
    })?;
    let services = open::services(&arguments.data, settings, Missing::Create).await?;
    let listener = socket.listen(BACKLOG).map_err(unusable)?;
    let address = listener.local_addr()?;
    // Registered before the next line is printed, because its reader may send a signal at once.
    let stop_signal = signals::stop_signal()?;
    let console = &services.console;
    let issuer = console.settings().issuer.url();
    announce(&en::command::listening(address, &issuer));
    if let Some(code) = console.offer_setup().await? {
        announce(&en::command::setup_link(&issuer, &code));
    }
    let proxies = arguments.server.trusted_proxies.clone();
    server::run(listener, cores, services, proxies, site, stop_signal).await;
    Ok(())
}

/// Prints a line for the operator; on stderr when stdout cannot be written, which does not stop the server.
fn announce(line: &str) {
    if output::print(line).is_err() {
        output::print_error(line);
    }
}
