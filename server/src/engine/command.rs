//! What can be asked of the engine, and what it answers.

use crate::domain::{
    Fence, Kind, KindSpec, Labels, LeaseToken, NewTask, Precondition, Queue, QueueSettings,
    RawJson, Schedule, ScheduleId, Shown, Stage, TaskError, TaskId, TaskView, Timestamp,
    bulk::BulkOrder,
    event::LogLevel,
    lease::Reported,
    progress::ProgressReport,
    queue::QueueChange,
    schedule::{ScheduleChange, ScheduleSpec},
    webhook::{Secret, Webhook, WebhookChange, WebhookId, WebhookSpec},
};

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
    /// The server's own worker: it may lease from the reserved queue, and is in no list of workers.
    pub embedded: bool,
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
    /// Replaces the task's stages.
    pub stages: Option<Vec<Stage>>,
    pub logs: Vec<NewLine>,
    pub checkpoint: Option<RawJson>,
}

impl Report {
    /// Whether it is more than a heartbeat.
    pub fn says_something(&self) -> bool {
        self.progress.is_some()
            || self.stages.is_some()
            || !self.logs.is_empty()
            || self.checkpoint.is_some()
    }
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
    /// Another one, where what it changes is as its caller insists.
    OnlyIf {
        precondition: Precondition,
        command: Box<Command>,
    },
    Submit {
        task: NewTask,
        key: Option<IdempotencyKey>,
    },
    /// All of them or none.
    SubmitMany {
        tasks: Vec<NewTask>,
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
    /// Replaces all that is set for a queue.
    SetQueue {
        name: String,
        settings: QueueSettings,
    },
    ChangeQueue {
        name: String,
        change: QueueChange,
    },
    CreateSchedule {
        /// Else the server makes one.
        id: Option<ScheduleId>,
        spec: Box<ScheduleSpec>,
        key: Option<IdempotencyKey>,
    },
    /// Creates or replaces it.
    PutSchedule {
        id: ScheduleId,
        spec: Box<ScheduleSpec>,
    },
    ChangeSchedule {
        id: ScheduleId,
        change: Box<ScheduleChange>,
    },
    DeleteSchedule {
        id: ScheduleId,
    },
    /// Submits its task now, whatever its overlap and though it is paused.
    RunSchedule {
        id: ScheduleId,
        key: Option<IdempotencyKey>,
    },
    /// Creates or replaces what is said of a kind. Its schema has been read, and is one.
    PutKind {
        name: String,
        spec: Box<KindSpec>,
    },
    DeleteKind {
        name: String,
    },
    /// Submits a run that does one thing to many tasks.
    StartBulk {
        order: Box<BulkOrder>,
        key: Option<IdempotencyKey>,
    },
    CreateWebhook {
        spec: Box<WebhookSpec>,
        /// Else the server makes one.
        secret: Option<Secret>,
        key: Option<IdempotencyKey>,
    },
    ChangeWebhook {
        id: WebhookId,
        change: Box<WebhookChange>,
    },
    RotateWebhookSecret {
        id: WebhookId,
        /// Else the server makes one.
        secret: Option<Secret>,
        key: Option<IdempotencyKey>,
    },
    /// The receiver wants no more.
    DisableWebhook {
        id: WebhookId,
        reason: String,
    },
    DeleteWebhook {
        id: WebhookId,
    },
    TestWebhook {
        id: WebhookId,
        key: Option<IdempotencyKey>,
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
    Task(Shown),
    /// putTask: whether it is new. createTask, where it is not: another request's task has the key.
    Put {
        task: Shown,
        created: bool,
    },
    /// createTasks: in the order of the request.
    Tasks(Vec<Shown>),
    Queue(Box<Queue>),
    /// Whether it is new comes second.
    Schedule(Box<Schedule>, bool),
    /// Whether it is new comes second.
    Kind(Box<Kind>, bool),
    /// Nothing was decided: inputs are to be looked at first, by the schemas of these kinds as they
    /// are now (`None`: nothing is said of the kind any more). The command comes back.
    Inspect(Vec<(String, Option<Kind>)>, Option<Box<Command>>),
    Webhook(Box<Webhook>),
    Leases(Vec<Leased>),
    Reported(Reported),
    Done,
}

impl Command {
    /// The command with its caller's conditions, if there are any.
    #[must_use]
    pub fn only_if(self, precondition: Precondition) -> Self {
        match precondition.is_none() {
            true => self,
            false => Command::OnlyIf { precondition, command: Box::new(self) },
        }
    }

    /// What it does, whatever its caller insists on.
    pub fn asked(&self) -> &Command {
        match self {
            Command::OnlyIf { command, .. } => command.asked(),
            command => command,
        }
    }

    /// Whether it keeps or ends a lease: such commands have a share of the queue of their own, so
    /// that an overload of new work never costs running work.
    pub fn is_reserved(&self) -> bool {
        matches!(self, Command::Report { .. } | Command::End { .. } | Command::GiveBack { .. })
    }

    pub fn sets_a_queue(&self) -> bool {
        matches!(self.asked(), Command::SetQueue { .. } | Command::ChangeQueue { .. })
    }

    /// The tasks it asks for whose inputs must be as their kinds' schemas say.
    pub fn new_tasks(&mut self) -> &mut [NewTask] {
        match self {
            Command::OnlyIf { command, .. } => command.new_tasks(),
            Command::Submit { task, .. } | Command::Put { task, .. } => std::slice::from_mut(task),
            Command::SubmitMany { tasks, .. } => tasks,
            Command::CreateSchedule { spec, .. } | Command::PutSchedule { spec, .. } => {
                std::slice::from_mut(&mut spec.task)
            }
            Command::ChangeSchedule { change, .. } => {
                change.task.as_mut().map(std::slice::from_mut).unwrap_or_default()
            }
            _ => &mut [],
        }
    }

    /// How many ordinary commands it stands for.
    pub fn weight(&self) -> usize {
        match self {
            Command::SubmitMany { tasks, .. } => tasks.len().max(1),
            _ => 1,
        }
    }

    /// About how many bytes it holds while it waits.
    pub fn size(&self) -> usize {
        let text = |json: &Option<RawJson>| json.as_ref().map_or(0, |json| json.get().len());
        let variable = match self.asked() {
            Command::Submit { task, .. } | Command::Put { task, .. } => text(&task.input),
            Command::SubmitMany { tasks, .. } => tasks.iter().map(NewTask::size).sum(),
            Command::CreateSchedule { spec, .. } | Command::PutSchedule { spec, .. } => {
                spec.task.size()
            }
            Command::PutKind { spec, .. } => spec.size(),
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
