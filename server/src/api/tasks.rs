//! Tasks from the submitter's side: make, find, change, cancel, retry, delete.

use poem::Request;
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    answers::{
        ChangeAccepted, REVALIDATE, TaskAccepted, TaskChanged, TaskDeleted, TaskFound, TasksListed,
    },
    conditional::{self, body_tag, none_match_holds, task_tag},
    filter::FilterParams,
    idempotency::{self, request_hash},
    paging::{default_limit, next_link, page_position, page_token},
    params::{Bounded, HeaderText, IdText, StateParam},
    payload::{JsonBody, Reply},
    preference,
    problem::{
        Creating, Deleting, Failed, Problem, Putting, Reading, ReadingTask, Steering, Updating,
    },
    wire::{
        submit::{TaskChange, TaskSubmission},
        task::TaskList,
    },
};
use crate::{
    domain::{Refusal, Shown, Timestamp, checks},
    store::ListQuery,
};

/// The operations tagged "Tasks".
pub struct Tasks(pub Api);

const TASKS: &str = "/api/v1/tasks";

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Tasks")]
impl Tasks {
    /// Create a task
    ///
    /// Durable once it is answered: 202 with the task and its `Location`. With `Prefer: wait=N` (at
    /// most 60) the answer waits for the end of the task and is 200 if that came in time. With an
    /// `Idempotency-Key` the request can be sent again without making a second task: for 24 hours
    /// the same key and body answer the same task as it is then. With a `unique_key` that a task of the
    /// queue has which is not done, no task is made: the answer is 200 with that task, whatever else it
    /// was submitted with.
    #[oai(path = "/tasks", method = "post", operation_id = "createTask")]
    async fn create_task(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        /// `wait=N`: wait up to N seconds for the task to be done (RFC 7240).
        #[oai(name = "Prefer")]
        prefer: HeaderText,
        /// The trace it belongs to (W3C); `trace_parent` in the body goes before it.
        traceparent: HeaderText,
        body: JsonBody<TaskSubmission>,
    ) -> Result<TaskAccepted, Failed<Creating>> {
        let new = body.value.into_task(None)?;
        let key = idempotency::key("createTask", &idempotency_key, TASKS, || new.fingerprint())?;
        let new = new.traced_by(traceparent.as_deref());
        let (mut task, there) = self.0.engine.submit_or_find(new, key).await?;
        let wait = preference::wait(prefer.as_deref());
        if let Some(wait) = wait {
            let later = self.0.wait_until(&task.id, wait, |task| task.done).await?;
            task = later.map_or(task, Shown::of);
        }
        let done = there || (wait.is_some() && task.done);
        Ok(if done { TaskAccepted::done(&task) } else { TaskAccepted::accepted(&task) })
    }

    /// Create a task under an id of your own
    ///
    /// Harmless to send again: the same body under the same id is answered 200 with the task as it
    /// is now; another body under an id that is taken is refused with 409.
    #[oai(path = "/tasks/:id", method = "put", operation_id = "putTask")]
    async fn put_task(
        &self,
        /// The id: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`.
        id: Path<IdText>,
        /// `*`: only if it is not there yet (RFC 9110 §13.1.2).
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
        /// The trace it belongs to (W3C); `trace_parent` in the body goes before it.
        traceparent: HeaderText,
        body: JsonBody<TaskSubmission>,
    ) -> Result<TaskAccepted, Failed<Putting>> {
        let id = checks::id("id", id.text()).map_err(|error| Problem::invalid(vec![error]))?;
        let path = format!("{TASKS}/{id}");
        let new = body.value.into_task(Some(id))?;
        let hash = request_hash("putTask", &path, &new.fingerprint());
        let new = new.traced_by(traceparent.as_deref());
        let (task, created) = self
            .0
            .engine
            .only_if(conditional::for_put(&HeaderText(None), &if_none_match)?)
            .put(new, hash)
            .await?;
        Ok(if created { TaskAccepted::accepted(&task) } else { TaskAccepted::done(&task) })
    }

