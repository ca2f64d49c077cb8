//! What is said to people, in each language in one place.

pub mod en;
