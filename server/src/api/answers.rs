//! The answers about tasks, with their headers.

use poem_openapi::ApiResponse;

use super::{
    conditional::task_tag,
    payload::Reply,
    problem::Problem,
    wire::{event::EventPage, task::TaskList},
};
use crate::domain::{Shown, TaskView};

/// A task that must be asked for again each time, but need not be sent again.
pub const REVALIDATE: &str = "no-cache";
/// An answer that is never true a second time.
pub const NO_STORE: &str = "no-store";

/// A task that was accepted, or is done already.
#[derive(ApiResponse)]
pub enum TaskAccepted {
    /// Accepted: durable, and on its way. The task as it is now.
    #[oai(status = 202)]
    Accepted(
        Reply<TaskView>,
        /// Where the task is.
        #[oai(header = "Location")]
        String,
        /// The task's revision.
        #[oai(header = "ETag")]
        String,
    ),
    /// The task is done (with `Prefer: wait`), or was there already.
    #[oai(status = 200)]
    Done(
        Reply<TaskView>,
        /// Where the task is.
        #[oai(header = "Location")]
        String,
        /// The task's revision.
        #[oai(header = "ETag")]
        String,
    ),
}

impl TaskAccepted {
    pub fn accepted(task: &Shown) -> Self {
        Self::Accepted(Reply::shown(task), task.links.itself(), task_tag(task))
    }

    pub fn done(task: &Shown) -> Self {
        Self::Done(Reply::shown(task), task.links.itself(), task_tag(task))
    }
}

/// A change that was accepted.
#[derive(ApiResponse)]
pub enum ChangeAccepted {
    /// Accepted and durable. The task as it is now.
    #[oai(status = 202)]
    Accepted(
        Reply<TaskView>,
        /// Where the task is.
        #[oai(header = "Location")]
        String,
        /// The task's revision.
        #[oai(header = "ETag")]
        String,
    ),
}

impl ChangeAccepted {
    pub fn of(task: &Shown) -> Self {
        Self::Accepted(Reply::shown(task), task.links.itself(), task_tag(task))
    }
}

/// A task after a change.
#[derive(ApiResponse)]
pub enum TaskChanged {
    /// The task after the change.
    #[oai(status = 200)]
    Changed(
        Reply<TaskView>,
        /// The task's revision.
        #[oai(header = "ETag")]
        String,
    ),
}

impl TaskChanged {
    pub fn of(task: &Shown) -> Self {
        Self::Changed(Reply::shown(task), task_tag(task))
    }
}

/// A task, unless the client has it.
#[derive(ApiResponse)]
pub enum TaskFound {
    /// The task, whole.
    #[oai(status = 200)]
    Found(
        Reply<TaskView>,
        /// The task's revision: it rises with every change.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
        /// While the task is not done: how many seconds to wait before asking again.
        #[oai(header = "Retry-After")]
        Option<u64>,
    ),
    /// The task is still as the `If-None-Match` says.
    #[oai(status = 304)]
    Unchanged(
        /// The task's revision.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl TaskFound {
    pub fn found(task: &TaskView) -> Result<Self, Problem> {
        let retry_after = (!task.done).then_some(1);
        Ok(Self::Found(Reply::of(task)?, task_tag(task), REVALIDATE.to_owned(), retry_after))
    }

    pub fn unchanged(task: &TaskView) -> Self {
        Self::Unchanged(task_tag(task), REVALIDATE.to_owned())
    }
}

/// The task is gone.
#[derive(ApiResponse)]
pub enum TaskDeleted {
    /// The task is deleted.
    #[oai(status = 204)]
    Deleted,
}

/// A page of tasks, unless the client has it.
#[derive(ApiResponse)]
pub enum TasksListed {
    /// A page of tasks.
    #[oai(status = 200)]
    Listed(
        Reply<TaskList>,
        /// A hash of the page.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
        /// The next page, as `rel="next"` (RFC 8288), while there is one.
        #[oai(header = "Link")]
        Option<String>,
    ),
    /// The page is still as the `If-None-Match` says.
    #[oai(status = 304)]
    Unchanged(
        /// A hash of the page.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// A page of the log.
#[derive(ApiResponse)]
pub enum EventsListed {
    /// Events, oldest first, and the cursor to go on from.
    #[oai(status = 200)]
    Listed(
        Reply<EventPage>,
        /// `no-store`: the log goes on.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl EventsListed {
    pub fn of(page: &EventPage) -> Result<Self, Problem> {
        Ok(Self::Listed(Reply::of(page)?, NO_STORE.to_owned()))
    }
}
