//! `docs/protect-an-api.md`, as it stands there, run by real proxies between a client, Claviger and an API.

mod caddy;
mod exchange;
mod nginx;
mod process;
mod protected_api;
mod scenario;

use std::net::SocketAddr;

/// The blocks of a language in the page.
fn blocks(language: &str) -> Vec<String> {
    let page = include_str!("../../../docs/protect-an-api.md");
    let opening = format!("```{language}\n");
    let begun = page.split(&opening).skip(1);
    begun
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// Where a proxy stands, for which host it answers, and which permission it asks for.
#[derive(Clone, Copy)]
struct Place {
    host: &'static str,
    claviger: SocketAddr,
    api: SocketAddr,
    permission: &'static str,
}

/// The only block of a language, with addresses, host, permission and port replaced. Each has to be there.
fn block(language: &str, place: Place, port: u16) -> String {
    let blocks = blocks(language);
    assert_eq!(blocks.len(), 1, "{language}");
    let (claviger, api) = (place.claviger.to_string(), place.api.to_string());
    [
        ("127.0.0.1:3000", claviger.as_str()),
        ("127.0.0.1:8080", &api),
        (
            "permission=blogs.read",
            &format!("permission={}", place.permission),
        ),
        ("api.example.org", place.host),
        (":8000", &format!(":{port}")),
    ]
    .iter()
    .fold(blocks[0].clone(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the {language} block");
        text.replace(from, to)
    })
}
