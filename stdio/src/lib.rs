//! Runs before `main`: records whether standard output was open, and removes empty environment variables of libpq.
//!
//! Rust replaces a closed standard stream by `/dev/null` before `main` (`std`'s `sanitize_standard_fds`), so that writes
//! to it seem to succeed. Only code that runs earlier can detect the closed stream.

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
    /// libpq treats an empty variable as unset, such as `PGPASSWORD` without a value in a compose file; sqlx takes it for
    /// an empty password and does not read `.pgpass`.
    #[ctor(unsafe)]
    fn forget_empty_variables() {
        let empty = std::env::vars_os().filter(|(name, value)| {
            value.is_empty() && name.as_encoded_bytes().starts_with(b"PG")
        });
        for (name, _) in empty.collect::<Vec<_>>() {
            // SAFETY: before `main` there is no other thread that could read the environment.
            unsafe { std::env::remove_var(name) };
        }
    }
}

/// Whether standard output was open when the process began.
#[must_use]
pub fn stdout_was_open() -> bool {
    STDOUT_WAS_OPEN.load(Ordering::Relaxed)
}
