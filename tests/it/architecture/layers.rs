//! Which part of the source may name which.

use super::{File, file, has_word, hold, sources, sources_and_tests};

/// The layers, from the top down; `config` lies beside `domain`.
const ORDER: [&str; 7] = ["cli", "server", "ui", "http", "service", "store", "domain"];

/// The layers that a line names, by `crate::layer` or by climbing to it.
fn layers_named(line: &str) -> Vec<&str> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let after = |prefix: &'static str| {
        line.match_indices(prefix)
            .map(move |(at, _)| &line[at + prefix.len()..])
    };
    let names = after("crate::").chain(after("super::"));
    let words = names.map(|rest| {
        rest.split(|character| !is_word(character))
            .next()
            .unwrap_or_default()
    });
    words
        .filter(|word| ORDER.contains(word) || *word == "config")
        .collect()
}

fn may_use(from: &str, to: &str) -> bool {
    let floor = |layer: &str| ORDER.iter().position(|name| *name == layer);
    match (from, to) {
        _ if from == to => true,
        ("config", _) => to == "domain",
        (_, "config") => ["cli", "service"].contains(&from),
        _ => floor(from) < floor(to),
    }
}

fn upward(file: &File) -> Vec<String> {
    let grouped = file.lines(file.code(), |line| line.contains("crate::{"));
    let upward = file.lines(file.code(), |line| {
        layers_named(line)
            .iter()
            .any(|to| !may_use(file.layer(), to))
    });
    [grouped, upward].concat()
}

#[test]
fn a_layer_names_only_those_below() {
    let breaking = [
        file("src/store/clients.rs", "use crate::service::Service;"),
        file(
            "src/domain/view.rs",
            "    let page = crate::ui::pages::show();",
        ),
        file("src/http/console/session.rs", "use crate::ui::app::App;"),
        file("src/server/run.rs", "use crate::cli::output;"),
        file("src/ui/app.rs", "use crate::server::router;"),
        file("src/store/clients.rs", "use super::super::http::State;"),
        file("src/store/mod.rs", "use crate::config::DataSettings;"),
        file("src/config.rs", "use crate::store::Store;"),
        file(
            "src/domain/page.rs",
            "use crate::{domain::Time, store::Tx};",
        ),
    ];
    let fine = [
        file(
            "src/ui/api/clients.rs",
            "use crate::http::console::session::signed_in;",
        ),
        file("src/service/settings.rs", "use crate::config::SecretsMode;"),
        file("src/cli/serve.rs", "use crate::server::run;"),
        file("src/server/router.rs", "use crate::ui::shell;"),
        file("src/config.rs", "use crate::domain::secret::Secret;"),
        file("src/store/secrets.rs", "use super::{Result, Tx, on};"),
        file("src/domain/mod.rs", "// The rules are in crate::service."),
    ];
    let layers: Vec<File> = sources()
        .into_iter()
        .filter(|file| !file.path.ends_with("lib.rs"))
        .collect();
    let advice = "Each layer names only those below it: cli → server → ui → http → service → store → domain; cli and\n\
                  service may read config, which knows domain alone. Move what is needed further down, or hand it in.\n\
                  Import one layer a line, so that this test can read it.";
    hold(upward, &breaking, &fine, &layers, advice);
}

/// The crates that speak to the engines.
const ENGINES: [&str; 2] = ["sqlx", "rusqlite"];

fn sql_outside_the_store(file: &File) -> Vec<String> {
    if file.is_in(&["src/store/", "tests/it/support/"]) {
        return Vec::new();
    }
    file.lines(file.code(), |line| {
        let unquoted: String = line.split('"').step_by(2).collect();
        ENGINES.iter().any(|name| has_word(&unquoted, name))
    })
}

#[test]
fn only_the_store_speaks_sql() {
    let breaking = [
        file("src/service/clients.rs", "use sqlx::query;"),
        file("tests/it/cli/keys.rs", "sqlx::query(\"\")"),
    ];
    let fine = [
        file("src/store/clients.rs", "use sqlx::query;"),
        file("tests/it/support/sql.rs", "use sqlx::query;"),
        file("tests/it/cli/serve.rs", "log.contains(\"sqlx::query\");"),
    ];
    let advice = "Only src/store (and what tests stand on, tests/it/support) may use sqlx. Give the store a method\n\
                  that says what is wanted, and a test of it in tests/it/store.";
    hold(
        sql_outside_the_store,
        &breaking,
        &fine,
        &sources_and_tests(),
        advice,
    );
}

fn builds_told_apart(file: &File) -> Vec<String> {
    if ["src/lib.rs", "src/ui/mod.rs"].contains(&file.path.as_str()) {
        return Vec::new();
    }
    file.lines(file.code(), |line| line.contains("feature = \""))
}

#[test]
fn two_files_tell_the_builds_apart() {
    let breaking = [file("src/ui/app.rs", "#[cfg(feature = \"ssr\")]")];
    let fine = [
        file("src/lib.rs", "#[cfg(feature = \"ssr\")]"),
        file("src/ui/mod.rs", "#[cfg(feature = \"ssr\")]"),
    ];
    let advice = "Every line that tells the server build from the browser build stands in src/lib.rs, or in\n\
                  src/ui/mod.rs for the parts of ui. Put what only one build has into a part that only this build has.";
    hold(
        builds_told_apart,
        &breaking,
        &fine,
        &sources_and_tests(),
        advice,
    );
}

