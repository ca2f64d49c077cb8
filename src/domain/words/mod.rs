//! The sentences for people, a file per language.

pub mod en;
