//! What time makes happen: expiries, timeouts, retries and starts that are due.

use super::{
    batch::{Batch, Happened},
    end::{cancel, ends_at, fail_attempt},
};
use crate::domain::{Moment, State, Task, TaskError, TaskId};

/// Sets when time next has something to do with a running task.
pub fn arm(task: &mut Task) {
    task.due_at = ends_at(task).map(|(lease, timeout, grace)| lease.min(timeout).min(grace));
}

/// Does what is due for one task; nothing, if the batch has moved it on meanwhile.
pub fn sweep(batch: &mut Batch, id: &TaskId, now: &Moment) {
    let Some(task) = batch.task(id).cloned() else { return };
    match task.state {
        State::Scheduled | State::Retrying if task.due_at.is_some_and(|due| due <= now.wall) => {
            enqueue(batch, task, now);
        }
        State::Running => end_attempt(batch, task, now),
        _ => {}
    }
}

/// Puts a task at the end of the line of its priority.
pub fn enqueue(batch: &mut Batch, mut task: Task, now: &Moment) -> Task {
    task.state = State::Queued;
    task.due_at = None;
    task.ready_at = 0;
    batch.record(task, Happened::Queued, now)
}

fn end_attempt(batch: &mut Batch, mut task: Task, now: &Moment) {
    let Some((lease, timeout, grace)) = ends_at(&task) else { return };
    if lease.min(timeout).min(grace) > now.steady {
        // Reports have renewed the lease since it was armed.
        arm(&mut task);
        batch.save(task);
    } else if task.cancel_requested_at.is_some() {
        cancel(batch, task, now);
    } else if timeout <= now.steady {
        let title = "The attempt took longer than timeout_seconds";
        fail_attempt(batch, task, TaskError::new(TaskError::TIMEOUT, title), now);
    } else {
        let title = "The worker did not report before its lease expired";
        fail_attempt(batch, task, TaskError::new(TaskError::LEASE_EXPIRED, title), now);
    }
}

/// After a start: the lease begins anew with its full length, because the time the server was away
/// is not the worker's fault.
pub fn renew(batch: &mut Batch, id: &TaskId, now: &Moment) {
    let Some(mut task) = batch.task(id).cloned() else { return };
    if let Some(lease) = task.lease.as_mut() {
        lease.expires_at = now.steady.plus_seconds(lease.seconds);
        lease.since = lease.since.min(now.steady);
        task.cancel_requested_at = task.cancel_requested_at.map(|_| now.steady);
        arm(&mut task);
        batch.save(task);
    }
}
