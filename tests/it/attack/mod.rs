//! The claims under attack: that a change is in force for the next request, and that what was answered survives.
//!
//! ```text
//! checker.rs   the rule, as a pure function of who asked what when        proven with a reader that is stale
//! wire.rs      one way to ask, with a socket or without
//! fixture.rs     what is attacked, and the doors through which it is changed meanwhile
//! nodes.rs     nodes of it in this process
//! hammer.rs    rounds of looks and changes at the same time, judged by the checker
//! immediacy.rs two nodes on each engine, and the real binary with a second process
//! survival.rs  the real binary, killed at random moments
//! ledger.rs    what was answered, and what a whole database looks like
//! outage.rs    a full disk, a file that cannot be written, a look that fails
//! clock.rs     a clock that is wrong, and then right again
//! ```
//!
//! `cargo test` runs a short form; `make attack` sets `CLAVIGER_ATTACK=long`.

mod checker;
mod clock;
mod fixture;
mod hammer;
mod immediacy;
mod ledger;
mod nodes;
mod outage;
mod survival;
mod wire;

/// How much is tried: a little with every test run, much with `make attack`.
fn effort(short: usize, long: usize) -> usize {
    match std::env::var("CLAVIGER_ATTACK").as_deref() {
        Ok("long") => long,
        Ok(other) => panic!("CLAVIGER_ATTACK is `long` or nothing, not `{other}`"),
        Err(_) => short,
    }
}
