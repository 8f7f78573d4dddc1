//! Why something is refused, without saying how HTTP puts it. `api::problem` decides the status and
//! the page of each; nothing else does.

use super::{
    name::TaskId, precondition::Unmet, schedule::ScheduleId, task::State, time::Timestamp,
    webhook::WebhookId,
};

/// One thing wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's path, e.g. `progress.percent` or `labels`.
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        FieldError { field: field.into(), message: message.into() }
    }
}

/// A command that changes nothing, and why. The text is for the client; what only the log may know
/// is logged where it happens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Fields are missing or wrong.
    #[error("the request has {} wrong", if .0.len() == 1 { "a field" } else { "fields" })]
    Invalid(Vec<FieldError>),
    #[error("there is no task {0}")]
    TaskNotFound(TaskId),
    /// There was one, and it is not forgotten yet.
    #[error("task {id} was deleted at {}", at.to_rfc3339())]
    TaskDeleted { id: TaskId, at: Timestamp },
    /// putTask: the id names a task that was submitted with another request.
    #[error("task {0} exists and was submitted with another request")]
    TaskExists(TaskId),
    #[error("there is no queue {0:?}")]
    QueueNotFound(String),
    #[error("there is no kind {0:?}")]
    KindNotFound(String),
    #[error("there is no schedule {0}")]
    ScheduleNotFound(ScheduleId),
    /// createSchedule: the id is taken.
    #[error("schedule {0} exists already")]
    ScheduleExists(ScheduleId),
    #[error("there is no webhook {0}")]
    WebhookNotFound(WebhookId),
    /// createWebhook: each of them costs every end of a task a look.
    #[error("there are {0} webhooks already, which is the most there may be")]
    TooManyWebhooks(usize),
    /// The kind or queue belongs to the server.
    #[error("{0:?} is reserved for the server")]
    Reserved(String),
    /// cancelTask on a task that succeeded or failed.
    #[error("task {id} has {state} already")]
    TaskDone { id: TaskId, state: State },
    /// deleteTask on a task that is not done.
    #[error("the state of task {id} is {state}, and only a done task can be deleted")]
    TaskNotDone { id: TaskId, state: State },
    /// deleteTask on a task that has children at work.
    #[error("task {id} has {open} children that are not done")]
    ChildrenNotDone { id: TaskId, open: u64 },
    /// putTask and retryTask: another open task of the queue has the `unique_key`.
    #[error("task {holder} has the unique_key {key:?} and is not done")]
    UniqueKeyTaken { key: String, holder: TaskId },
    /// retryTask on a task that neither failed nor was cancelled.
    #[error(
        "the state of task {id} is {state}, and only a failed or cancelled task can be retried"
    )]
    NotRetryable { id: TaskId, state: State },
    /// retryTask on a task whose input its queue's retention dropped.
    #[error("the input of task {0} is no longer kept")]
    InputDropped(TaskId),
    /// updateTask: the field can only change while the task waits.
    #[error("the state of task {id} is {state}, and {field} can only change while a task waits")]
    NotWaiting { id: TaskId, state: State, field: &'static str },
    /// The token is not that of the task's running lease.
    #[error("the lease of task {0} is lost")]
    LeaseLost(TaskId),
    #[error("the last sequence of this lease is {last}, and {sent} is lower")]
    SequenceTooLow { last: u64, sent: u64 },
    /// The Idempotency-Key was used with another body.
    #[error("this Idempotency-Key came with another request before")]
    KeyReused,
    /// It is not as `If-Match` or `If-None-Match` insists.
    #[error("{0}")]
    PreconditionFailed(Unmet),
    /// Quickstart: the countdown of that name runs already.
    #[error("the countdown {0:?} runs already")]
    CountdownRunning(String),
    /// The writer's queue is full.
    #[error("more writes wait than the server takes on")]
    Overloaded,
    /// No space for the log; writes resume by themselves.
    #[error("the server's disk is full")]
    StorageFull,
    /// The store failed in a way that forbids writing until a restart.
    #[error("the server's storage failed, and it takes no writes until it is restarted")]
    StorageFailed,
    /// The server is going down.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// A fault of the server's own; the log has it under this number.
    #[error("the server failed on this request")]
    Internal,
}

impl Refusal {
    /// A refusal because of one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Refusal::Invalid(vec![FieldError::new(field, message)])
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Refusal::Invalid(vec![error])
    }
}
