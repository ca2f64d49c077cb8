//! The console and the token server stand apart: in the rules, on the wire, and from what renders pages.

use super::{File, file, has_word, hold, sources};

/// The parts of `service/`, from the top down; what is left lies below all of them and names none.
const PARTS: [&[&str]; 6] = [
    &["console", "oauth"],
    &["change"],
    &["shared"],
    &["auth"],
    &["directory"],
    &["crypto"],
];

/// The part that a path or a line names: the place in [`PARTS`], and the name.
fn part(name: &str) -> (usize, &str) {
    let place = PARTS.iter().position(|names| names.contains(&name));
    (place.unwrap_or(PARTS.len()), name)
}

/// What a line names in `service/`, by `crate::service` or by climbing to it.
fn service_names(line: &str) -> impl Iterator<Item = &str> {
    ["crate::service::", "super::"]
        .into_iter()
        .flat_map(move |prefix| {
            line.match_indices(prefix)
                .map(move |(at, _)| &line[at + prefix.len()..])
        })
        .map(|rest| {
            let end =
                rest.find(|character: char| !(character.is_alphanumeric() || character == '_'));
            &rest[..end.unwrap_or(rest.len())]
        })
}

fn upward_in_service(file: &File) -> Vec<String> {
    let Some(inside) = file.path.strip_prefix("src/service/") else {
        return Vec::new();
    };
    let own = part(inside.split(['/', '.']).next().unwrap_or_default());
    if own.1 == "mod" {
        return Vec::new();
    }
    let may_name = |other: (usize, &str)| {
        other.1 == own.1 || own.0 < other.0 || own.0 == other.0 && own.0 == PARTS.len()
    };
    file.lines(file.code(), |line| {
        let is_whole = |name: &str| name.is_empty() || name.starts_with(char::is_uppercase);
        // What `service` itself offers comes from any of its parts.
        let whole = line.contains("crate::service::")
            && service_names(&line[line.find("crate::service::").unwrap_or(0)..])
                .next()
                .is_some_and(is_whole);
        whole || service_names(line).any(|name| !may_name(part(name)))
    })
}

/// Files of the service, each with a name from above.
const UPWARD: [(&str, &str); 12] = [
    (
        "src/service/oauth/usage/mod.rs",
        "use crate::service::console::actor::Actor;",
    ),
    (
        "src/service/oauth/revoke.rs",
        "use super::super::console::clients::target;",
    ),
    (
        "src/service/console/usage.rs",
        "use crate::service::oauth::TokenServer;",
    ),
    (
        "src/service/console/usage.rs",
        "use crate::service::TokenServer;",
    ),
    (
        "src/service/console/usage.rs",
        "use crate::service::{Actor, TokenServer};",
    ),
    (
        "src/service/directory/cached_client.rs",
        "use crate::service::auth::throttle::Target;",
    ),
    (
        "src/service/crypto/keyring.rs",
        "use crate::service::directory::Directory;",
    ),
    (
        "src/service/database.rs",
        "use crate::service::crypto::keyring::Keys;",
    ),
    (
        "src/service/shared.rs",
        "use crate::service::console::Console;",
    ),
    (
        "src/service/change.rs",
        "use crate::service::console::actor::Actor;",
    ),
    (
        "src/service/change.rs",
        "use crate::service::oauth::TokenServer;",
    ),
    (
        "src/service/shared.rs",
        "use crate::service::change::Change;",
    ),
];

/// The same with names from below.
const DOWNWARD: [(&str, &str); 10] = [
    (
        "src/service/mod.rs",
        "use crate::service::console::Console;",
    ),
    (
        "src/service/oauth/mod.rs",
        "use crate::service::shared::Shared;",
    ),
    (
        "src/service/console/mod.rs",
        "use crate::service::auth::hash_queue::HashQueue;",
    ),
    (
        "src/service/console/clients/view.rs",
        "use crate::service::console::clients::require;",
    ),
    (
        "src/service/directory/mod.rs",
        "use crate::service::database::with_timeout;",
    ),
    (
        "src/service/settings.rs",
        "use crate::service::catalog::CatalogError;",
    ),
    ("src/service/oauth/usage/buffer.rs", "use super::Usage;"),
    (
        "src/service/oauth/participants.rs",
        "use crate::service::change::Change;",
    ),
    (
        "src/service/console/change.rs",
        "use crate::service::change::Change;",
    ),
    (
        "src/service/change.rs",
        "use crate::service::shared::Shared;",
    ),
];