fn environment(file: &File) -> Vec<String> {
    // The driver reads libpq's variables by itself, so what checks them before it does stands beside it.
    if file.is_in(&["src/cli/", "src/config.rs", "src/store/libpq.rs"]) {
        return Vec::new();
    }
    file.lines(file.code(), |line| line.contains("env::var"))
}

#[test]
fn the_environment_is_read_in_one_place() {
    let breaking = [
        file("src/service/keys.rs", "let key = std::env::var(\"KEY\");"),
        file("src/ui/app.rs", "env::vars_os()"),
    ];
    let fine = [
        file("src/cli/mod.rs", "std::env::var(\"HOME\")"),
        file("src/config.rs", "std::env::var(\"HOME\")"),
    ];
    let advice = "Settings come from src/config.rs, each with its flag, its default and its paragraph; src/cli hands\n\
                  them down.";
    hold(environment, &breaking, &fine, &sources(), advice);
}

fn causes_without_types(file: &File) -> Vec<String> {
    if file.is_in(&["src/cli/", "src/main.rs", "src/bin/"]) {
        return Vec::new();
    }
    file.lines(file.code(), |line| line.contains("anyhow"))
}

#[test]
fn below_the_command_line_errors_have_types() {
    let breaking = [file("src/service/clients.rs", "use anyhow::Context;")];
    let fine = [
        file("src/cli/open.rs", "use anyhow::Context;"),
        file("src/bin/api-client.rs", "anyhow::Result<()>"),
    ];
    let advice = "anyhow is for src/cli. Below it, give the error a variant with thiserror and keep its source.";
    hold(causes_without_types, &breaking, &fine, &sources(), advice);
}

/// Where something is committed that is no change of the directory with an event of its own: sessions and their proofs, looks at
/// secrets, failed sign-ins, exports, verification of the audit log, sweeps, the clients of a demo, single tokens, the
/// server's keys, usage, impersonations, renewed hashes.
const COMMITS: [&str; 13] = [
    "src/service/console/audit/",
    "src/service/console/clients/export.rs",
    "src/service/console/sessions.rs",
    "src/service/console/stepped_up.rs",
    "src/service/console/secrets.rs",
    "src/service/console/failed_sign_ins.rs",
    "src/service/console/housekeeping.rs",
    "src/service/console/demo/",
    "src/service/directory/denylist.rs",
    "src/service/crypto/keyring.rs",
    "src/service/oauth/flush.rs",
    "src/service/oauth/impersonation_events.rs",
    "src/service/oauth/renewed_hash.rs",
];

fn commits(file: &File) -> Vec<String> {
    let is_allowed = file.is_in(&COMMITS) || file.path == "src/service/change.rs";
    if file.layer() != "service" || is_allowed {
        return Vec::new();
    }
    file.lines(file.code_before_tests(), |line| {
        line.contains(".commit()") || line.contains("raise_directory_version")
    })
}

#[test]
fn a_change_is_committed_with_its_event() {
    let path = "src/service/console/clients/update.rs";
    let breaking = [
        file(path, "        tx.commit().await?;"),
        file(
            path,
            "    let version = tx.raise_directory_version().await?;",
        ),
        file(
            "src/service/console/change.rs",
            "        Ok(self.parts().0.commit().await?)",
        ),
        file(
            "src/service/oauth/participants.rs",
            "        tx.commit().await?;",
        ),
    ];
    let fine = [
        file(path, "        change.commit(&after, event).await?;"),
        file(
            "src/service/change.rs",
            "        Ok(self.tx.commit().await?)",
        ),
        file(
            "src/service/oauth/participants.rs",
            "        change.commit(subject, event).await?;",
        ),
        file("src/store/mod.rs", "    tx.commit().await?;"),
    ];
    let advice = "Open a change (in the console `self.change(&actor)`, in the token server `self.0.change_by(…)`) and\n\
                  make it last with `change.commit(&client, Event::…)`.\n\
                  What changes nothing of the directory and commits by itself stands in COMMITS.";
    hold(commits, &breaking, &fine, &sources(), advice);
}

/// Where the token server changes the directory: it registers participants and merges what clients note about them, and
/// the first use of a secret that waits for it begins the end of the older ones.
const OPENS_OF_TOKEN_SERVER: [&str; 2] = [
    "src/service/oauth/participants.rs",
    "src/service/oauth/rotation.rs",
];

fn changes_of_programs(file: &File) -> Vec<String> {
    if !file.is_in(&["src/service/oauth/"]) || OPENS_OF_TOKEN_SERVER.contains(&file.path.as_str()) {
        return Vec::new();
    }
    file.lines(file.code_before_tests(), |line| line.contains("change_by("))
}

#[test]
fn the_token_server_opens_changes_in_two_files() {
    let breaking = [file(
        "src/service/oauth/introspect.rs",
        "        let mut change = self.0.change_by(actor, address).await?;",
    )];
    let fine = [
        file(
            OPENS_OF_TOKEN_SERVER[1],
            "        let mut change = self.0.change_by(actor, address).await?;",
        ),
        file(
            "src/service/console/change.rs",
            "        self.0.change_by(actor, address).await",
        ),
    ];
    let advice = "What a client may change at the OAuth endpoints stands in src/service/oauth/participants.rs and rotation.rs, so that\n\
                  it can be read in one place. Everything else there decides from memory.";
    hold(changes_of_programs, &breaking, &fine, &sources(), advice);
}
