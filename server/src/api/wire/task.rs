//! A task, as the contract shows it.

use std::collections::BTreeMap;

use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::declared_as;
use crate::domain::{
    AfterFailure, ChildFailure, Children, Cursor, Progress, RawJson, ScheduleId, Shown, Stage,
    State, TaskError, TaskId, TaskLinks, TaskView, Timestamp,
};

declared_as!(TaskView, DeclaredTask);
declared_as!(Shown, DeclaredTask);
declared_as!(TaskLinks, DeclaredLinks);
declared_as!(TaskError, DeclaredError);
declared_as!(Progress, DeclaredProgress);
declared_as!(State, TaskState);
declared_as!(Children, DeclaredChildren);
declared_as!(ChildFailure, DeclaredChildFailure);
declared_as!(AfterFailure, DeclaredAfterFailure);

/// Where a task is in its life: `scheduled → queued → running → succeeded | failed | cancelled`, and
/// `running → retrying → queued` while attempts are left.
///
/// Clients should treat a state they do not know as one that is not done, and look at `done`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum TaskState {
    /// Waits for its `run_at`, or for the tasks it is `after`.
    Scheduled,
    /// Waits for a worker.
    Queued,
    /// A worker has its lease; or, with `complete_when_children_done`, its children are at work.
    Running,
    /// Failed, and waits for its next attempt.
    Retrying,
    /// Done, with an output.
    Succeeded,
    /// Done, with an error.
    Failed,
    /// Done, because somebody cancelled it.
    Cancelled,
}

/// One piece of work, and how far it is.
#[derive(Debug, Object)]
#[oai(rename = "Task", skip_serializing_if_is_none)]
pub struct DeclaredTask {
    /// Made by the server (a UUIDv7), or chosen by the client with putTask.
    pub id: TaskId,
    /// What is to be done; workers choose by it.
    pub kind: String,
    /// Where it waits; workers choose by it.
    pub queue: String,
    /// Where it is in its life.
    pub state: State,
    /// Whether its life is over. Then exactly one of `output` and `error` is set (or
    /// `output_omitted`, or `bodies_dropped`).
    pub done: bool,
    /// What its worker is given: any JSON, kept as the text it came as. Only in getTask's answer and
    /// in leases.
    pub input: Option<RawJson>,
    /// Words of yours to find it by.
    pub labels: BTreeMap<String, String>,
    /// From -100 to 100; higher goes first.
    pub priority: i32,
    /// How far its running attempt is, or its last one was.
    pub progress: Option<Progress>,
    /// What came out: any JSON. `{}` when the worker gave none.
    pub output: Option<RawJson>,
    /// Why it failed or was cancelled; while it is retrying, why its last attempt failed (of a long text the
    /// first 300 characters).
    pub error: Option<TaskError>,
    /// `true` when the output or error is longer than 16 KiB and therefore left out here; getTask
    /// always has it whole.
    #[oai(skip_serializing_if = "std::ops::Not::not", default)]
    pub output_omitted: bool,
    /// `true` once its input and output are gone, because its queue keeps them no longer (`retention`).
    /// Such a task cannot be retried.
    #[oai(skip_serializing_if = "std::ops::Not::not", default)]
    pub bodies_dropped: bool,
    /// Attempts begun.
    pub attempt: u32,
    /// Attempts granted.
    pub max_attempts: u32,
    /// How long one attempt may take, in seconds.
    pub timeout_seconds: Option<u64>,
    /// How long a worker has to end after a cancel, in seconds, before the server ends the task.
    pub cancel_grace_seconds: u64,
    /// `true` while a cancel waits for the worker to end.
    #[oai(skip_serializing_if = "std::ops::Not::not", default)]
    pub cancel_requested: bool,
    /// How long a failed attempt waits for the next one: any time up to this, doubled with every
    /// further attempt, in seconds; absent where that is 1.
    pub backoff_base_seconds: Option<u64>,
    /// The longest a failed attempt waits for the next one, in seconds; absent where that is 300.
    pub backoff_max_seconds: Option<u64>,
    /// After so many seconds without more than a heartbeat its progress is shown as `stalled`; absent
    /// where that is 60.
    pub stalled_after_seconds: Option<u64>,
    /// How long it is kept once it is done, in seconds; absent where that is for good.
    pub retention_seconds: Option<u64>,
    /// Of the tasks of its queue that share this word, only so many run at once.
    pub concurrency_key: Option<String>,
    /// The parts of the work, in order; absent where there are none.
    #[oai(skip_serializing_if = "Vec::is_empty", default)]
    pub stages: Vec<Stage>,
    /// When it becomes due; absent when that was at once.
    pub run_at: Option<Timestamp>,
    /// When it must be done; at that time it fails with `deadline-exceeded`.
    pub deadline_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its last attempt began.
    pub started_at: Option<Timestamp>,
    /// When anything about it last changed.
    pub updated_at: Timestamp,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// The task it is a part of.
    pub parent_id: Option<TaskId>,
    /// How much of its parent it is, relative to its siblings; absent where that was not said, which
    /// means 1.
    pub weight: Option<f64>,
    /// How many children it has, as they were told last; absent where it has none.
    pub children: Option<Children>,
    /// `true` for a task that no worker takes: it is done once it has children and all of them are.
    #[oai(skip_serializing_if = "std::ops::Not::not", default)]
    pub complete_when_children_done: bool,
    /// With `complete_when_children_done`: what a child that failed means.
    pub child_failure: Option<ChildFailure>,
    /// While it is not done, no other task of its queue has this key.
    pub unique_key: Option<String>,
    /// The tasks that had to be done before it might begin; absent where there are none.
    #[oai(skip_serializing_if = "Vec::is_empty", default)]
    pub after: Vec<TaskId>,
    /// With `after`: what one of them that fails or is cancelled does to this one.
    pub after_failure: Option<AfterFailure>,
    /// How many tasks of `after` it still waits for; absent where it waits for none.
    pub waiting_for: Option<u32>,
    /// The schedule that submitted it.
    pub schedule_id: Option<ScheduleId>,
    /// The W3C `traceparent` of whoever created it.
    pub trace_parent: Option<String>,
    /// Who holds its lease; while it waits, who alone may take it.
    pub worker: Option<String>,
    /// The place of its last event in the log: watch from here and nothing is missed.
    pub cursor: Cursor,
    /// Where to go from here.
    pub links: TaskLinks,
}

