//! The entries of the log.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    cursor::Cursor, family::Children, name::TaskId, progress::Progress, shown::Shown,
    task::TaskError, time::Timestamp,
};

/// One entry of the log. Its JSON is what watchers read; `type` is also the SSE `event:`.
///
/// Written, never read back: flattened and tagged it cannot carry text that is kept as it came.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    #[serde(flatten)]
    pub body: EventBody,
    pub cursor: Cursor,
    pub task_id: TaskId,
    pub at: Timestamp,
    /// The attempt it belongs to; 0 before the first.
    pub attempt: u32,
}

/// What happened. All but progress and log carry the task as it is after the event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type")]
pub enum EventBody {
    #[serde(rename = "task.scheduled")]
    Scheduled { task: Shown },
    #[serde(rename = "task.queued")]
    Queued { task: Shown },
    #[serde(rename = "task.started")]
    Started { task: Shown },
    #[serde(rename = "task.progress")]
    Progress {
        progress: Progress,
        /// Where it has any.
        #[serde(skip_serializing_if = "Option::is_none")]
        children: Option<Children>,
    },
    #[serde(rename = "task.log")]
    Log { lines: Vec<LogLine> },
    #[serde(rename = "task.cancel_requested")]
    CancelRequested { task: Shown },
    #[serde(rename = "task.retrying")]
    Retrying { error: TaskError, task: Shown },
    #[serde(rename = "task.succeeded")]
    Succeeded { task: Shown },
    #[serde(rename = "task.failed")]
    Failed { task: Shown },
    #[serde(rename = "task.cancelled")]
    Cancelled { task: Shown },
    #[serde(rename = "task.updated")]
    Updated { task: Shown },
    #[serde(rename = "task.deleted")]
    Deleted { task: Shown },
}

/// The name of an event's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    Scheduled,
    Queued,
    Started,
    Progress,
    Log,
    CancelRequested,
    Retrying,
    Succeeded,
    Failed,
    Cancelled,
    Updated,
    Deleted,
}

impl EventType {
    pub const ALL: [EventType; 12] = [
        EventType::Scheduled,
        EventType::Queued,
        EventType::Started,
        EventType::Progress,
        EventType::Log,
        EventType::CancelRequested,
        EventType::Retrying,
        EventType::Succeeded,
        EventType::Failed,
        EventType::Cancelled,
        EventType::Updated,
        EventType::Deleted,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            EventType::Scheduled => "task.scheduled",
            EventType::Queued => "task.queued",
            EventType::Started => "task.started",
            EventType::Progress => "task.progress",
            EventType::Log => "task.log",
            EventType::CancelRequested => "task.cancel_requested",
            EventType::Retrying => "task.retrying",
            EventType::Succeeded => "task.succeeded",
            EventType::Failed => "task.failed",
            EventType::Cancelled => "task.cancelled",
            EventType::Updated => "task.updated",
            EventType::Deleted => "task.deleted",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        EventType::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether the task is done with this event.
    pub fn is_terminal(self) -> bool {
        matches!(self, EventType::Succeeded | EventType::Failed | EventType::Cancelled)
    }
}

impl Event {
    /// As the log keeps it.
    pub fn json(&self) -> String {
        // Most of it is the task's picture, which is there already.
        let length = self.body.task().map_or(0, |task| task.json().len()) + 256;
        let mut json = Vec::with_capacity(length);
        // An event of ours is always JSON: its maps have string keys and its floats are finite.
        let written = serde_json::to_writer(&mut json, self).map(|()| String::from_utf8(json));
        written.ok().and_then(Result::ok).unwrap_or_default()
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl EventBody {
    /// The task as it is after the event.
    pub fn task(&self) -> Option<&Shown> {
        match self {
            EventBody::Progress { .. } | EventBody::Log { .. } => None,
            EventBody::Scheduled { task }
            | EventBody::Queued { task }
            | EventBody::Started { task }
            | EventBody::CancelRequested { task }
            | EventBody::Retrying { task, .. }
            | EventBody::Succeeded { task }
            | EventBody::Failed { task }
            | EventBody::Cancelled { task }
            | EventBody::Updated { task }
            | EventBody::Deleted { task } => Some(task),
        }
    }

    pub fn event_type(&self) -> EventType {
        match self {
            EventBody::Scheduled { .. } => EventType::Scheduled,
            EventBody::Queued { .. } => EventType::Queued,
            EventBody::Started { .. } => EventType::Started,
            EventBody::Progress { .. } => EventType::Progress,
            EventBody::Log { .. } => EventType::Log,
            EventBody::CancelRequested { .. } => EventType::CancelRequested,
            EventBody::Retrying { .. } => EventType::Retrying,
            EventBody::Succeeded { .. } => EventType::Succeeded,
            EventBody::Failed { .. } => EventType::Failed,
            EventBody::Cancelled { .. } => EventType::Cancelled,
            EventBody::Updated { .. } => EventType::Updated,
            EventBody::Deleted { .. } => EventType::Deleted,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Debug,
    #[default]
    Info,
    Warn,
    Error,
}

/// One line a worker wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    pub at: Timestamp,
    pub level: LogLevel,
    pub text: String,
}
