//! Keeps the signals of a page with its request.
//!
//! The framework gives every request an arena for its signals and finds it through the thread. It brings the
//! arena along while the page itself is put together, but not while the title is written into its head: there, a
//! request that went on after another one would look into the other one's arena.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use leptos::reactive::owner::Sandboxed;

/// A future that finds the thread's arena as it left it, whatever happened on the thread meanwhile.
pub struct InOwnArena<F> {
    /// Brings an arena back when it is polled; it takes the current one when it is made.
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
            // Ready at once, and nothing but the arena comes of it.
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

    /// A request whose signal says which it is, and which reads it when the other one has run on the thread.
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
