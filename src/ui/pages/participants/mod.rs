//! The pages of participants.

pub mod block;
mod contents;
mod done;
mod fields;
mod forms;
mod grant;
pub mod import;
mod import_report;
pub mod list;
mod list_query;
pub mod new;
mod organization;
pub mod show;
mod shown;
mod state;

pub use grant::has_password_grant;
