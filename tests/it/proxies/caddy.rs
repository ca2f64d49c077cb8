//! Caddy with `forward_auth`.

use std::path::Path;

use super::process::{self, Proxy};
use super::{Place, block, scenario};

fn start(place: Place) -> Option<Proxy> {
    let program = process::program("Caddy", "CLAVIGER_CADDY")?;
    let address = process::free_address();
    let site = block("caddyfile", place, address.port());
    // Nothing outside the folder, and no other port.
    let configuration = |_: &Path| format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}");
    let arguments = |folder: &Path| {
        let folder = folder.display();
        let text = format!("run --adapter caddyfile --config {folder}/configuration");
        text.split(' ').map(str::to_owned).collect()
    };
    Some(Proxy::start(&program, address, configuration, arguments))
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_lets_through_what_passes() {
    scenario::lets_through_what_passes(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_passes_nothing_on_that_a_client_forged() {
    scenario::passes_nothing_forged_on(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_asks_for_the_host_that_the_client_used() {
    scenario::asks_for_the_host(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_tells_to_come_back_what_cannot_be_judged() {
    scenario::tells_to_come_back(start, 502).await;
}
