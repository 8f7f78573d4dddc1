//! The entries of the log and the frames of a stream: one union in the contract.

use poem_openapi::{Enum, Object, Union};
use serde::Serialize;

use super::declared_as;
use crate::{
    domain::{
        Children, Cursor, LogLevel, LogLine, Progress, RawJson, TaskError, TaskId, TaskView,
        Timestamp,
    },
    stream::resume::Reset,
};

declared_as!(LogLine, DeclaredLine);
declared_as!(LogLevel, DeclaredLevel);
declared_as!(EventText, Event);

/// An event as the log keeps it: JSON that is passed on untouched.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct EventText(pub RawJson);

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "LogLevel", rename_all = "snake_case")]
pub enum DeclaredLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// A line a worker wrote.
#[derive(Debug, Object)]
#[oai(rename = "LogLine")]
pub struct DeclaredLine {
    /// When the server received it.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// The line, without its line break.
    pub text: String,
}

/// One entry of the log, or one frame of a stream. `type` says which, and equals the SSE `event:`.
///
/// The union is open: a client must keep, or pass over, a type it does not know.
#[derive(Debug, Union)]
#[oai(one_of, discriminator_name = "type")]
pub enum Event {
    #[oai(mapping = "task.scheduled")]
    Scheduled(TaskScheduledEvent),
    #[oai(mapping = "task.queued")]
    Queued(TaskQueuedEvent),
    #[oai(mapping = "task.started")]
    Started(TaskStartedEvent),
    #[oai(mapping = "task.progress")]
    Progress(TaskProgressEvent),
    #[oai(mapping = "task.log")]
    Log(TaskLogEvent),
    #[oai(mapping = "task.cancel_requested")]
    CancelRequested(TaskCancelRequestedEvent),
    #[oai(mapping = "task.retrying")]
    Retrying(TaskRetryingEvent),
    #[oai(mapping = "task.succeeded")]
    Succeeded(TaskSucceededEvent),
    #[oai(mapping = "task.failed")]
    Failed(TaskFailedEvent),
    #[oai(mapping = "task.cancelled")]
    Cancelled(TaskCancelledEvent),
    #[oai(mapping = "task.updated")]
    Updated(TaskUpdatedEvent),
    #[oai(mapping = "task.deleted")]
    Deleted(TaskDeletedEvent),
    #[oai(mapping = "stream.snapshot")]
    Snapshot(StreamSnapshotEvent),
    #[oai(mapping = "stream.reset")]
    Reset(StreamResetEvent),
    #[oai(mapping = "stream.left")]
    Left(StreamLeftEvent),
    #[oai(mapping = "stream.end")]
    End(StreamEndEvent),
    #[oai(mapping = "stream.draining")]
    Draining(StreamDrainingEvent),
}

