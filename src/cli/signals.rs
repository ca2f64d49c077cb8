//! The signals that end a process before it has come to its end.

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals to wait for.
struct Signals(Vec<(Signal, i32)>);

impl Signals {
    /// Listens from now on.
    fn listen(kinds: &[SignalKind]) -> anyhow::Result<Self> {
        let listen = |kind: &SignalKind| {
            let number = kind.as_raw_value();
            let signal =
                signal(*kind).with_context(|| format!("cannot listen for signal {number}"))?;
            Ok((signal, number))
        };
        kinds
            .iter()
            .map(listen)
            .collect::<anyhow::Result<_>>()
            .map(Self)
    }

    /// The number of the next one.
    async fn next(&mut self) -> i32 {
        std::future::poll_fn(|context| {
            let received = self.0.iter_mut().find_map(|(signal, number)| {
                signal.poll_recv(context).is_ready().then_some(*number)
            });
            received.map_or(std::task::Poll::Pending, std::task::Poll::Ready)
        })
        .await
    }
}

/// Listens, from now on, for the signals that end the server: SIGTERM, SIGINT, and SIGHUP unless whoever started it, such
/// as `nohup`, has it ignored. A second SIGTERM or SIGINT while the server stops ends the process at once.
///
/// # Errors
/// When the system refuses.
pub fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
    let mut kinds = vec![terminate, interrupt];
    if !is_ignored(SignalKind::hangup()) {
        kinds.push(SignalKind::hangup());
    }
    let mut first = Signals::listen(&kinds)?;
    Ok(async move {
        first.next().await;
        tracing::info!(
            "stopping once what is under way is answered; a second signal ends the server at once"
        );
        // A terminal that closes may send SIGHUP more than once.
        if let Ok(mut second) = Signals::listen(&[terminate, interrupt]) {
            tokio::spawn(async move { exit(second.next().await) });
        }
    })
}

/// Listens, from now on, for whatever ends a command that waits for somebody to type. The number of the signal.
///
/// # Errors
/// When the system refuses.
pub fn interrupted() -> anyhow::Result<impl Future<Output = i32>> {
    let mut signals = Signals::listen(&[
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
    ])?;
    Ok(async move { signals.next().await })
}

/// Ends the process as a shell reports one that a signal has ended.
pub fn exit(signal: i32) -> ! {
    std::process::exit(128 + signal)
}

/// Whether the process was started with this signal ignored. Linux has a file that says so; elsewhere the answer is no.
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
}
