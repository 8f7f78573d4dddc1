//! Who works, and on what.

use std::collections::BTreeMap;

use poem_openapi::Object;
use serde::Serialize;

use crate::{
    domain::{TaskId, Timestamp, name::is_reserved},
    engine::presence::Seen,
    store::RunningTask,
};

/// How many of its tasks a worker is shown with.
const MAX_TASKS: usize = 20;

/// A worker: who asked for work lately, or has a task's lease.
#[derive(Debug, Object, Serialize)]
pub struct Worker {
    /// Its name, as its requests give it.
    pub name: String,
    /// How many of its calls wait for work now.
    pub waiting: u64,
    /// The queues its last call asked for; empty where it has not asked lately.
    pub queues: Vec<String>,
    /// The kinds its last call asked for; empty where it takes any, or has not asked lately.
    pub kinds: Vec<String>,
    /// When it last asked for work or reported on a task.
    pub last_seen_at: Timestamp,
    /// How many tasks it runs.
    pub running: u64,
    /// The tasks it runs, longest running first, at most 20 of them.
    pub tasks: Vec<WorkerTask>,
}

/// A task somebody works on.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct WorkerTask {
    /// The task.
    pub id: TaskId,
    /// What is to be done.
    pub kind: String,
    /// Where it waited.
    pub queue: String,
    /// The attempt that runs.
    pub attempt: u32,
    /// When the attempt began.
    pub started_at: Timestamp,
    /// How far it is, 0 to 100, if its worker has said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// `true` while its worker keeps the lease but has said nothing else for a while.
    #[oai(skip_serializing_if = "std::ops::Not::not", default)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stalled: bool,
    /// Where to go from here.
    pub links: WorkerTaskLinks,
}

/// Paths relative to the server's root.
#[derive(Debug, Object, Serialize)]
pub struct WorkerTaskLinks {
    /// The task itself.
    #[serde(rename = "self")]
    #[oai(rename = "self")]
    pub itself: String,
}

/// A page of workers, by name.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct WorkerList {
    /// The workers, those of the server's own queue left out.
    pub items: Vec<Worker>,
    /// Give this as `page` to get the next one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
}

/// Everybody who was here lately or has a lease, by name.
pub fn workers(seen: Vec<(String, Seen)>, running: Vec<RunningTask>) -> BTreeMap<String, Worker> {
    let mut workers = BTreeMap::new();
    for (name, seen) in seen {
        // Who asks for the server's own queue only is the server.
        if !seen.queues.is_empty() && seen.queues.iter().all(|queue| is_reserved(queue)) {
            continue;
        }
        let worker = Worker {
            waiting: seen.waiting as u64,
            queues: seen.queues,
            kinds: seen.kinds,
            ..Worker::unknown(name.clone(), seen.at)
        };
        workers.insert(name, worker);
    }
    for task in running.into_iter().filter(|task| !is_reserved(&task.queue)) {
        let name = task.attempt.worker.clone();
        let unknown = || Worker::unknown(name.clone(), task.reported_at);
        let worker = workers.entry(name.clone()).or_insert_with(unknown);
        worker.last_seen_at = worker.last_seen_at.max(task.reported_at);
        worker.running += 1;
        worker.tasks.push(task.into());
    }
    for worker in workers.values_mut() {
        worker.tasks.sort_by(|a, b| (a.started_at, &a.id).cmp(&(b.started_at, &b.id)));
        worker.tasks.truncate(MAX_TASKS);
    }
    workers
}

impl Worker {
    fn unknown(name: String, last_seen_at: Timestamp) -> Self {
        Worker {
            name,
            waiting: 0,
            queues: Vec::new(),
            kinds: Vec::new(),
            last_seen_at,
            running: 0,
            tasks: Vec::new(),
        }
    }
}

impl From<RunningTask> for WorkerTask {
    fn from(task: RunningTask) -> Self {
        WorkerTask {
            links: WorkerTaskLinks { itself: format!("/api/v1/tasks/{}", task.id) },
            id: task.id,
            kind: task.kind,
            queue: task.queue,
            attempt: task.attempt.number,
            started_at: task.attempt.started_at,
            percent: task.percent,
            stalled: task.stalled,
        }
    }
}
