//! Background jobs.

use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use crate::service::Services;

/// A periodic job. A failure is logged where it happens; the next run continues with what is left.
struct Job {
    name: &'static str,
    every: Duration,
    work: fn(Services) -> Work,
}

/// Of more clients than these the usage is written every [`LONG_FLUSH`] instead of every second: each costs the database a row.
const MANY_CLIENTS: usize = 1_000;

/// Pages show usage within two seconds, of which the flush itself and the live updates take the rest.
const LONG_FLUSH: Duration = Duration::from_millis(1_300);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

const JOBS: [Job; 5] = [
    Job {
        name: "sweep of what has ended",
        every: Duration::from_mins(10),
        work: |services| {
            Box::pin(async move {
                if let Ok(count) = services.console.sweep().await {
                    tracing::debug!(count, "swept");
                }
            })
        },
    },
    Job {
        name: "verification of the audit log",
        every: Duration::from_mins(5),
        work: |services| {
            Box::pin(async move {
                let _ = services.console.follow_audit_log().await;
            })
        },
    },
    Job {
        name: "flush of usage",
        every: Duration::from_secs(1),
        work: |services| {
            Box::pin(async move {
                let next = Instant::now() + LONG_FLUSH;
                let clients = services.tokens.flush_usage().await;
                if clients.is_ok_and(|clients| clients > MANY_CLIENTS) {
                    tokio::time::sleep_until(next).await;
                }
            })
        },
    },
    Job {
        name: "live updates",
        every: Duration::from_millis(500),
        work: |services| {
            Box::pin(async move {
                let _ = services.console.publish_changes().await;
                let _ = services.console.publish_uses().await;
            })
        },
    },
    Job {
        name: "reports of refusals",
        every: Duration::from_secs(1),
        work: |services| {
            Box::pin(async move {
                services.tokens.report_refusals(false);
                let _ = services.console.report_failed_sign_ins(false).await;
            })
        },
    },
];

/// Starts all jobs. They end when the set is dropped.
#[must_use]
pub fn start(services: &Services) -> JoinSet<()> {
    JOBS.into_iter()
        .map(|job| repeat(job, services.clone()))
        .collect()
}

async fn repeat(job: Job, services: Services) {
    // Not immediately: the clock of a machine that has just booted may not be set yet.
    let mut ticks = tokio::time::interval_at(Instant::now() + job.every, job.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        (job.work)(services.clone()).await;
        tracing::trace!(job = job.name, "done");
    }
}
