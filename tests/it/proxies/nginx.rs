//! nginx with `auth_request`.

use std::path::Path;

use super::process::{self, Proxy};
use super::{Place, block, scenario};

/// What is around the block of the page: one process that keeps to its folder, whoever runs it.
fn configuration(folder: &Path, servers: &str) -> String {
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
        .concat();
    format!(
        "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}{servers}\n}}\n"
    )
}

fn start(place: Place) -> Option<Proxy> {
    let program = process::program("nginx", "CLAVIGER_NGINX")?;
    let address = process::free_address();
    let servers = block("nginx", place, &address.to_string());
    let arguments = |folder: &Path| {
        let folder = folder.display();
        let text = format!("-p {folder} -e stderr -c {folder}/configuration");
        text.split(' ').map(str::to_owned).collect()
    };
    let configuration = |folder: &Path| configuration(folder, &servers);
    Some(Proxy::start(&program, address, configuration, arguments))
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_lets_through_what_passes() {
    scenario::lets_through_what_passes(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_passes_nothing_on_that_a_client_forged() {
    scenario::passes_nothing_forged_on(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_asks_for_the_host_that_the_client_used() {
    scenario::asks_for_the_host(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_tells_to_come_back_what_cannot_be_judged() {
    scenario::tells_to_come_back(start, 503).await;
}
