//! Tasks from the worker's side: take, report, complete, fail, give back.

use poem_openapi::{OpenApi, param::Path};

use super::{
    Api, Tag,
    answers::TaskChanged,
    handover::{Handover, LeasesTaken},
    params::IdText,
    payload::{JsonBody, Reply},
    problem::{Failed, Leasing, Reporting},
    wire::{
        lease::LeaseRequest,
        report::{ReportAnswer, TaskCompletion, TaskFailure, TaskRelease, TaskReport},
    },
};
use crate::{domain::LeaseToken, engine::Outcome};

/// The operations tagged "Workers".
pub struct Leases(pub Api);

/// What a report is answered.
#[derive(poem_openapi::ApiResponse)]
pub enum Reported {
    /// Written and durable; the lease lives on.
    #[oai(status = 200)]
    Reported(Reply<ReportAnswer>),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Workers")]
impl Leases {
    /// Take tasks to work on
    ///
    /// The best waiting tasks: highest priority first, then longest queued. With `wait_seconds` the
    /// answer waits for a first task; whoever asked first is served first. It may be empty: ask
    /// again. A lease whose caller is gone before the answer reached it is taken back without
    /// counting an attempt; to be safe against a lost answer, send a `request_id` and repeat it.
    #[oai(path = "/leases", method = "post", operation_id = "acquireLeases")]
    async fn acquire_leases(
        &self,
        body: JsonBody<LeaseRequest>,
    ) -> Result<LeasesTaken, Failed<Leasing>> {
        // A server that goes down answers who waits, instead of cutting them off at the end.
        let leased = tokio::select! {
            biased;
            leased = self.0.engine.acquire(body.value.into_acquire()) => leased?,
            () = self.0.drain.cancelled() => Vec::new(),
        };
        Ok(LeasesTaken::of(Handover::of(self.0.engine.clone(), leased, self.0.traced)?))
    }

    /// Report on a running task
    ///
    /// Progress, lines for its log, a checkpoint, or nothing at all: each report renews the lease
    /// and brings back whether the task is to be cancelled. Send one at a time, with a rising
    /// `sequence`, so that sending one again does no harm. 409 `lease-lost` means: stop.
    #[oai(path = "/tasks/:id/report", method = "post", operation_id = "reportTask")]
    async fn report_task(
        &self,
        /// The task.
        id: Path<IdText>,
        body: JsonBody<TaskReport>,
    ) -> Result<Reported, Failed<Reporting>> {
        let (token, report) = body.value.into_report();
        let reported = self.0.engine.report(id.id()?, token, report).await?;
        let answer = ReportAnswer::of(&reported, self.0.log.reads.epoch());
        Ok(Reported::Reported(Reply::of(&answer)?))
    }

    /// Complete a task
    ///
    /// The task succeeds with this output. Sent again with the same token and output, it is answered
    /// the same.
    #[oai(path = "/tasks/:id/complete", method = "post", operation_id = "completeTask")]
    async fn complete_task(
        &self,
        /// The task.
        id: Path<IdText>,
        body: JsonBody<TaskCompletion>,
    ) -> Result<TaskChanged, Failed<Reporting>> {
        let TaskCompletion { lease, output } = body.value;
        self.end(&id, lease, Outcome::Complete { output }).await
    }

    /// Fail an attempt
    ///
    /// The task is tried again after a while, if attempts are left and `retryable` is not false;
    /// else it has failed.
    #[oai(path = "/tasks/:id/fail", method = "post", operation_id = "failTask")]
    async fn fail_task(
        &self,
        /// The task.
        id: Path<IdText>,
        body: JsonBody<TaskFailure>,
    ) -> Result<TaskChanged, Failed<Reporting>> {
        let (lease, outcome) = body.value.into_outcome();
        self.end(&id, lease, outcome).await
    }

    /// Give a task back
    ///
    /// The task is queued again, and the attempt does not count. For workers that shut down.
    #[oai(path = "/tasks/:id/release", method = "post", operation_id = "releaseTask")]
    async fn release_task(
        &self,
        /// The task.
        id: Path<IdText>,
        body: JsonBody<TaskRelease>,
    ) -> Result<TaskChanged, Failed<Reporting>> {
        self.end(&id, body.value.lease, Outcome::Release).await
    }
}

impl Leases {
    async fn end(
        &self,
        id: &IdText,
        lease: LeaseToken,
        outcome: Outcome,
    ) -> Result<TaskChanged, Failed<Reporting>> {
        let task = self.0.engine.end(id.id()?, lease, outcome).await?;
        Ok(TaskChanged::of(&task))
    }
}