/// An event of a task: the fields all of them have, and its own.
macro_rules! task_event {
    ($(#[$docs:meta])* $name:ident { $($(#[$field_docs:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$docs])*
        #[derive(Debug, Object)]
        #[oai(skip_serializing_if_is_none)]
        pub struct $name {
            /// Its place in the log.
            pub cursor: Cursor,
            /// The task it happened to.
            pub task_id: TaskId,
            /// When it happened.
            pub at: Timestamp,
            /// The attempt it belongs to; 0 before the first.
            pub attempt: u32,
            $($(#[$field_docs])* pub $field: $type,)*
        }
    };
    ($(#[$docs:meta])* $name:ident) => {
        task_event! {
            $(#[$docs])*
            $name {
                /// The task after the event, without `input`.
                task: TaskView,
            }
        }
    };
}

task_event! {
    /// The task was created, and waits for its `run_at`.
    TaskScheduledEvent
}
task_event! {
    /// The task waits for a worker: it was created, became due, or was given back.
    TaskQueuedEvent
}
task_event! {
    /// A worker took the task; or, with `complete_when_children_done`, it waits for its children from
    /// now on.
    TaskStartedEvent
}
task_event! {
    /// A worker reported progress, or the task's children got on.
    TaskProgressEvent {
        /// The whole progress after the report; it replaces the one before.
        progress: Progress,
        /// How many children the task has now; absent where it has none.
        children: Option<Children>,
    }
}
task_event! {
    /// A worker wrote lines.
    TaskLogEvent {
        /// The lines, in order. A long report is cut up into several events.
        lines: Vec<LogLine>,
    }
}
task_event! {
    /// Somebody asked for the running task to be cancelled; its worker is told with its next report.
    TaskCancelRequestedEvent
}
task_event! {
    /// An attempt failed, and another one follows.
    TaskRetryingEvent {
        /// Why the attempt failed.
        error: TaskError,
        /// The task after the event, without `input`.
        task: TaskView,
    }
}
task_event! {
    /// The task is done, with an output.
    TaskSucceededEvent
}
task_event! {
    /// The task is done, with an error.
    TaskFailedEvent
}
task_event! {
    /// The task is done, because somebody cancelled it.
    TaskCancelledEvent
}
task_event! {
    /// Labels, priority or `run_at` changed.
    TaskUpdatedEvent
}
task_event! {
    /// The task was removed.
    TaskDeletedEvent
}

/// The tasks a stream is about, as they are when it begins.
///
/// A snapshot may take several frames; the last one has `more: false`, the `cursor` and the SSE
/// `id:`. An event that is not newer than its task's own `cursor` is already in the snapshot.
///
/// With `fresh: true` it holds only what the request said is new to the watcher: it adds to what the
/// watcher knows and replaces none of it, and has neither `cursor` nor `id:`.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct StreamSnapshotEvent {
    /// A page of tasks, without `input`.
    pub tasks: Vec<TaskView>,
    /// Whether another page follows.
    pub more: bool,
    /// Where the events after the snapshot begin; on the last page only.
    pub cursor: Option<Cursor>,
    /// `true` where these tasks come in addition to those the watcher knows.
    pub fresh: Option<bool>,
}

/// Why a cursor could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// It is no cursor.
    Garbage,
    /// It belongs to another database.
    Epoch,
    /// It lies beyond the log's end.
    Future,
    /// What follows it is no longer kept.
    Trimmed,
}

impl From<Reset> for ResetReason {
    fn from(reset: Reset) -> Self {
        match reset {
            Reset::Garbage => ResetReason::Garbage,
            Reset::Epoch => ResetReason::Epoch,
            Reset::Future => ResetReason::Future,
            Reset::Trimmed => ResetReason::Trimmed,
        }
    }
}

/// The cursor the client came with could not be used: forget everything; a snapshot follows.
#[derive(Debug, Object)]
pub struct StreamResetEvent {
    /// Why.
    pub reason: ResetReason,
}

/// A task that matched the filter does so no more.
#[derive(Debug, Object, Serialize)]
pub struct StreamLeftEvent {
    /// The task.
    pub task_id: TaskId,
    /// The place of the event with which it left.
    pub cursor: Cursor,
}

/// Nothing more will come; the server closes the stream. A client that comes back with the last
/// `id:` gets 204.
#[derive(Debug, Object)]
pub struct StreamEndEvent {}

/// The server is going down and closes the stream; come back with the last `id:`.
#[derive(Debug, Object)]
pub struct StreamDrainingEvent {}

/// A page of the log.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct EventPage {
    /// The events, oldest first. A page may be short, or empty, while there are more.
    pub items: Vec<EventText>,
    /// Give this as `after` to go on from here.
    pub cursor: Cursor,
    /// Set when `after` could not be used: the page begins with the oldest event that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<ResetReason>,
}

/// Lines of a task.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LogLines {
    /// The lines, oldest first.
    pub lines: Vec<LogLine>,
    /// Give this as `after` for those that follow; absent where there are none, by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Set when `after` could not be used: the page begins with the oldest line that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<ResetReason>,
}
