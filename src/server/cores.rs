//! The threads that answer requests: one for each processor core, each with a runtime of its own, which no task leaves.
//!
//! A runtime that moves tasks between its threads wakes one thread for what another has just read. Where a request takes a
//! few microseconds that costs more than it gains.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// The runtimes of the cores. They end when this is dropped.
#[derive(Debug)]
pub struct Cores {
    cores: Vec<Core>,
    next: AtomicUsize,
}

#[derive(Debug)]
struct Core {
    handle: Handle,
    thread: Option<Thread>,
}

#[derive(Debug)]
struct Thread {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Cores {
    /// Starts a thread for each core that this process may use.
    ///
    /// # Errors
    /// When the system has no thread or no file descriptor left.
    pub fn start() -> io::Result<Self> {
        let count = thread::available_parallelism()?.get();
        let cores: io::Result<_> = (0..count).map(Core::start).collect();
        Ok(Self {
            cores: cores?,
            next: AtomicUsize::new(0),
        })
    }

    /// The runtime of the caller alone, for tests.
    #[must_use]
    pub fn current() -> Self {
        let handle = Handle::current();
        Self {
            cores: vec![Core {
                handle,
                thread: None,
            }],
            next: AtomicUsize::new(0),
        }
    }

    /// The runtimes in turn, so that each has as many connections as the others.
    pub(super) fn next(&self) -> &Handle {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        &self.cores[next % self.cores.len()].handle
    }
}

impl Core {
    fn start(number: usize) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name(format!("core-{number}"))
            .spawn(move || {
                // An error means that the sender is gone, which says the same.
                let _ = runtime.block_on(stopped);
                // Password hashes that nobody waits for any more must not delay the end.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            handle,
            thread: Some(Thread { stop, thread }),
        })
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Some(Thread { stop, thread }) = self.thread.take() {
            drop(stop);
            // An error is the panic of a thread that ends anyway.
            let _ = thread.join();
        }
    }
}
