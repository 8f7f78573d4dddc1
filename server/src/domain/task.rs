//! A task: as the core keeps it ([`Task`]) and as everybody may see it ([`TaskView`]).

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    after::{After, AfterFailure},
    attempt::{self, Attempt, Ending},
    cursor::{Cursor, Epoch, Position},
    family::{ChildFailure, Children, Kin},
    json::RawJson,
    lease::{Fence, Lease},
    links::TaskLinks,
    name::{Labels, TaskId},
    progress::{Progress, Stage},
    refusal::FieldError,
    retention::Kept,
    schedule::ScheduleId,
    submission::Backoff,
    time::Timestamp,
};

/// Where a task is in its life. `scheduled → queued → running → succeeded | failed | cancelled`, and
/// `running → retrying → queued` while attempts are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for its `run_at`, or for the tasks it is after.
    Scheduled,
    /// Waits for a worker.
    Queued,
    /// A worker has its lease; a group's children are at work.
    Running,
    /// Failed, and waits for its next attempt.
    Retrying,
    Succeeded,
    Failed,
    Cancelled,
}

impl State {
    pub const ALL: [State; 7] = [
        State::Scheduled,
        State::Queued,
        State::Running,
        State::Retrying,
        State::Succeeded,
        State::Failed,
        State::Cancelled,
    ];

    /// Whether the task's life is over (until somebody retries it).
    pub fn is_done(self) -> bool {
        matches!(self, State::Succeeded | State::Failed | State::Cancelled)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            State::Scheduled => "scheduled",
            State::Queued => "queued",
            State::Running => "running",
            State::Retrying => "retrying",
            State::Succeeded => "succeeded",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a task, or one attempt of it, failed. Modelled on RFC 9457 §3.1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskError {
    /// For programs: the worker's own word, or one of the server's (`lease-expired`, `timeout`,
    /// `cancelled`, `children-failed`, `dependency-failed`).
    #[serde(rename = "type")]
    pub kind: String,
    /// For people: one line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

impl TaskError {
    pub const LEASE_EXPIRED: &str = "lease-expired";
    pub const TIMEOUT: &str = "timeout";
    pub const CANCELLED: &str = "cancelled";
    pub const DEADLINE: &str = "deadline-exceeded";
    pub const CHILDREN_FAILED: &str = "children-failed";
    pub const DEPENDENCY_FAILED: &str = "dependency-failed";

    pub fn new(kind: &str, title: &str) -> Self {
        TaskError { kind: kind.to_owned(), title: Some(title.to_owned()), detail: None }
    }

    pub fn check(&self) -> Result<(), FieldError> {
        super::name::check_name("error.type", &self.kind)
    }

    /// The same with at most 8 KiB of title and detail together, for events, whose frames are
    /// bounded.
    pub fn shortened(mut self) -> Self {
        for text in [&mut self.title, &mut self.detail].into_iter().flatten() {
            if text.len() > 4096 {
                let end = (0..=4093).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
                text.truncate(end);
                text.push('…');
            }
        }
        self
    }
}

/// A task's row: all that the rules look at. Its input, output, error and checkpoint lie beside it
/// in the store, written once and not loaded with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The position of its first event: unique, and rising with the time of creation.
    pub seq: Position,
    pub id: TaskId,
    /// Shared, as the queue and the labels are: every picture and event has them too.
    pub kind: Arc<str>,
    pub queue: Arc<str>,
    pub state: State,
    pub labels: Arc<Labels>,
    pub priority: i32,
    /// Who alone may lease it, if anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_worker: Option<String>,
    /// Attempts begun and not given back.
    pub attempt: u32,
    /// Attempts granted, all rounds together.
    pub max_attempts: u32,
    /// Attempts one round grants: what a retry adds.
    pub attempts_per_round: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    pub cancel_grace_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When its last attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<TaskId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The position of its last event; a revision, because every visible change has an event.
    pub cursor: Position,
    /// Its place among queued tasks of its priority: the position at which it was queued.
    pub ready_at: Position,
    /// The fence of its last lease.
    pub fence: Fence,
    /// Set exactly while running; a group never has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// When a cancel was asked for, on the steady clock; only while running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_requested_at: Option<Timestamp>,
    /// How its last attempt was ended by its worker, so that the same words again get the same
    /// answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// When time has something to do here: on the steady clock while running, else the calendar's.
    /// May be too early (a report renews a lease without touching it); then it is armed again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// A hash of the request, kept where the client chose the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<String>,
    // What version 1 of the file did not know is absent in its rows, hence the defaults.
    /// When it was queued last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency_key: Option<String>,
    /// Queued, but its key has as many tasks ready or running as it may; not leasable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parked: bool,
    /// On the calendar's clock: not done by then, it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stalled_after_seconds: Option<u64>,
    /// How long it is kept once it is done; for good, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_seconds: Option<u64>,
    /// The schedule that submitted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_id: Option<ScheduleId>,
    /// The attempts that have ended, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    #[serde(default, skip_serializing_if = "Kin::is_none")]
    pub kin: Kin,
    /// No other task of its queue with this key was open when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_key: Option<String>,
    #[serde(default, skip_serializing_if = "Kept::is_none")]
    pub kept: Kept,
    #[serde(default, skip_serializing_if = "After::is_none")]
    pub after: After,
    /// That of the error it ended with, which lies beside the row; filters look for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
}

/// The end of an attempt as its worker told it: its token, and a hash of what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub token: super::lease::LeaseToken,
    pub hash: String,
}

/// The parts of a task that may be large.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bodies {
    pub input: Option<RawJson>,
    pub output: Option<RawJson>,
    pub error: Option<TaskError>,
    pub checkpoint: Option<RawJson>,
}

