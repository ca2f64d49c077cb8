//! Failed attempts to sign in and to set up: counted, logged, and recorded in the audit log.

use crate::domain::Time;
use crate::domain::complaint::Complaint;
use crate::domain::error::Error;
use crate::domain::event::{ActorRef, Event, Record, Target};
use crate::service::auth::refusals::Report;
use crate::service::auth::throttle::GuessTarget;
use crate::service::console::Console;
use crate::service::console::actor::Visitor;
use crate::service::database::with_timeout;

/// The name in the log and the audit log for an address that no administrator has. The text that was typed may be a
/// password.
pub(in crate::service) const UNKNOWN_ADDRESS: &str = "unknown address";

/// The name there for the first set-up.
const SETUP: &str = "set-up";

impl Console {
    /// Refuses a wrong set-up code.
    pub(in crate::service) fn refuse_setup(&self, visitor: &Visitor) -> Error {
        let throttle = &self.0.throttle;
        let attempt = throttle.attempt(GuessTarget::SetupCode, SETUP, visitor.address);
        if let Err(retry_after) = attempt.check() {
            self.note_failed_sign_in(SETUP, visitor, "too many wrong guesses");
            return Error::TooMany { retry_after };
        }
        let closed = attempt.fail();
        let failed = &self.0.failed_sign_ins;
        failed.log_closed(SETUP, &closed, self.now());
        self.note_failed_sign_in(SETUP, visitor, "wrong set-up code");
        Error::invalid("code", Complaint::SetupCodeWrong)
    }

    /// Records a failed attempt, without waiting for the write: its duration would tell existing addresses from others.
    pub(in crate::service) fn note_failed_sign_in(
        &self,
        account: &str,
        visitor: &Visitor,
        reason: &'static str,
    ) {
        let failed = &self.0.failed_sign_ins;
        let is_known = account != UNKNOWN_ADDRESS;
        let report = failed.note(account, visitor.address, reason, self.now(), is_known);
        if let Some(report) = report {
            let console = self.clone();
            // A failure is logged where it happens.
            tokio::spawn(async move {
                let _: Result<(), Error> = console.record_failed_sign_ins(&[report]).await;
            });
        }
    }

    /// Logs the failed sign-ins that were held back for a minute, and records them in the audit log; with `all`, every
    /// one that was held back.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn report_failed_sign_ins(&self, all: bool) -> Result<(), Error> {
        let reports = self.0.failed_sign_ins.due(self.now(), all);
        if reports.is_empty() {
            return Ok(());
        }
        self.record_failed_sign_ins(&reports).await
    }

    async fn record_failed_sign_ins(&self, reports: &[Report]) -> Result<(), Error> {
        for report in reports {
            tracing::info!(
                account = report.account,
                network = report.network,
                reason = report.reason,
                count = report.count,
                "a sign-in was refused"
            );
        }
        let now = self.now();
        let records: Vec<_> = reports.iter().map(|report| record(report, now)).collect();
        with_timeout(async {
            let mut tx = self.0.store.write().await?;
            tx.append_events(&records).await?;
            Ok(tx.commit().await?)
        })
        .await
    }
}

fn record(report: &Report, at: Time) -> Record {
    Record {
        at,
        actor: ActorRef::Visitor,
        address: report.address,
        target: match report.account.as_str() {
            SETUP => Target::SetUp,
            account => Target::admin(account),
        },
        organization_id: None,
        event: Event::SignInFailed {
            count: report.count,
            network: report.network.clone(),
            reason: report.reason.to_owned(),
        },
        version: None,
    }
}
