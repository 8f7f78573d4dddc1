//! One thing done to many tasks, as a task of its own.

use poem_openapi::OpenApi;

use super::{
    Api, Tag,
    answers::ChangeAccepted,
    idempotency,
    params::HeaderText,
    payload::JsonBody,
    problem::{Creating, Failed},
    wire::bulk::BulkRequest,
};
use crate::domain::bulk::BulkAction;

/// The operations on many tasks.
pub struct Bulk(pub Api);

#[OpenApi(prefix_path = "/api/v1/bulk", tag = "Tag::Tasks")]
impl Bulk {
    /// Cancel many tasks
    ///
    /// The answer is the run: a task of the server's own, whose progress tells how far it is and whose
    /// output says how many tasks matched, were changed, and were skipped because they had gone on
    /// meanwhile. It goes page by page, leaves tasks created after its start alone, and goes on after a
    /// restart; cancel it to stop it. With `dry_run` it only counts.
    #[oai(path = "/cancel", method = "post", operation_id = "bulkCancelTasks")]
    async fn bulk_cancel_tasks(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        body: JsonBody<BulkRequest>,
    ) -> Result<ChangeAccepted, Failed<Creating>> {
        self.start("bulkCancelTasks", BulkAction::Cancel, &idempotency_key, body.value).await
    }

    /// Retry many tasks
    ///
    /// As retryTask does it, to each task that failed or was cancelled and matches the filter. The
    /// answer is the run, as with bulkCancelTasks.
    #[oai(path = "/retry", method = "post", operation_id = "bulkRetryTasks")]
    async fn bulk_retry_tasks(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        body: JsonBody<BulkRequest>,
    ) -> Result<ChangeAccepted, Failed<Creating>> {
        self.start("bulkRetryTasks", BulkAction::Retry, &idempotency_key, body.value).await
    }

    /// Delete many tasks
    ///
    /// As deleteTask does it, to each task that is done and matches the filter. The answer is the run,
    /// as with bulkCancelTasks.
    #[oai(path = "/delete", method = "post", operation_id = "bulkDeleteTasks")]
    async fn bulk_delete_tasks(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        body: JsonBody<BulkRequest>,
    ) -> Result<ChangeAccepted, Failed<Creating>> {
        self.start("bulkDeleteTasks", BulkAction::Delete, &idempotency_key, body.value).await
    }
}

impl Bulk {
    async fn start(
        &self,
        operation: &str,
        action: BulkAction,
        idempotency_key: &HeaderText,
        request: BulkRequest,
    ) -> Result<ChangeAccepted, Failed<Creating>> {
        let order = request.into_order(action)?;
        let asked = || serde_json::to_string(&order).unwrap_or_default();
        let key = idempotency::key(operation, idempotency_key, operation, asked)?;
        Ok(ChangeAccepted::of(&self.0.engine.start_bulk(order, key).await?))
    }
}
