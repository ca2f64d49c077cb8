//! The server: routes, connections, background jobs and the log, assembled over the service.

pub mod connections;
pub mod cores;
pub mod jobs;
pub mod router;
pub mod run;
pub mod tracing;
