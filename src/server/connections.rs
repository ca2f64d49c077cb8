//! Connections: accepts them, gives each a limited time for every step, and lets them finish when the server stops.
//!
//! Nobody holds a connection by being slow. What may take how long is watched over from outside, by one timer per
//! connection that looks every few seconds, because a timer per request would cost each of them more.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, MissedTickBehavior};
use tower_service::Service;

/// How long each step of a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the first byte of a request to the first of its answer.
    pub request: Duration,
    /// From an answer to the next request.
    pub idle: Duration,
    /// Until somebody who reads an answer takes the next bytes of it.
    pub reading: Duration,
    /// After the order to stop, until a connection that is waiting for its next request is closed.
    pub parting: Duration,
    /// After the order to stop, until whatever is still under way is given up.
    pub stopping: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(20),
            // Longer than proxies keep theirs, so that they close first and no request crosses a closing.
            idle: Duration::from_mins(2),
            reading: Duration::from_secs(30),
            parting: Duration::from_millis(500),
            stopping: Duration::from_secs(30),
        }
    }
}

/// File descriptors that are not for connections: the database's, and what stands in reserve.
const OTHER_FILES: u64 = 128;

/// The most connections at a time, if the system allows as many files.
const MOST_CONNECTIONS: u64 = 16_384;

/// How many bytes the head of a request has at most. Each connection may keep as many in memory.
const LONGEST_HEAD: usize = 32 * 1024;

/// Answers whoever comes until told to stop, and then what is under way.
pub async fn serve(
    mut listener: TcpListener,
    app: Router,
    timeouts: Timeouts,
    told_to_stop: impl Future<Output = ()>,
) {
    let files = rlimit::increase_nofile_limit(MOST_CONNECTIONS + OTHER_FILES).unwrap_or(1024);
    let most = files
        .saturating_sub(OTHER_FILES)
        .clamp(16, MOST_CONNECTIONS);
    let places = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(16)));
    let is_stopping = Arc::new(AtomicBool::new(false));
    let graceful = GracefulShutdown::new();
    let open = |stream: TcpStream, peer: SocketAddr, place: Option<OwnedSemaphorePermit>| {
        // Without it an answer may wait for the acknowledgement of the one before. Failing costs speed alone.
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let is_stopping = Arc::clone(&is_stopping);
        // Whoever connects has something to ask.
        let step = Arc::new(Mutex::new(Step::Asked(Instant::now())));
        let io = TokioIo::new(Watched {
            stream,
            step: Arc::clone(&step),
        });
        let handling = Arc::clone(&step);
        let service =
            service_fn(move |request| handle(app.clone(), request, peer, &is_stopping, &handling));
        let connection = http1::Builder::new()
            .max_buf_size(LONGEST_HEAD)
            .serve_connection(io, service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            tokio::select! {
                // How it ended is the other side's affair: whatever was decided was recorded.
                _ = connection => {}
                () = overdue(&step, timeouts) => {}
            }
        });
    };
    let mut told_to_stop = pin!(told_to_stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (Listener::accept(&mut listener).await, place)
        };
        tokio::select! {
            biased;
            ((stream, peer), place) = accepted => open(stream, peer, place),
            () = &mut told_to_stop => break,
        }
    }
    // Who is connected may have sent a request that is on its way: it is answered, and the answer says that it is the
    // last. Whoever connects from here on is refused, and knows that nothing was taken.
    is_stopping.store(true, Ordering::Relaxed);
    for (stream, peer) in waiting(listener) {
        open(stream, peer, None);
    }
    if graceful.count() > 0 {
        tokio::time::sleep(timeouts.parting).await;
    }
    let _ = tokio::time::timeout(timeouts.stopping, graceful.shutdown()).await;
}

/// Answers one request. While the server stops, the answer says that it is the last on its connection.
fn handle(
    mut app: Router,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    is_stopping: &Arc<AtomicBool>,
    step: &Arc<Mutex<Step>>,
) -> impl Future<Output = Result<Response, Infallible>> + use<> {
    update(step, Step::begin_handling);
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let answering = app.call(request);
    let (is_stopping, step) = (Arc::clone(is_stopping), Arc::clone(step));
    async move {
        let mut response: Response = answering.await?;
        update(&step, Step::end_handling);
        if is_stopping.load(Ordering::Relaxed) {
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}

/// The connections that have come already, before the listener goes. The system itself is asked, because the runtime may
/// not have heard of them yet.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let mut come = Vec::new();
    let Ok(listener) = listener.into_std() else {
        return come;
    };
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                let stream = stream
                    .set_nonblocking(true)
                    .and_then(|()| TcpStream::from_std(stream));
                come.extend(stream.ok().map(|stream| (stream, peer)));
            }
            // That one went away by itself.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted
                ) => {}
            Err(_) => return come,
        }
    }
}

/// Where a connection stands.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Waiting for a request since then.
    Idle(Instant),
    /// A request began to come then, and no answer has begun.
    Asked(Instant),
    /// The same, and its head has been read: a handler has it, which may still wait for the body. What is written
    /// meanwhile is an interim response such as 100 (RFC 9110 §15.2), or what was left of the answer before, and begins
    /// no answer.
    Handled(Instant),
    /// An answer could not be sent on since then.
    Stuck(Instant),
}

impl Step {
    /// A handler got the request. It may have come together with the one before, and is then new.
    fn begin_handling(&mut self) {
        *self = match *self {
            Self::Asked(since) | Self::Handled(since) => Self::Handled(since),
            Self::Idle(_) | Self::Stuck(_) => Self::Handled(Instant::now()),
        };
    }

    /// The handler returned, so what is written next is the answer.
    fn end_handling(&mut self) {
        if let Self::Handled(since) = *self {
            *self = Self::Asked(since);
        }
    }

    /// Something came.
    fn note_read(&mut self) {
        // More of the same request does not buy more time.
        if matches!(self, Self::Idle(_)) {
            *self = Self::Asked(Instant::now());
        }
    }

    /// Something was sent, or could not be.
    fn note_written(&mut self, is_sent: bool) {
        match self {
            Self::Handled(_) => {}
            _ if is_sent => *self = Self::Idle(Instant::now()),
            Self::Stuck(_) => {}
            _ => *self = Self::Stuck(Instant::now()),
        }
    }
}

fn update(step: &Mutex<Step>, change: impl FnOnce(&mut Step)) {
    change(&mut step.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Returns when a step of the connection has taken too long.
async fn overdue(step: &Mutex<Step>, timeouts: Timeouts) {
    let shortest = timeouts.request.min(timeouts.idle).min(timeouts.reading);
    let mut ticks = tokio::time::interval((shortest / 4).max(Duration::from_millis(10)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (since, most) = match *step.lock().unwrap_or_else(PoisonError::into_inner) {
            Step::Idle(since) => (since, timeouts.idle),
            Step::Asked(since) | Step::Handled(since) => (since, timeouts.request),
            Step::Stuck(since) => (since, timeouts.reading),
        };
        if since.elapsed() > most {
            return;
        }
    }
}

/// A stream that notes where its connection stands.
struct Watched {
    stream: TcpStream,
    step: Arc<Mutex<Step>>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            update(&self.step, Step::note_read);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        update(&self.step, |step| step.note_written(written.is_ready()));
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        update(&self.step, |step| step.note_written(written.is_ready()));
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
