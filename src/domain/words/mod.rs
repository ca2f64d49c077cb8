//! The sentences for people, a file per language.

pub mod en;

use std::fmt;

use super::complaint::Complaint;
use super::error::Error;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        en::error(self, formatter)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        en::complaint(self, formatter)
    }
}
