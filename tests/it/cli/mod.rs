//! The real binaries, each run in a folder of its own with nothing else in its environment.

mod actors;
mod admins;
mod catalog;
mod counts;
mod create;
mod delete;
mod demo;
mod examples;
mod files;
mod get;
mod keys;
mod limits;
mod log;
mod organizations;
mod permissions;
mod postgres;
mod rotate;
mod serve;
pub mod server;
mod settings;
pub mod shell;
mod signals;
mod start;
mod terminal;
mod unreported;
mod usage;
mod values;
