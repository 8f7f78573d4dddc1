//! How long what is done is kept, and how far it was trimmed.

use serde::{Deserialize, Serialize};

use super::{
    checks::{self, Errors},
    cursor::Position,
    name::TaskId,
    submission::NewTask,
    time::Timestamp,
};

/// What of a queue's done tasks goes by itself, and how long after their end, in seconds. What is not
/// set is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// The task itself, unless it says so with its own `retention_seconds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_seconds: Option<u64>,
    /// Its input, output and checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_seconds: Option<u64>,
    /// Its events before the one that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_seconds: Option<u64>,
    /// Progress events, but for about [`MAX_PROGRESS`] of each attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress_seconds: Option<u64>,
}

/// How many progress events of an attempt thinning leaves, the first and the last among them.
pub const MAX_PROGRESS: u64 = 100;

/// One of the things that a queue's retention is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Progress,
    Events,
    Bodies,
    Tasks,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::Tasks, Part::Bodies, Part::Events, Part::Progress];
}

impl Retention {
    /// Whether everything is kept.
    pub fn is_none(&self) -> bool {
        *self == Retention::default()
    }

    pub fn seconds(&self, part: Part) -> Option<u64> {
        match part {
            Part::Tasks => self.task_seconds,
            Part::Bodies => self.body_seconds,
            Part::Events => self.event_seconds,
            Part::Progress => self.progress_seconds,
        }
    }

    pub(super) fn check(&self, errors: &mut Errors) {
        let fields = [
            ("retention.task_seconds", self.task_seconds),
            ("retention.body_seconds", self.body_seconds),
            ("retention.event_seconds", self.event_seconds),
            ("retention.progress_seconds", self.progress_seconds),
        ];
        for (field, value) in fields {
            if let Some(value) = value {
                errors.take(checks::range(field, value, 0, NewTask::MAX_RETENTION_SECONDS));
            }
        }
    }
}

/// How far each part was gone through, by the places in the log at which tasks ended. These rise with
/// every end, whatever the calendar's clock does, so no task is passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Walked {
    tasks: Position,
    bodies: Position,
    events: Position,
    progress: Position,
}

impl Walked {
    pub fn of(&self, part: Part) -> Position {
        match part {
            Part::Tasks => self.tasks,
            Part::Bodies => self.bodies,
            Part::Events => self.events,
            Part::Progress => self.progress,
        }
    }

    pub fn set(&mut self, part: Part, to: Position) {
        match part {
            Part::Tasks => self.tasks = to,
            Part::Bodies => self.bodies = to,
            Part::Events => self.events = to,
            Part::Progress => self.progress = to,
        }
    }
}

/// What retention has to know of a task, and has done to it. Nobody sees it but for `bodies_dropped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The position of the event that ended it, as long as it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Position>,
    /// Some of its events up to here are gone that a watcher would have wanted.
    #[serde(skip_serializing_if = "is_zero")]
    pub trimmed_to: Position,
    /// The position of the event that told that its bodies are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bodies_dropped: Option<Position>,
    /// Its time was over when it still had children at work: it goes when they are done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outstayed: bool,
}

impl Kept {
    pub fn is_none(&self) -> bool {
        *self == Kept::default()
    }
}

fn is_zero(position: &Position) -> bool {
    *position == 0
}

/// What is remembered of a task that was deleted, until its events go too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Of its `task.deleted`.
    pub position: Position,
    pub seq: Position,
    pub id: TaskId,
    pub queue: String,
    /// When it was deleted.
    pub at: Timestamp,
    /// As the task had it.
    pub trimmed_to: Position,
}
