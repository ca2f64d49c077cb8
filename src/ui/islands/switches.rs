//! The switches of the permissions page, saved as they move.
