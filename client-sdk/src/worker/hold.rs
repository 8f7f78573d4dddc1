//! One lease, kept alive and reported on until its end.
//!
//! There is one report in flight per lease, numbered, so that one whose answer was lost can be sent
//! again and counts once. What is said meanwhile waits in a buffer and goes out together, at most ten
//! times a second. With nothing to say, a bare report goes out as a heartbeat; its answer is also how
//! the job hears of a cancel.
//!
//! While the server cannot be reached, the job goes on: after a restart the server gives every lease
//! its full time again, and the report that did not get through is repeated until it does.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout_at},
};

use super::{
    failure::Failure,
    heart::Heart,
    job::{Reporter, Shared, Stop},
    report::{Batch, leave_out_a_part},
};
use crate::{Milepost, backoff::Backoff, client::within, error::Error, types};

/// How a lease is reported on.
#[derive(Clone, Debug)]
pub struct HoldOptions {
    /// How long to be silent at most. This bounds how late a cancel is heard of.
    pub heartbeat: Duration,
    /// The time between two reports at least.
    pub interval: Duration,
    /// How many bytes of lines may wait for a server that does not answer; beyond it the oldest are
    /// left out, and their number is logged. Without it, all are kept.
    pub log_limit: Option<usize>,
}

impl Default for HoldOptions {
    /// Silent for 5 s at most, ten reports a second at most, every line kept.
    fn default() -> Self {
        HoldOptions {
            heartbeat: Duration::from_secs(5),
            interval: Duration::from_millis(100),
            log_limit: None,
        }
    }
}

/// How an attempt ends.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Complete(Option<Value>),
    Fail(Failure),
    Release,
}

/// A lease that is being kept. For programs that are not shaped like a [`super::Worker`]; dropping it
/// lets the lease run out.
pub struct Hold {
    shared: Arc<Shared>,
    reporting: JoinHandle<Result<types::Task, Error>>,
    _heart: Heart,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.reporting.abort();
    }
}

impl Hold {
    /// Keeps a lease from now on, on a thread of its own.
    pub fn start(
        milepost: &Milepost,
        lease: &types::Lease,
        options: HoldOptions,
    ) -> Result<Self, Error> {
        Ok(Hold::on(&Heart::start()?, milepost.apart()?, lease, options))
    }

    pub(crate) fn on(
        heart: &Heart,
        milepost: Milepost,
        lease: &types::Lease,
        options: HoldOptions,
    ) -> Self {
        let shared = Shared::new(options.log_limit, lease);
        let reporting = Reporting {
            milepost,
            task_id: lease.task.id.clone(),
            token: lease.token.clone(),
            shared: Arc::clone(&shared),
            options,
            sequence: 0,
            last: Instant::now(),
        };
        Hold { shared, reporting: heart.spawn(reporting.run()), _heart: heart.clone() }
    }

    /// What the job reports with.
    pub fn reporter(&self) -> Reporter {
        Reporter::new(Arc::clone(&self.shared))
    }

    /// Ends the attempt with an output, after everything that was said. `{}` stands for none.
    /// Repeated until the server has answered or the lease is lost.
    pub async fn complete(self, output: Option<Value>) -> Result<types::Task, Error> {
        self.end(Outcome::Complete(output)).await
    }

    /// Ends the attempt with a failure, in the same way.
    pub async fn fail(self, failure: Failure) -> Result<types::Task, Error> {
        self.end(Outcome::Fail(failure)).await
    }

    /// Gives the task back, without the attempt being counted.
    pub async fn release(self) -> Result<types::Task, Error> {
        self.end(Outcome::Release).await
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) async fn end(mut self, outcome: Outcome) -> Result<types::Task, Error> {
        self.shared.end(outcome);
        match (&mut self.reporting).await {
            Ok(ended) => ended,
            Err(error) => Err(Error::Setup(format!("the reports of a lease ended early: {error}"))),
        }
    }
}

struct Reporting {
    milepost: Milepost,
    task_id: String,
    token: String,
    shared: Arc<Shared>,
    options: HoldOptions,
    sequence: u64,
    last: Instant,
}

impl Reporting {
    async fn run(mut self) -> Result<types::Task, Error> {
        let ended = self.until_the_end().await;
        if ended.is_err() {
            // The attempt is no longer ours, whatever the reason.
            self.shared.tell_to_stop(Stop::LeaseLost);
        }
        ended
    }

