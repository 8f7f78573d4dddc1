//! What can be asked of the engine, and what it answers.

use serde::Serialize;

use crate::domain::{
    Fence, Labels, LeaseToken, RawJson, TaskError, TaskId, TaskView, Timestamp, event::LogLevel,
    lease::Reported, progress::ProgressReport,
};

/// A task to be made. Defaults are filled in by whoever builds it ([`NewTask::of`]).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewTask {
    /// Chosen by the client; else the server makes one.
    pub id: Option<TaskId>,
    pub kind: String,
    pub queue: String,
    pub input: Option<RawJson>,
    pub labels: Labels,
    pub priority: i32,
    pub max_attempts: u32,
    pub timeout_seconds: Option<u64>,
    pub cancel_grace_seconds: u64,
    pub run_at: Option<Timestamp>,
    pub parent_id: Option<TaskId>,
    pub trace_parent: Option<String>,
    /// Who alone may lease it.
    pub worker: Option<String>,
}

impl NewTask {
    pub const DEFAULT_QUEUE: &str = "default";
    pub const DEFAULT_MAX_ATTEMPTS: u32 = 3;
    pub const MAX_ATTEMPTS: u32 = 100;
    /// The longest timeout: a year.
    pub const MAX_SECONDS: u64 = 365 * 24 * 3600;
    pub const MAX_GRACE_SECONDS: u64 = 3600;
    pub const DEFAULT_CANCEL_GRACE_SECONDS: u64 = 30;

    /// A task of `kind` with everything else as the documentation says it is by default.
    pub fn of(kind: impl Into<String>) -> Self {
        NewTask {
            id: None,
            kind: kind.into(),
            queue: Self::DEFAULT_QUEUE.to_owned(),
            input: None,
            labels: Labels::new(),
            priority: 0,
            max_attempts: Self::DEFAULT_MAX_ATTEMPTS,
            timeout_seconds: None,
            cancel_grace_seconds: Self::DEFAULT_CANCEL_GRACE_SECONDS,
            run_at: None,
            parent_id: None,
            trace_parent: None,
            worker: None,
        }
    }

    /// What tells this request from another, however its JSON was spelled. It is stored, so a field
    /// that a later version adds must be skipped while it is not set.
    pub fn fingerprint(&self) -> String {
        // A struct of ours with string keys is always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An `Idempotency-Key` with what it must not be reused across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The operation, and who calls it, e.g. `createTask`.
    pub scope: String,
    pub key: String,
    /// A hash of the request it came with.
    pub request_hash: String,
}

/// updateTask: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub labels: Option<Labels>,
    pub priority: Option<i32>,
    pub run_at: Option<Timestamp>,
    /// The revision (the position of the last event) the task must still have.
    pub if_match: Option<u64>,
}

/// A worker's wish for tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Acquire {
    pub worker: String,
    /// The same id again answers the same leases while they live.
    pub request_id: Option<String>,
    pub queues: Vec<String>,
    /// Empty: any kind.
    pub kinds: Vec<String>,
    pub max_tasks: u64,
    pub lease_seconds: u64,
    /// How long to wait for the first task.
    pub wait_seconds: u64,
}

/// A lease as its worker gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Leased {
    pub token: LeaseToken,
    pub fence: Fence,
    pub expires_at: Timestamp,
    /// With its input.
    pub task: TaskView,
    /// What the last attempt left behind.
    pub checkpoint: Option<RawJson>,
    pub cancel_requested: bool,
}

/// A line to be logged; the time is the server's.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLine {
    pub level: LogLevel,
    pub text: String,
}

/// What a worker says while it runs. With nothing in it, it is a heartbeat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub sequence: Option<u64>,
    pub progress: Option<ProgressReport>,
    pub logs: Vec<NewLine>,
    pub checkpoint: Option<RawJson>,
}

/// How a worker ends an attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Complete {
        output: Option<RawJson>,
    },
    Fail {
        error: TaskError,
        retryable: bool,
        retry_after_seconds: Option<u64>,
    },
    /// Gives the attempt back: it does not count.
    Release,
}

/// Everything that writes.
#[derive(Clone, Debug)]
pub enum Command {
    Submit {
        task: NewTask,
        key: Option<IdempotencyKey>,
    },
    /// `hash` of the request, to know it again.
    Put {
        task: NewTask,
        hash: String,
    },
    Update {
        id: TaskId,
        change: Change,
    },
    Cancel {
        id: TaskId,
        key: Option<IdempotencyKey>,
    },
    Retry {
        id: TaskId,
        key: Option<IdempotencyKey>,
    },
    Delete {
        id: TaskId,
    },
    Acquire(Acquire),
    Report {
        id: TaskId,
        token: LeaseToken,
        report: Report,
    },
    End {
        id: TaskId,
        token: LeaseToken,
        outcome: Outcome,
    },
    /// Leases whose caller was gone before the answer reached it.
    GiveBack {
        leases: Vec<(TaskId, LeaseToken)>,
    },
    /// Quickstart: store a submitted name (a JSON string's content).
    SubmitName {
        name: String,
    },
    /// Quickstart: start the countdown of that name, unless one runs.
    StartCountdown {
        name: String,
    },
}

/// What a command is answered.
#[derive(Clone, Debug)]
pub enum Reply {
    Task(Box<TaskView>),
    /// putTask: whether it is new.
    Put {
        task: Box<TaskView>,
        created: bool,
    },
    Leases(Vec<Leased>),
    Reported(Reported),
    Done,
}

impl Command {
    /// Whether it keeps or ends a lease: such commands have a share of the queue of their own, so
    /// that an overload of new work never costs running work.
    pub fn is_reserved(&self) -> bool {
        matches!(self, Command::Report { .. } | Command::End { .. } | Command::GiveBack { .. })
    }

    /// About how many bytes it holds while it waits.
    pub fn size(&self) -> usize {
        let text = |json: &Option<RawJson>| json.as_ref().map_or(0, |json| json.get().len());
        let variable = match self {
            Command::Submit { task, .. } | Command::Put { task, .. } => text(&task.input),
            Command::Report { report, .. } => {
                text(&report.checkpoint)
                    + report.logs.iter().map(|line| line.text.len() + 32).sum::<usize>()
            }
            Command::End { outcome: Outcome::Complete { output }, .. } => text(output),
            Command::End { outcome: Outcome::Fail { error, .. }, .. } => {
                error.detail.as_ref().map_or(0, String::len)
            }
            Command::SubmitName { name } => name.len(),
            _ => 0,
        };
        variable + 512
    }
}
