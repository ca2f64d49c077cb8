//! Keys, what is sealed under them, and the format of tokens.

pub mod keyring;
pub mod token_format;
