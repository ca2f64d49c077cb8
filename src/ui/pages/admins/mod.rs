//! Pages about administrators, and the page that a one-time link leads to.

mod contents;
mod forms;
pub mod invitation;
pub mod invite;
mod links;
pub mod list;
pub mod show;
mod words;
