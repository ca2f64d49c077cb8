//! Whether standard output was open when the process began.
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

/// Whether standard output was open when the process began.
#[must_use]
pub fn stdout_was_open() -> bool {
    STDOUT_WAS_OPEN.load(Ordering::Relaxed)
}
