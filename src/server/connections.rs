//! Connections: accepts them, enforces timeouts, and shuts down gracefully.
//!
//! Timeouts protect against slow clients. One timer per connection checks its state every few seconds, because a timer
//! per request would cost each request more.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::{HeaderValue, Request, header};
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, MissedTickBehavior};

use super::cores::Cores;
use super::router::App;

/// How long a connection may stay in each state.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the first byte of a request to the first of its response.
    pub request: Duration,
    /// From a response to the next request (keep-alive).
    pub idle: Duration,
    /// Until the client reads the next bytes of a response.
    pub reading: Duration,
    /// After the stop signal, until idle connections are closed.
    pub idle_shutdown: Duration,
    /// After the stop signal, until requests in progress are aborted.
    pub shutdown: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(20),
            // Longer than the keep-alive of proxies, so that they close first and no request meets a closing connection.
            idle: Duration::from_mins(2),
            reading: Duration::from_secs(30),
            idle_shutdown: Duration::from_millis(500),
            shutdown: Duration::from_secs(30),
        }
    }
}

/// File descriptors that are not for connections: the database's, and a reserve.
const OTHER_FILES: u64 = 128;

/// The most simultaneous connections, if the system allows as many files.
const MOST_CONNECTIONS: u64 = 16_384;

/// The longest request head, in bytes. Each connection may buffer as many.
const LONGEST_HEAD: usize = 32 * 1024;

/// Accepts connections until the stop signal, then finishes the requests in progress.
pub async fn serve(
    mut listener: TcpListener,
    app: App,
    cores: &Cores,
    timeouts: Timeouts,
    stop_signal: impl Future<Output = ()>,
) {
    let files = rlimit::increase_nofile_limit(MOST_CONNECTIONS + OTHER_FILES).unwrap_or(1024);
    let most = files
        .saturating_sub(OTHER_FILES)
        .clamp(16, MOST_CONNECTIONS);
    let permits = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(16)));
    let is_stopping = Arc::new(AtomicBool::new(false));
    let graceful = GracefulShutdown::new();
    let open = |stream: std::net::TcpStream, peer, permit: Option<OwnedSemaphorePermit>| {
        let handler = Handler {
            app: app.clone(),
            peer,
            is_stopping: Arc::clone(&is_stopping),
            // The time limit of the first request begins with the connection.
            state: Mutex::new(ConnectionState::Receiving(Instant::now())),
        };
        let watcher = graceful.watcher();
        cores.next().spawn(async move {
            let _permit = permit;
            // Here it becomes known to the runtime that it is read by.
            if let Ok(stream) = TcpStream::from_std(stream) {
                answer(stream, Arc::new(handler), watcher, timeouts).await;
            }
        });
    };
    let mut stop_signal = pin!(stop_signal);
    loop {
        let accepted = async {
            let permit = Arc::clone(&permits).acquire_owned().await.ok();
            (Listener::accept(&mut listener).await, permit)
        };
        tokio::select! {
            biased;
            ((stream, peer), permit) = accepted => {
                // A connection that the system gives no longer is one that the client closed.
                if let Ok(stream) = stream.into_std() {
                    open(stream, peer, permit);
                }
            }
            () = &mut stop_signal => break,
        }
    }
    // A connected client may have sent a request that is still in transit: it is answered with `Connection: close`. New
    // connections are refused by the system, so their clients know that nothing was processed.
    is_stopping.store(true, Ordering::Relaxed);
    for (stream, peer) in backlog(listener) {
        open(stream, peer, None);
    }
    if graceful.count() > 0 {
        tokio::time::sleep(timeouts.idle_shutdown).await;
    }
    let _ = tokio::time::timeout(timeouts.shutdown, graceful.shutdown()).await;
}

/// Answers the requests of a connection until it ends or takes too long.
async fn answer(stream: TcpStream, handler: Arc<Handler>, watcher: Watcher, timeouts: Timeouts) {
    // Otherwise Nagle's algorithm may delay a response until the previous one is acknowledged. A failure only costs speed.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(TrackedStream {
        stream,
        handler: Arc::clone(&handler),
    });
    let answering = Arc::clone(&handler);
    let service = service_fn(move |request| Arc::clone(&answering).answer(request));
    let connection = http1::Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(io, service);
    tokio::select! {
        // An error concerns the client's side only: committed changes stay.
        _ = watcher.watch(connection) => {}
        () = timed_out(&handler.state, timeouts) => {}
    }
}

