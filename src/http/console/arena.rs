//! Binds the reactive arena of a request to its future.
//!
//! Leptos gives every request an arena for its signals and finds it in a thread-local variable. It restores the arena
//! while it renders the page, but not while it writes the title into the head: there, a request that resumes on a
//! thread after another request would use the other one's arena.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use leptos::reactive::owner::Sandboxed;

/// A future that is polled with its own arena, whichever arena the thread had before.
pub struct InOwnArena<F> {
    /// Restores an arena when polled; captures the current one when created.
    arena: Option<Sandboxed<Ready<()>>>,
    inner: Pin<Box<F>>,
}

impl<F> InOwnArena<F> {
    /// Wraps a future.
    pub fn new(inner: F) -> Self {
        Self {
            arena: None,
            inner: Box::pin(inner),
        }
    }
}

impl<F: Future> Future for InOwnArena<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(mut arena) = self.arena.take() {
            // Ready at once; its only effect is to set the arena.
            let _ = Pin::new(&mut arena).poll(context);
        }
        let polled = self.inner.as_mut().poll(context);
        self.arena = Some(Sandboxed::new(ready(())));
        polled
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{GetUntracked, Owner, RwSignal};

    use super::*;

    /// A request whose signal holds its number, and which reads the signal after another request ran on the thread.
    async fn request(number: usize) -> Option<usize> {
        let owner = Owner::new_root(None);
        let signal = owner.with(|| RwSignal::new(number));
        tokio::task::yield_now().await;
        signal.try_get_untracked()
    }

    #[tokio::test]
    async fn of_two_requests_on_a_thread_each_reads_its_own_signals() {
        let both = async { tokio::join!(InOwnArena::new(request(1)), InOwnArena::new(request(2))) };
        assert_eq!(both.await, (Some(1), Some(2)));
    }

    #[tokio::test]
    async fn without_it_the_first_would_read_the_others() {
        let both = async { tokio::join!(request(1), request(2)) };
        assert_ne!(
            both.await.0,
            Some(1),
            "the framework has mended it: this module can go"
        );
    }
}