    async fn until_the_end(&mut self) -> Result<types::Task, Error> {
        loop {
            let (something, ending) = self.shared.waiting();
            match (something, ending) {
                (false, true) => return self.send_end().await,
                (true, true) => {}
                (_, false) => {
                    let pause =
                        if something { self.options.interval } else { self.options.heartbeat };
                    let due = self.last + pause;
                    let woken = timeout_at(due, self.shared.wake.notified()).await.is_ok();
                    if woken && Instant::now() < due {
                        continue;
                    }
                }
            }
            let batch = self.shared.take();
            self.send(batch).await?;
        }
    }

    /// Sends one report until it is answered. An error means that the lease is lost.
    async fn send(&mut self, batch: Batch) -> Result<(), Error> {
        self.sequence += 1;
        let mut report = batch.into_report(self.token.clone(), self.sequence);
        let mut backoff = Backoff::for_requests();
        loop {
            self.last = Instant::now();
            let request = self.milepost.api().report_task().id(&self.task_id).body(report.clone());
            match within(self.request_limit(), request.send()).await {
                Ok(answer) => {
                    if answer.cancel_requested {
                        self.shared.tell_to_stop(Stop::Cancelled);
                    }
                    return Ok(());
                }
                Err(error) if error.is_retryable() => {
                    tracing::debug!(task = self.task_id, %error, "a report did not get through");
                    sleep(backoff.next_delay(error.retry_after())).await;
                }
                Err(error) if lease_is_lost(&error) => return Err(error),
                Err(error) => {
                    // Something in the report itself is refused, an overlong checkpoint, say.
                    tracing::warn!(task = self.task_id, %error, "the server refused a report");
                    let Some(part) = leave_out_a_part(&mut report, &error) else { return Ok(()) };
                    if part != "logs" {
                        let verb = if part == "stages" { "were" } else { "was" };
                        self.shared.warn(format!("the {part} {verb} refused: {error}"));
                    }
                    self.sequence += 1;
                    report.sequence = Some(self.sequence);
                }
            }
        }
    }

    /// A request that hangs must not cost the lease: there has to be time for another one.
    fn request_limit(&self) -> Duration {
        self.options.heartbeat.clamp(Duration::from_secs(2), Duration::from_secs(10))
    }

    async fn send_end(&self) -> Result<types::Task, Error> {
        let api = self.milepost.api();
        let (id, lease) = (&self.task_id, self.token.clone());
        let mut backoff = Backoff::for_requests();
        let mut outcome = self.shared.outcome().unwrap_or(Outcome::Release);
        let mut replaced = false;
        loop {
            let limit = Duration::from_secs(30);
            let lease = lease.clone();
            let answer = match outcome.clone() {
                Outcome::Complete(output) => {
                    let body = types::TaskCompletion { lease, output };
                    within(limit, api.complete_task().id(id).body(body).send()).await
                }
                Outcome::Fail(failure) => {
                    let body = failure.into_report(lease);
                    within(limit, api.fail_task().id(id).body(body).send()).await
                }
                Outcome::Release => {
                    let body = types::TaskRelease { lease };
                    within(limit, api.release_task().id(id).body(body).send()).await
                }
            };
            match answer {
                Ok(task) => return Ok(task.into_inner()),
                Err(error) if error.is_retryable() => {
                    tracing::debug!(task = id, %error, "the end of an attempt did not get through");
                    sleep(backoff.next_delay(error.retry_after())).await;
                }
                Err(error) if lease_is_lost(&error) => return Err(error),
                Err(error) if matches!(outcome, Outcome::Release) || replaced => return Err(error),
                Err(error) => {
                    // An output too large, say. The task must not hang until its lease expires.
                    tracing::warn!(task = id, %error, "the server refused the end of an attempt");
                    let failure = Failure::new("result-refused", "the server refused the result")
                        .detail(error.to_string());
                    (outcome, replaced) = (Outcome::Fail(failure.permanent()), true);
                }
            }
        }
    }
}

/// Whether the attempt is no longer ours: the lease is another's, or the task is gone.
fn lease_is_lost(error: &Error) -> bool {
    error.is_problem("lease-lost") || error.status() == Some(http::StatusCode::NOT_FOUND)
}
