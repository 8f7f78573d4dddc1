//! acquireLeases: giving a ready task to a worker.

use super::{
    batch::{Batch, Happened},
    command::{Acquire, Leased},
    sweep::arm,
};
use crate::{
    domain::{
        Lease, LeaseToken, Moment, Refusal, State, Task, TaskId,
        checks::{self, Errors},
        name::is_reserved,
    },
    store::{KeyEntry, KeyName, Slot},
};

/// The most tasks one call may lease.
pub const MAX_TASKS: u64 = 100;
/// The longest life of a lease without a report.
pub const MAX_LEASE_SECONDS: u64 = 3600;
/// The longest a call may wait for its first task.
pub const MAX_WAIT_SECONDS: u64 = 60;
/// The most queues, and the most kinds, one call may name.
const MAX_NAMES: usize = 100;

pub fn check(wish: &Acquire) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    errors.take(checks::name("worker", &wish.worker));
    if let Some(request_id) = &wish.request_id {
        errors.take(checks::name("request_id", request_id));
    }
    if wish.queues.is_empty() {
        errors.take(checks::error("queues", "must name at least one queue"));
    }
    errors.take(checks::names("queues", &wish.queues, MAX_NAMES));
    errors.take(checks::names("kinds", &wish.kinds, MAX_NAMES));
    errors.take(checks::range("max_tasks", wish.max_tasks, 1, MAX_TASKS));
    errors.take(checks::range("lease_seconds", wish.lease_seconds, 1, MAX_LEASE_SECONDS));
    errors.take(checks::range("wait_seconds", wish.wait_seconds, 0, MAX_WAIT_SECONDS));
    errors.none_or(())?;
    match wish.queues.iter().find(|queue| is_reserved(queue) && !wish.embedded) {
        Some(queue) => Err(Refusal::Reserved(queue.clone())),
        None => Ok(()),
    }
}

/// Under which key the answer to a lease request is remembered.
pub fn request_key(wish: &Acquire) -> Option<KeyName> {
    let request_id = wish.request_id.as_ref()?;
    Some(KeyName { scope: format!("lease:{}", wish.worker), name: request_id.clone() })
}

/// The leases this request was given before and that still live.
pub fn given_before(batch: &Batch, wish: &Acquire) -> Vec<TaskId> {
    let Some(entry) = request_key(wish).and_then(|key| batch.key(&key)) else { return Vec::new() };
    let lives = |id: &&TaskId| {
        let lease = batch.task(id).and_then(|task| task.lease.as_ref());
        lease
            .is_some_and(|lease| lease.worker == wish.worker && lease.request_id == wish.request_id)
    };
    entry.tasks.iter().filter(lives).cloned().collect()
}

/// Begins an attempt of a queued task.
pub fn begin(batch: &mut Batch, id: &TaskId, wish: &Acquire, now: &Moment) {
    let Some(task) = batch.task(id).filter(|task| task.state == State::Queued) else { return };
    let mut task = task.clone();
    task.state = State::Running;
    task.attempt += 1;
    task.fence += 1;
    task.started_at = Some(now.wall);
    task.progress = None;
    task.ended = None;
    task.lease = Some(Lease {
        token: LeaseToken::random(),
        worker: wish.worker.clone(),
        request_id: wish.request_id.clone(),
        embedded: wish.embedded,
        seconds: wish.lease_seconds,
        expires_at: now.steady.plus_seconds(wish.lease_seconds),
        since: now.steady,
        last: None,
        heard_at: None,
        percent_pace: None,
        current_pace: None,
    });
    arm(&mut task);
    batch.record(task, Happened::Started, now);
}

/// Remembers what a request was given, for as long as its leases can live unattended.
pub fn remember(batch: &mut Batch, wish: &Acquire, given: &[TaskId], now: &Moment) {
    if let Some(key) = request_key(wish).filter(|_| !given.is_empty()) {
        let entry = KeyEntry {
            request_hash: String::new(),
            tasks: given.to_vec(),
            at: now.wall,
            expires_at: Some(now.wall.plus_seconds(24 * 3600)),
        };
        batch.set_key(key, entry);
    }
}

/// The lease as its worker gets it; input and checkpoint must be in the batch.
pub fn leased(batch: &Batch, id: &TaskId) -> Option<Leased> {
    let task: &Task = batch.task(id)?;
    let lease = task.lease.as_ref()?;
    let mut view = batch.view(task);
    view.input = batch.body(task.seq, Slot::Input);
    Some(Leased {
        token: lease.token.clone(),
        fence: task.fence,
        expires_at: lease.expires_at,
        task: view,
        checkpoint: batch.body(task.seq, Slot::Checkpoint),
        cancel_requested: task.cancel_requested_at.is_some(),
    })
}