    /// List tasks
    ///
    /// Newest first, in pages. A page looks at no more than 10,000 tasks, so it may be short, or
    /// empty, while `next_page` is there: go on until it is absent.
    #[allow(clippy::too_many_arguments)]
    #[oai(path = "/tasks", method = "get", operation_id = "listTasks")]
    async fn list_tasks(
        &self,
        request: &Request,
        /// In any of these states.
        state: Query<Option<Vec<StateParam>>>,
        /// In this queue.
        queue: Query<Option<String>>,
        /// Of this kind.
        kind: Query<Option<String>>,
        /// With this label, as `key=value`; given several times, all must match.
        label: Query<Option<Vec<String>>>,
        /// Parts of this task.
        parent: Query<Option<String>>,
        /// Submitted by the schedule with this id.
        schedule: Query<Option<String>>,
        /// Ended with an error of any of these types; up to 20.
        error_type: Query<Option<Vec<String>>>,
        /// Created after this time.
        created_after: Query<Option<Timestamp>>,
        /// With this text in the id or the kind, whatever the case.
        q: Query<Option<String>>,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 200>>,
        /// `next_page` of the page before.
        page: Query<Option<String>>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<TasksListed, Failed<Reading>> {
        let params = FilterParams {
            states: state.0,
            queue: queue.0,
            kind: kind.0,
            labels: label.0,
            parent: parent.0,
            tasks: None,
            error_types: error_type.0,
        };
        let query = ListQuery {
            filter: params.into_filter()?,
            schedule: checks::optional_id("schedule", schedule.0.as_deref())
                .map_err(Refusal::from)?,
            created_after: created_after.0,
            created_before: None,
            text: q.0.filter(|text| !text.is_empty()),
            below: page.0.as_deref().map(page_position).transpose()?,
            limit: usize::try_from(limit.0.0).unwrap_or(usize::MAX),
        };
        let found = self.0.log.read(move |reads| reads.list(&query)).await?;
        let next_page = found.next.map(page_token);
        let link = next_link(request.original_uri(), next_page.as_deref());
        let reply = Reply::of(&TaskList { items: found.items, next_page })?;
        let tag = body_tag(reply.bytes());
        let revalidate = REVALIDATE.to_owned();
        if if_none_match.as_deref().is_some_and(|header| none_match_holds(header, &tag)) {
            return Ok(TasksListed::Unchanged(tag, revalidate));
        }
        Ok(TasksListed::Listed(reply, tag, revalidate, link))
    }

    /// Get a task
    ///
    /// The task whole, with its input and however long an output. With `Prefer: wait=N` (at most 60)
    /// the answer waits for the task to be done; together with `If-None-Match`, only for its first
    /// change.
    #[oai(path = "/tasks/:id", method = "get", operation_id = "getTask")]
    async fn get_task(
        &self,
        /// The task.
        id: Path<IdText>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
        /// `wait=N`: wait up to N seconds for the task to be done, or to change (RFC 7240).
        #[oai(name = "Prefer")]
        prefer: HeaderText,
    ) -> Result<TaskFound, Failed<ReadingTask>> {
        let id = id.id()?;
        let wait = preference::wait(prefer.as_deref()).unwrap_or_default();
        let held = |tag: &str| {
            if_none_match.as_deref().is_some_and(|header| none_match_holds(header, tag))
        };
        let conditional = if_none_match.as_deref().is_some();
        let task = self.0.wait_until(&id, wait, |task| {
            if conditional { !held(&task_tag(task)) } else { task.done }
        });
        let Some(task) = task.await? else { return Err(self.0.missing(&id).await?.into()) };
        if held(&task_tag(&task)) {
            return Ok(TaskFound::unchanged(&task));
        }
        Ok(TaskFound::found(&task)?)
    }

    /// Change a task
    ///
    /// Labels at any time, priority and `run_at` while the task waits. With `If-Match` only if the
    /// task is still at that revision.
    #[oai(path = "/tasks/:id", method = "patch", operation_id = "updateTask")]
    async fn update_task(
        &self,
        /// The task.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        body: JsonBody<TaskChange>,
    ) -> Result<TaskChanged, Failed<Updating>> {
        let id = id.id()?;
        let engine = self.0.engine.only_if(conditional::if_match(&if_match)?);
        let task = engine.update(id, body.value.into_change()).await?;
        Ok(TaskChanged::of(&task))
    }

    /// Delete a task
    ///
    /// Only a task that is done, and whose children are; cancel it first. The children stay.
    #[oai(path = "/tasks/:id", method = "delete", operation_id = "deleteTask")]
    async fn delete_task(
        &self,
        /// The task.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
    ) -> Result<TaskDeleted, Failed<Deleting>> {
        self.0.engine.only_if(conditional::if_match(&if_match)?).delete(id.id()?).await?;
        Ok(TaskDeleted::Deleted)
    }

    /// Cancel a task
    ///
    /// A task that waits is cancelled at once. The worker of a running one is told with its next
    /// report, and has `cancel_grace_seconds` to end. Its children that are not done are cancelled in the
    /// same way, and theirs. Cancelling a cancelled task changes nothing.
    #[oai(path = "/tasks/:id/cancel", method = "post", operation_id = "cancelTask")]
    async fn cancel_task(
        &self,
        /// The task.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
    ) -> Result<ChangeAccepted, Failed<Steering>> {
        let id = id.id()?;
        let path = format!("{TASKS}/{id}/cancel");
        let key = idempotency::key("cancelTask", &idempotency_key, &path, String::new)?;
        Ok(ChangeAccepted::of(
            &self.0.engine.only_if(conditional::if_match(&if_match)?).cancel(id, key).await?,
        ))
    }

    /// Retry a task
    ///
    /// Opens a new round for a task that failed or was cancelled: as many attempts again as it had,
    /// its output and error cleared. A task with `complete_when_children_done` waits anew, and those of
    /// its children that failed or were cancelled get a new round too.
    #[oai(path = "/tasks/:id/retry", method = "post", operation_id = "retryTask")]
    async fn retry_task(
        &self,
        /// The task.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
    ) -> Result<ChangeAccepted, Failed<Steering>> {
        let id = id.id()?;
        let path = format!("{TASKS}/{id}/retry");
        let key = idempotency::key("retryTask", &idempotency_key, &path, String::new)?;
        Ok(ChangeAccepted::of(
            &self.0.engine.only_if(conditional::if_match(&if_match)?).retry(id, key).await?,
        ))
    }
}