/// Paths relative to the server's root. `cancel`, `retry` and `delete` are there only while the task
/// itself allows them, so a client can live a task's whole life by following links.
#[derive(Debug, Object)]
#[oai(rename = "TaskLinks", skip_serializing_if_is_none)]
pub struct DeclaredLinks {
    /// The task itself.
    #[oai(rename = "self")]
    pub itself: String,
    /// Its events, live (Server-Sent Events).
    pub events: String,
    /// Its events, as a list.
    pub history: String,
    /// The last lines its workers wrote.
    pub logs: String,
    /// Its attempts, each with its worker and its end; absent in events that an older server wrote.
    pub attempts: Option<String>,
    /// The tasks that are parts of it.
    pub children: String,
    /// The task it is a part of.
    pub parent: Option<String>,
    /// The schedule that submitted it.
    pub schedule: Option<String>,
    /// POST here to cancel it.
    pub cancel: Option<String>,
    /// POST here to try it again; refused while another task has its `unique_key`.
    pub retry: Option<String>,
    /// DELETE this to remove it; not there while `children` tells of some that are not done.
    pub delete: Option<String>,
}

/// Why a task, or one attempt of it, failed.
#[derive(Debug, Object)]
#[oai(rename = "TaskError", skip_serializing_if_is_none)]
pub struct DeclaredError {
    /// For programs: the worker's own word, or one of the server's (`lease-expired`, `timeout`,
    /// `deadline-exceeded`, `cancelled`, `children-failed`, `dependency-failed`).
    #[oai(rename = "type")]
    pub kind: String,
    /// For people: one line.
    pub title: Option<String>,
    /// For people: all that is known.
    pub detail: Option<String>,
}

/// How many children a task has. Those deleted since count on.
#[derive(Debug, Object)]
#[oai(rename = "Children")]
pub struct DeclaredChildren {
    /// All of them.
    pub total: u64,
    /// Those that are done: `succeeded`, `failed` and `cancelled` together.
    pub done: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that were cancelled.
    pub cancelled: u64,
}

/// What a task with `complete_when_children_done` does about a child that failed. One that was cancelled
/// has not failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "ChildFailure", rename_all = "snake_case")]
pub enum DeclaredChildFailure {
    /// It fails at once with `children-failed`, and its other children are cancelled.
    FailFast,
    /// It waits for all of them, and fails then with `children-failed`.
    Collect,
}

/// What a task does about one of `after` that failed or was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "AfterFailure", rename_all = "snake_case")]
pub enum DeclaredAfterFailure {
    /// It is cancelled, with an error of type `dependency-failed`.
    Cancel,
    /// It counts as done like any other.
    Run,
}

/// How far a task is. Percent never falls within an attempt.
///
/// A task with children is as far as they are together, each by its `weight`, unless its own worker
/// reports percent or counts.
#[derive(Debug, Object)]
#[oai(rename = "Progress", skip_serializing_if_is_none)]
pub struct DeclaredProgress {
    /// 0 to 100.
    pub percent: Option<f64>,
    /// How much is done, in `unit`.
    pub current: Option<f64>,
    /// How much there is to do, in `unit`.
    pub total: Option<f64>,
    /// What `current` and `total` count, e.g. `files`.
    pub unit: Option<String>,
    /// What is happening, for people.
    pub message: Option<String>,
    /// The part of the work that is under way.
    pub stage: Option<String>,
    /// How far the stage is, 0 to 100, where it is one of the task's `stages`; `percent` is the
    /// whole's.
    pub stage_percent: Option<f64>,
    /// Units of `current` a second (of percent, where there is no `current`).
    pub rate_per_second: Option<f64>,
    /// About how long it will still take, in seconds.
    pub eta_seconds: Option<f64>,
    /// `true` while its worker keeps the lease but has said nothing else for the task's
    /// `stalled_after_seconds`.
    #[oai(skip_serializing_if = "std::ops::Not::not", default)]
    pub stalled: bool,
    /// When it was last reported.
    pub updated_at: Timestamp,
}

/// A page of tasks, newest first.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct TaskList {
    /// The tasks, without `input`. A page may be short, or empty, while there are more.
    pub items: Vec<TaskView>,
    /// Give this as `page` to get the next one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
}
