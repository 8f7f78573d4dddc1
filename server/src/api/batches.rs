//! Many tasks, or many reports, in one request.

use futures_util::future::join_all;
use poem_openapi::{ApiResponse, OpenApi};

use super::{
    Api, Tag, idempotency,
    limits::MAX_REPORTS_PER_BATCH,
    params::{HeaderText, IdText},
    payload::{JsonBody, Reply},
    problem::{Creating, Failed, Problem, ReportingBatch},
    wire::{
        batch::{
            Asked, ItemText, ReportBatch, ReportBatchResult, ReportItemResult, TaskBatch,
            TaskBatchResult,
        },
        report::ReportAnswer,
    },
};
/// createTasks.
pub struct TaskBatches(pub Api);

/// reportBatch.
pub struct ReportBatches(pub Api);

const TASK_BATCHES: &str = "/api/v1/task-batches";
const REPORTS: &str = "/api/v1/reports";

/// Tasks that were accepted.
#[derive(ApiResponse)]
pub enum TasksAccepted {
    /// Accepted, all of them: durable, and on their way.
    #[oai(status = 202)]
    Accepted(Reply<TaskBatchResult>),
}

/// What became of each item.
#[derive(ApiResponse)]
pub enum BatchReported {
    /// One result per item; look at the `status` of each.
    #[oai(status = 200)]
    Reported(Reply<ReportBatchResult>),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Tasks")]
impl TaskBatches {
    /// Create many tasks
    ///
    /// All of them or none: if anything is wrong with one, nothing is created, and `errors` names
    /// every field with its place, e.g. `tasks[3].kind`. The body may have 1 MiB, as any other. With
    /// an `Idempotency-Key` the request can be sent again without making further tasks; those deleted
    /// since are left out of the answer.
    #[oai(path = "/task-batches", method = "post", operation_id = "createTasks")]
    async fn create_tasks(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        /// The trace they belong to (W3C); a `trace_parent` in the body goes before it.
        traceparent: HeaderText,
        body: JsonBody<TaskBatch>,
    ) -> Result<TasksAccepted, Failed<Creating>> {
        let tasks = body.value.into_tasks()?;
        let request = || serde_json::to_string(&tasks).unwrap_or_default();
        let key = idempotency::key("createTasks", &idempotency_key, TASK_BATCHES, request)?;
        let traceparent = traceparent.as_deref();
        let tasks = tasks.into_iter().map(|task| task.traced_by(traceparent)).collect();
        let tasks = self.0.engine.submit_many(tasks, key).await?;
        Ok(TasksAccepted::Accepted(Reply::of(&TaskBatchResult { tasks })?))
    }
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Workers")]
impl ReportBatches {
    /// Report on many tasks
    ///
    /// Reports, completions, failures and releases of many tasks, each as its own operation takes
    /// it, and each on its own: what is wrong with one is told in its result and holds no other up.
    /// Items of one task are carried out in their order.
    #[oai(path = "/reports", method = "post", operation_id = "reportBatch")]
    async fn report_batch(
        &self,
        body: JsonBody<ReportBatch>,
    ) -> Result<BatchReported, Failed<ReportingBatch>> {
        let items = body.value.items;
        if items.is_empty() || items.len() > MAX_REPORTS_PER_BATCH {
            let message = format!("must have from 1 to {MAX_REPORTS_PER_BATCH} entries");
            return Err(Problem::field("items", message).into());
        }
        // All are asked for before any is answered, so that they share the writer's commits.
        let items = join_all(items.iter().map(|item| self.carry_out(item))).await;
        Ok(BatchReported::Reported(Reply::of(&ReportBatchResult { items })?))
    }
}

impl ReportBatches {
    async fn carry_out(&self, item: &ItemText) -> ReportItemResult {
        let task_id = item.task_id().unwrap_or_default();
        match self.done(item).await {
            Ok(done) => ReportItemResult { task_id, ..done },
            Err(problem) => {
                let problem = problem.at(REPORTS).body();
                let status = problem.status;
                ReportItemResult { task_id, status, problem: Some(problem), ..result() }
            }
        }
    }

    /// What the operation of its type does.
    async fn done(&self, item: &ItemText) -> Result<ReportItemResult, Problem> {
        let (id, lease, asked) = item.read()?;
        let id = IdText::from(id).id()?;
        Ok(match asked {
            Asked::Report(report) => {
                let reported = self.0.engine.report(id, lease, report).await?;
                let answer = ReportAnswer::of(&reported, self.0.log.reads.epoch());
                ReportItemResult { report: Some(answer), ..result() }
            }
            Asked::End(outcome) => {
                let task = self.0.engine.end(id, lease, outcome).await?;
                ReportItemResult { state: Some(task.state), ..result() }
            }
        })
    }
}

fn result() -> ReportItemResult {
    ReportItemResult {
        task_id: String::new(),
        status: 200,
        report: None,
        state: None,
        problem: None,
    }
}