/// What all requests of a connection share.
struct Handler {
    app: App,
    peer: SocketAddr,
    is_stopping: Arc<AtomicBool>,
    state: Mutex<ConnectionState>,
}

impl Handler {
    /// Answers one request, with `Connection: close` while the server stops.
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Response, Infallible> {
        update(&self.state, ConnectionState::begin_handling);
        let mut response = self.app.answer(request, self.peer).await;
        update(&self.state, ConnectionState::end_handling);
        if self.is_stopping.load(Ordering::Relaxed) {
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}

/// The connections in the listener's backlog, before the listener is closed. They are accepted from the system, because
/// the runtime may not have been notified of them yet.
fn backlog(listener: TcpListener) -> Vec<(std::net::TcpStream, SocketAddr)> {
    let mut come = Vec::new();
    let Ok(listener) = listener.into_std() else {
        return come;
    };
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                if stream.set_nonblocking(true).is_ok() {
                    come.push((stream, peer));
                }
            }
            // The client closed the connection before it was accepted.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted
                ) => {}
            Err(_) => return come,
        }
    }
}

/// The state of a connection, with the moment it began.
#[derive(Clone, Copy, Debug)]
enum ConnectionState {
    /// Waiting for the next request.
    Idle(Instant),
    /// A request has begun to arrive; its response has not begun.
    Receiving(Instant),
    /// The same, and a handler runs, which may still read the body. Bytes written meanwhile are an interim response such
    /// as 100 (RFC 9110 §15.2) or the rest of the previous response.
    Handling(Instant),
    /// The client does not read the response.
    Blocked(Instant),
}

impl ConnectionState {
    /// A handler starts. A pipelined request, which arrived with the previous one, has its time from now on.
    fn begin_handling(&mut self) {
        *self = match *self {
            Self::Receiving(since) | Self::Handling(since) => Self::Handling(since),
            Self::Idle(_) | Self::Blocked(_) => Self::Handling(Instant::now()),
        };
    }

    /// The handler returned, so the bytes written next are the response.
    fn end_handling(&mut self) {
        if let Self::Handling(since) = *self {
            *self = Self::Receiving(since);
        }
    }

    /// Bytes were read.
    fn note_read(&mut self) {
        // Further bytes of the same request do not extend its time.
        if matches!(self, Self::Idle(_)) {
            *self = Self::Receiving(Instant::now());
        }
    }

    /// Bytes were written, or the socket's buffer was full.
    fn note_written(&mut self, is_sent: bool) {
        match self {
            Self::Handling(_) => {}
            _ if is_sent => *self = Self::Idle(Instant::now()),
            Self::Blocked(_) => {}
            _ => *self = Self::Blocked(Instant::now()),
        }
    }
}

fn update(state: &Mutex<ConnectionState>, change: impl FnOnce(&mut ConnectionState)) {
    change(&mut state.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Returns when the connection has been in one state for too long.
async fn timed_out(state: &Mutex<ConnectionState>, timeouts: Timeouts) {
    let shortest = timeouts.request.min(timeouts.idle).min(timeouts.reading);
    let mut ticks = tokio::time::interval((shortest / 4).max(Duration::from_millis(10)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (since, most) = match *state.lock().unwrap_or_else(PoisonError::into_inner) {
            ConnectionState::Idle(since) => (since, timeouts.idle),
            ConnectionState::Receiving(since) | ConnectionState::Handling(since) => {
                (since, timeouts.request)
            }
            ConnectionState::Blocked(since) => (since, timeouts.reading),
        };
        if since.elapsed() > most {
            return;
        }
    }
}

/// A stream that updates the state of its connection.
struct TrackedStream {
    stream: TcpStream,
    handler: Arc<Handler>,
}

impl AsyncRead for TrackedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            update(&self.handler.state, ConnectionState::note_read);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TrackedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        update(&self.handler.state, |state| {
            state.note_written(written.is_ready());
        });
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        update(&self.handler.state, |state| {
            state.note_written(written.is_ready());
        });
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
