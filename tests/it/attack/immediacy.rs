//! A request that is sent after a change was answered never gets the earlier state, under thousands of concurrent
//! requests.

use super::effort;
use super::fixture::{Target, over_sockets};
use super::nodes::{in_process, with_a_slow_database};
use super::rounds::{Outcome, attack};
use crate::cli::shell::Folder;
use crate::support::Engine;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn assert_immediate(target: &Target, least: usize) -> Outcome {
    let outcome = attack(target, least);
    println!(
        "{} observations during {} changes, {} of them judged strictly",
        outcome.observations, outcome.changes, outcome.judged
    );
    let first: Vec<&String> = outcome.violations.iter().take(5).collect();
    assert!(
        first.is_empty(),
        "{} violations: {first:#?}",
        outcome.violations.len()
    );
    assert!(outcome.judged >= least);
    outcome
}

#[test]
fn no_answer_is_older_than_the_last_change_on_sqlite() {
    let runtime = runtime();
    let (target, _fixture) = in_process(Engine::Sqlite, runtime.handle());
    assert_immediate(&target, effort(2_000, 100_000));
}

#[test]
fn no_answer_is_older_than_the_last_change_on_postgresql() {
    let runtime = runtime();
    let (target, _fixture) = in_process(Engine::Postgres, runtime.handle());
    assert_immediate(&target, effort(2_000, 100_000));
}

#[test]
fn no_answer_is_older_than_the_last_change_when_the_database_answers_late() {
    let runtime = runtime();
    let (target, _fixture) = with_a_slow_database(runtime.handle());
    assert_immediate(&target, effort(500, 20_000));
}

#[test]
fn no_answer_of_the_real_server_is_older_than_the_last_change_of_any_process() {
    let folder = Folder::empty();
    let (target, _server) = over_sockets(&folder);
    assert_immediate(&target, effort(1_000, 100_000));
}

#[test]
fn behind_a_proxy_that_keeps_answers_the_same_attack_finds_old_ones() {
    let runtime = runtime();
    let (target, _fixture) = in_process(Engine::Sqlite, runtime.handle());
    let outcome = attack(&target.behind_a_stale_proxy(20), 300);
    assert!(!outcome.violations.is_empty(), "{outcome:?}");
}
