//! Attacks on two guarantees: a change is in force for the next request, and answered changes are durable.
//!
//! ```text
//! checker.rs   linearizability, as a pure function of timestamped observations; proven with a stale reader
//! transport.rs requests with a socket or without
//! fixture.rs   the target, and the channels of concurrent changes
//! nodes.rs     nodes in this process
//! rounds.rs    concurrent observations and changes, judged by the checker
//! immediacy.rs two nodes on each engine, and the real binary with a second process
//! survival.rs  the real binary, killed at random moments
//! ledger.rs    confirmed facts, and the consistency of a database
//! outage.rs    a full disk, a file that cannot be written, a failing read of the directory version
//! clock.rs     a clock that jumps and is corrected
//! ```
//!
//! `cargo test` runs a short form; `make attack` sets `CLAVIGER_ATTACK=long`.

mod checker;
mod clock;
mod fixture;
mod immediacy;
mod ledger;
mod nodes;
mod outage;
mod rounds;
mod survival;
mod transport;

/// The amount of work: `short` with every test run, `long` with `make attack`.
fn effort(short: usize, long: usize) -> usize {
    match std::env::var("CLAVIGER_ATTACK").as_deref() {
        Ok("long") => long,
        Ok(other) => panic!("CLAVIGER_ATTACK is `long` or nothing, not `{other}`"),
        Err(_) => short,
    }
}