#[test]
fn a_part_of_the_service_names_only_those_below() {
    let breaking = UPWARD.map(|(path, text)| file(path, text));
    let fine = DOWNWARD.map(|(path, text)| file(path, text));
    let advice = "In src/service: console | oauth → change → shared → auth → directory → crypto → all else, and console and oauth\n\
                  never name each other. Move what both need below them. Import from the part, such as\n\
                  crate::service::auth, and not what src/service/mod.rs offers to others.";
    hold(upward_in_service, &breaking, &fine, &sources(), advice);
}

/// The crates of the framework that renders pages.
const FRAMEWORK: [&str; 2] = ["leptos", "leptos_axum"];

fn framework(file: &File) -> Vec<String> {
    if file.is_in(&["src/ui/", "src/http/console/", "src/server/", "src/lib.rs"]) {
        return Vec::new();
    }
    file.lines(file.code(), |line| {
        FRAMEWORK.iter().any(|name| has_word(line, name))
    })
}

#[test]
fn only_what_makes_pages_names_the_framework() {
    let breaking = [
        file("src/http/peer.rs", "use leptos::prelude::use_context;"),
        file(
            "src/http/oauth/token.rs",
            "    leptos_axum::extract().await",
        ),
        file("src/cli/serve.rs", "use leptos::config::LeptosOptions;"),
    ];
    let fine = [
        file(
            "src/http/console/session.rs",
            "use leptos::context::use_context;",
        ),
        file("src/server/router.rs", "use leptos_axum::LeptosRoutes;"),
        file("src/ui/app.rs", "use leptos::prelude::*;"),
    ];
    let advice = "Leptos is for src/ui, src/http/console and src/server.";
    hold(framework, &breaking, &fine, &sources(), advice);
}

/// What belongs to administrators, and what to programs.
const OF_CONSOLE: [&str; 4] = ["console", "Console", "ConsoleState", "Actor"];
const OF_PROGRAMS: [&str; 3] = ["oauth", "OAuthState", "TokenServer"];

fn wrong_rules(file: &File) -> Vec<String> {
    let forbidden: &[&str] = if file.is_in(&["src/http/console/", "src/ui/"]) {
        &OF_PROGRAMS
    } else if file.is_in(&["src/http/"]) && file.path != "src/http/mod.rs" {
        &OF_CONSOLE
    } else {
        return Vec::new();
    };
    file.lines(file.code_before_tests(), |line| {
        let unquoted: String = line.split('"').step_by(2).collect();
        forbidden.iter().any(|name| has_word(&unquoted, name))
    })
}

#[test]
fn programs_and_browsers_each_have_their_rules() {
    let breaking = [
        file("src/http/oauth/mod.rs", "use crate::service::Console;"),
        file(
            "src/http/oauth/token.rs",
            "use crate::http::console::session;",
        ),
        file("src/http/health.rs", "use super::console::ConsoleState;"),
        file(
            "src/http/console/pages.rs",
            "use crate::service::TokenServer;",
        ),
        file(
            "src/ui/api/clients.rs",
            "    crate::http::oauth::describe(state)",
        ),
    ];
    let fine = [
        file("src/http/oauth/mod.rs", "use crate::service::TokenServer;"),
        file("src/http/health.rs", "use super::oauth::OAuthState;"),
        file("src/http/console/mod.rs", "use crate::service::Console;"),
        file("src/http/mod.rs", "pub mod console;"),
        file(
            "src/ui/pages/clients/show.rs",
            "view! { \"the oauth endpoints\" }",
        ),
    ];
    let advice = "http/oauth, and what lies beside it, gets a TokenServer; http/console and ui get a Console. Neither\n\
                  names what the other has.";
    hold(wrong_rules, &breaking, &fine, &sources(), advice);
}
