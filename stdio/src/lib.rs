//! What has to happen before `main` runs: whether standard output was open is found out, and empty variables of libpq
//! are forgotten.
//!
//! Rust opens `/dev/null` where a standard stream is closed, before `main` runs (`std`'s `sanitize_standard_fds`), so that
//! from then on whatever is written to a closed one seems to have arrived. Only what runs earlier can tell the two apart.

use std::sync::atomic::{AtomicBool, Ordering};

static STDOUT_WAS_OPEN: AtomicBool = AtomicBool::new(false);

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn look() {
        let is_open = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_ok();
        STDOUT_WAS_OPEN.store(is_open, Ordering::Relaxed);
    }
}

ctor::declarative::ctor! {
    /// libpq takes an empty variable for one that is not set, as `PGPASSWORD` in a compose file with no value behind it;
    /// the driver takes it for an empty password and asks no `.pgpass`.
    #[ctor(unsafe)]
    fn forget_empty_variables() {
        let empty = std::env::vars_os().filter(|(name, value)| {
            value.is_empty() && name.as_encoded_bytes().starts_with(b"PG")
        });
        for (name, _) in empty.collect::<Vec<_>>() {
            // SAFETY: before `main` there is no other thread that could read a variable meanwhile.
            unsafe { std::env::remove_var(name) };
        }
    }
}

/// Whether standard output was open when the process began.
#[must_use]
pub fn stdout_was_open() -> bool {
    STDOUT_WAS_OPEN.load(Ordering::Relaxed)
}
