//! Keys, sealing, and the format of tokens.

pub mod claims;
pub mod keyring;
pub mod master_key;
mod sealing;
pub mod token_format;
