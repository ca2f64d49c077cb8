//! One binary for everything that tests the project from outside.

mod architecture;
mod attack;
mod cli;
mod proxies;
mod routes;
mod service;
mod store;
mod support;
