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
    started(place, |block| block)
}

/// With the line that the page has for APIs that browsers call from other origins.
fn start_for_browsers(place: Place) -> Option<Proxy> {
    started(place, |block| {
        let (off, on) = ("# if ($request_method", "if ($request_method");
        assert_eq!(block.matches(off).count(), 1);
        block.replace(off, on)
    })
}

fn started(place: Place, change: fn(String) -> String) -> Option<Proxy> {
    let program = process::program("nginx", "CLAVIGER_NGINX")?;
    let address = process::free_address();
    let servers = change(block("nginx", place, address.port()));
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

#[tokio::test(flavor = "multi_thread")]
async fn nginx_passes_preflights_on_where_it_is_told_to() {
    scenario::passes_preflights_on(start_for_browsers).await;
}