/// An output or error longer than this (as JSON, in bytes) is left out of events and lists.
pub const MAX_CARRIED: usize = 16 * 1024;

/// A task as the public sees it: in answers, in lists, in events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskView {
    pub id: TaskId,
    pub kind: Arc<str>,
    pub queue: Arc<str>,
    pub state: State,
    pub done: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input: Option<RawJson>,
    pub labels: Arc<Labels>,
    pub priority: i32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub progress: Option<Progress>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub output: Option<RawJson>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<TaskError>,
    /// There is an output or error, too long to be carried here; getTask has it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub output_omitted: bool,
    /// Its input, output and checkpoint are gone: its queue keeps them no longer.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub bodies_dropped: bool,
    pub attempt: u32,
    pub max_attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timeout_seconds: Option<u64>,
    pub cancel_grace_seconds: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub cancel_requested: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub backoff_base_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub backoff_max_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stalled_after_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retention_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub concurrency_key: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub stages: Vec<Stage>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline_at: Option<Timestamp>,
    pub created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub started_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_id: Option<TaskId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub children: Option<Children>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub complete_when_children_done: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub child_failure: Option<ChildFailure>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unique_key: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub after: Vec<TaskId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after_failure: Option<AfterFailure>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiting_for: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schedule_id: Option<ScheduleId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trace_parent: Option<String>,
    /// Who holds its lease; while it waits, who alone may.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub worker: Option<String>,
    pub cursor: Cursor,
    pub links: TaskLinks,
}

impl Task {
    /// Where in the log it ended, as long as it is done. Rows of older files do not say: for those it is
    /// where they changed last.
    pub fn end_position(&self) -> Option<Position> {
        self.state.is_done().then(|| self.kept.end.unwrap_or(self.cursor))
    }

    /// Whether a new round can be opened: there is no work without its input.
    pub fn is_retryable(&self) -> bool {
        matches!(self.state, State::Failed | State::Cancelled) && self.kept.bodies_dropped.is_none()
    }

    /// Whether it can be deleted, by what was told of its children: the link has to change with an
    /// event, like all that is seen.
    fn looks_deletable(&self) -> bool {
        self.state.is_done() && self.kin.told.is_none_or(|told| told.done >= told.total)
    }

    /// The attempt that runs.
    pub fn running_attempt(&self) -> Option<Attempt> {
        let lease = self.lease.as_ref()?;
        Some(Attempt {
            number: self.attempt,
            worker: lease.worker.clone(),
            state: Ending::Running,
            started_at: self.started_at.unwrap_or(self.updated_at),
            finished_at: None,
            error: None,
            retry_at: None,
        })
    }

