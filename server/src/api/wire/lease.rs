//! How a worker asks for tasks, and what it gets.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{Fence, LeaseToken, RawJson, TaskView, Timestamp, trace::TaskTrace},
    engine::{Acquire, Leased, NewTask},
};

const DEFAULT_LEASE_SECONDS: u64 = 30;

fn default_queues() -> Option<Vec<String>> {
    Some(vec![NewTask::DEFAULT_QUEUE.to_owned()])
}

fn default_max_tasks() -> Option<u64> {
    Some(1)
}

fn default_lease_seconds() -> Option<u64> {
    Some(DEFAULT_LEASE_SECONDS)
}

fn default_wait_seconds() -> Option<u64> {
    Some(0)
}

/// A worker's wish for tasks. `null` is the same as leaving a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct LeaseRequest {
    /// The worker's name: 1 to 128 characters, no control characters. Tasks made for one worker only
    /// are found by it.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub worker: String,
    /// A word of the worker's own for this request. The same word again answers the same leases
    /// while they live, so a request whose answer was lost can be sent again.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub request_id: Option<String>,
    /// The queues to take from.
    #[oai(default = "default_queues", validator(max_items = 100))]
    pub queues: Option<Vec<String>>,
    /// The kinds to take; absent or empty means any.
    #[oai(validator(max_items = 100))]
    pub kinds: Option<Vec<String>>,
    /// The most tasks to take: 1 to 100.
    #[oai(default = "default_max_tasks", validator(minimum(value = "1"), maximum(value = "100")))]
    pub max_tasks: Option<u64>,
    /// How long a lease lives without a report, in seconds: 1 to 3600.
    #[oai(
        default = "default_lease_seconds",
        validator(minimum(value = "1"), maximum(value = "3600"))
    )]
    pub lease_seconds: Option<u64>,
    /// How long to wait for a first task, in seconds: 0 to 60.
    #[oai(default = "default_wait_seconds", validator(maximum(value = "60")))]
    pub wait_seconds: Option<u64>,
}

impl Example for LeaseRequest {
    fn example() -> Self {
        LeaseRequest {
            worker: "worker-1".to_owned(),
            request_id: None,
            queues: default_queues(),
            kinds: Some(vec!["thumbnails".to_owned()]),
            max_tasks: default_max_tasks(),
            lease_seconds: default_lease_seconds(),
            wait_seconds: Some(5),
        }
    }
}

impl LeaseRequest {
    /// The wish; what is wrong with it, the engine says.
    pub fn into_acquire(self) -> Acquire {
        Acquire {
            worker: self.worker,
            request_id: self.request_id,
            queues: self.queues.unwrap_or_else(|| vec![NewTask::DEFAULT_QUEUE.to_owned()]),
            kinds: self.kinds.unwrap_or_default(),
            max_tasks: self.max_tasks.unwrap_or(1),
            lease_seconds: self.lease_seconds.unwrap_or(DEFAULT_LEASE_SECONDS),
            wait_seconds: self.wait_seconds.unwrap_or(0),
            embedded: false,
        }
    }
}

/// The right of one worker to one attempt.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Lease {
    /// The secret to show with every report.
    pub token: LeaseToken,
    /// Rises with every lease of the task: a place the worker writes to can refuse a lower one.
    pub fence: Fence,
    /// When the lease ends unless a report renews it.
    pub expires_at: Timestamp,
    /// The task, with its `input`.
    pub task: TaskView,
    /// What the last attempt left behind: any JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<RawJson>,
    /// Whether the task is to be cancelled already.
    pub cancel_requested: bool,
    /// The W3C `traceparent` of this attempt, for spans of the worker's own; there where the server
    /// exports traces. Else the task's `trace_parent` is what there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_parent: Option<String>,
    /// Where to go from here.
    pub links: LeaseLinks,
}

/// Paths relative to the server's root, all for POST.
#[derive(Debug, Object, Serialize)]
pub struct LeaseLinks {
    /// To report progress, lines and a checkpoint, and to keep the lease.
    pub report: String,
    /// To end the task with an output.
    pub complete: String,
    /// To end the attempt with an error.
    pub fail: String,
    /// To give the task back.
    pub release: String,
}

/// The leases a worker got.
#[derive(Debug, Object, Serialize)]
pub struct LeaseList {
    /// May be empty.
    pub leases: Vec<Lease>,
}

impl Lease {
    /// `traced`: the attempt's span is exported.
    pub fn of(leased: Leased, traced: bool) -> Self {
        let TaskView { id, created_at, started_at, trace_parent, .. } = &leased.task;
        let trace = TaskTrace::of(id, *created_at, trace_parent.as_deref());
        let attempt = started_at.filter(|_| traced).map(|at| trace.attempt(at).to_string());
        let path = |name: &str| format!("/api/v1/tasks/{}/{name}", leased.task.id);
        Lease {
            links: LeaseLinks {
                report: path("report"),
                complete: path("complete"),
                fail: path("fail"),
                release: path("release"),
            },
            token: leased.token,
            fence: leased.fence,
            expires_at: leased.expires_at,
            task: leased.task,
            checkpoint: leased.checkpoint,
            cancel_requested: leased.cancel_requested,
            trace_parent: attempt,
        }
    }
}
