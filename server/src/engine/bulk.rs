//! bulkCancelTasks, bulkRetryTasks, bulkDeleteTasks: how runs over many tasks come to be.
//!
//! A run is a task of the reserved queue. An embedded worker does it page by page, through the same
//! commands that do it to one task, so no rule knows of many.

use super::{
    batch::Batch,
    command::{IdempotencyKey, Reply},
    submit::{Origin, create, known, remember},
};
use crate::domain::{Moment, NewTask, RawJson, Refusal, bulk::BulkOrder, name::RESERVED};

pub fn start(
    batch: &mut Batch,
    order: &BulkOrder,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = known(batch, key, now)? {
        return Ok(Reply::Task(task));
    }
    order.check()?;
    let task = create(batch, &task_of(order), Origin::default(), now);
    remember(batch, key, std::slice::from_ref(&task.id), now);
    Ok(Reply::Task(batch.shown(&task)))
}

/// The run that does it.
pub fn task_of(order: &BulkOrder) -> NewTask {
    NewTask {
        queue: RESERVED.to_owned(),
        input: RawJson::of(order).ok(),
        // The server itself is its worker: a restart must not use the run up.
        max_attempts: Some(NewTask::MAX_ATTEMPTS),
        ..NewTask::of(order.action.kind())
    }
}
