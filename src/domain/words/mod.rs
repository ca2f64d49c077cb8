//! The sentences for people, a file per language.

pub mod en;

use std::fmt;

use super::catalog::CatalogError;
use super::command::{CommandComplaint, WrongVariable};
use super::complaint::Complaint;
use super::error::Error;
use super::start::{
    DatabaseComplaint, DeadLink, FileComplaint, IssuerComplaint, KeyComplaint, StartComplaint,
};

/// An error of each type reads as its sentence.
macro_rules! errors_in_words {
    ($($error:ty => $sentence:path,)*) => {$(
        impl fmt::Display for $error {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                $sentence(self, formatter)
            }
        }

        impl std::error::Error for $error {}
    )*};
}

errors_in_words! {
    Error => en::error,
    Complaint => en::complaint,
    StartComplaint => en::start::start,
    IssuerComplaint => en::start::issuer,
    CatalogError => en::catalog::error,
    CommandComplaint => en::command::complaint,
    WrongVariable<'_> => en::command::variable,
    KeyComplaint => en::start::key,
    FileComplaint => en::start::file,
    DeadLink => en::start::link,
    DatabaseComplaint => en::start::database,
}
