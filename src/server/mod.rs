//! The server: routes, connections, background jobs and its log, put together over the rules.

pub mod connections;
pub mod jobs;
pub mod router;
pub mod run;
pub mod tracing;
