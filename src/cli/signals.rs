//! Termination signals.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::domain::command::CommandComplaint;

/// Signals to wait for.
struct Signals(Vec<(Signal, i32)>);

impl Signals {
    /// Registers the handlers.
    fn listen(kinds: &[SignalKind]) -> Result<Self, CommandComplaint> {
        let listen = |kind: &SignalKind| {
            let number = kind.as_raw_value();
            match signal(*kind) {
                Ok(signal) => Ok((signal, number)),
                Err(error) => Err(CommandComplaint::SignalUnusable {
                    number,
                    cause: error.to_string(),
                }),
            }
        };
        kinds.iter().map(listen).collect::<Result<_, _>>().map(Self)
    }

    /// The number of the next signal.
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

/// Registers for the signals that stop the server: SIGTERM, SIGINT, and SIGHUP unless it is ignored from the start, as
/// under `nohup`. A second SIGTERM or SIGINT while the server stops ends the process at once.
///
/// # Errors
/// When the system refuses.
pub fn stop_signal() -> Result<impl Future<Output = ()>, CommandComplaint> {
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
        // A closing terminal may send SIGHUP more than once.
        if let Ok(mut second) = Signals::listen(&[terminate, interrupt]) {
            tokio::spawn(async move { exit(second.next().await) });
        }
    })
}

/// Registers for the signals that end a command which waits for input. Gives the number of the signal.
///
/// # Errors
/// When the system refuses.
pub fn interrupted() -> Result<impl Future<Output = i32>, CommandComplaint> {
    let mut signals = Signals::listen(&[
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
    ])?;
    Ok(async move { signals.next().await })
}

/// Exits with the code by which a shell reports a process that was ended by a signal (128 + number).
pub fn exit(signal: i32) -> ! {
    std::process::exit(128 + signal)
}

/// Whether the process was started with this signal ignored. Read from `/proc` on Linux; elsewhere false.
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
}