    /// Notes in the history how the running attempt ends. Called while it still has its lease.
    pub fn remember_attempt(&mut self, state: Ending, at: Timestamp, error: Option<&TaskError>) {
        let Some(running) = self.running_attempt() else { return };
        if self.attempts.len() == attempt::MAX_REMEMBERED {
            self.attempts.remove(0);
        }
        self.attempts.push(Attempt {
            state,
            finished_at: Some(at),
            error: error.map(attempt::remembered),
            ..running
        });
    }

    /// Why the last attempt failed, while the next one is waited for. It is in the row already, so nothing has
    /// to be kept beside it and taken away again.
    fn retried_error(&self) -> Option<TaskError> {
        let last = self.attempts.last().filter(|_| self.state == State::Retrying);
        last.and_then(|attempt| attempt.error.clone())
    }

    /// The public picture, with the bodies that are given. In events and lists, `carried` leaves
    /// out what is too long.
    pub fn view(&self, epoch: Epoch, bodies: Bodies) -> TaskView {
        let worker = match &self.lease {
            Some(lease) => Some(lease.worker.clone()),
            None if self.state.is_done() => None,
            None => self.only_worker.clone(),
        };
        TaskView {
            id: self.id.clone(),
            kind: self.kind.clone(),
            queue: self.queue.clone(),
            state: self.state,
            done: self.state.is_done(),
            input: bodies.input,
            labels: self.labels.clone(),
            priority: self.priority,
            progress: self.progress.clone(),
            output: bodies.output,
            error: bodies.error.or_else(|| self.retried_error()),
            output_omitted: false,
            bodies_dropped: self.kept.bodies_dropped.is_some(),
            attempt: self.attempt,
            max_attempts: self.max_attempts,
            timeout_seconds: self.timeout_seconds,
            cancel_grace_seconds: self.cancel_grace_seconds,
            cancel_requested: self.cancel_requested_at.is_some(),
            backoff_base_seconds: self.backoff.base_seconds,
            backoff_max_seconds: self.backoff.max_seconds,
            stalled_after_seconds: self.stalled_after_seconds,
            retention_seconds: self.retention_seconds,
            concurrency_key: self.concurrency_key.clone(),
            stages: self.stages.clone(),
            run_at: self.run_at,
            deadline_at: self.deadline_at,
            created_at: self.created_at,
            started_at: self.started_at,
            updated_at: self.updated_at,
            finished_at: self.finished_at,
            parent_id: self.parent_id.clone(),
            weight: self.kin.weight,
            children: self.kin.told,
            complete_when_children_done: self.kin.group.is_some(),
            child_failure: self.kin.group,
            unique_key: self.unique_key.clone(),
            after: self.after.ids().cloned().collect(),
            after_failure: self.after.failure,
            waiting_for: Some(self.after.open()).filter(|open| *open > 0),
            schedule_id: self.schedule_id.clone(),
            trace_parent: self.trace_parent.clone(),
            worker,
            cursor: Cursor { epoch, position: self.cursor },
            links: self.links(),
        }
    }

    fn links(&self) -> TaskLinks {
        TaskLinks {
            id: self.id.clone(),
            parent: self.parent_id.clone(),
            schedule: self.schedule_id.clone(),
            cancel: !self.state.is_done(),
            retry: self.is_retryable(),
            delete: self.looks_deletable(),
        }
    }
}

impl TaskView {
    /// For events and lists: without the input, and without an output or error too long to carry.
    pub fn carried(mut self) -> Self {
        self.input = None;
        let too_long = |text: &str| text.len() > MAX_CARRIED;
        if self.output.as_ref().is_some_and(|output| too_long(output.get())) {
            self.output = None;
            self.output_omitted = true;
        }
        let error = self.error.as_ref().and_then(|error| RawJson::of(error).ok());
        if error.is_some_and(|error| too_long(error.get())) {
            self.error = None;
            self.output_omitted = true;
        }
        self
    }
}
