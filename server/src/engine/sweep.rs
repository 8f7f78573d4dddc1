//! What time makes happen: expiries, timeouts, retries and starts that are due.

use std::sync::Arc;

use super::{
    batch::{Batch, Happened},
    end::{Ends, cancel, fail_attempt, miss_deadline},
};
use crate::domain::{Moment, Progress, State, Task, TaskError, TaskId};

/// Sets when time next has something to do with a running task.
pub fn arm(task: &mut Task) {
    task.due_at = Ends::of(task).map(|ends| ends.next());
}

/// Does what is due for one task; nothing, if the batch has moved it on meanwhile.
pub fn sweep(batch: &mut Batch, id: &TaskId, now: &Moment) {
    let Some(task) = batch.task(id).cloned() else { return };
    // Found by its deadline and by its lease, it has ended already; `retention` does the rest.
    if task.state.is_done() {
        return;
    }
    let due = task.due_at.is_some_and(|due| due <= now.wall);
    match task.state {
        _ if task.deadline_at.is_some_and(|deadline| deadline <= now.wall) => {
            miss_deadline(batch, task, now);
        }
        State::Scheduled | State::Retrying if due => {
            enqueue(batch, task, now);
        }
        State::Running => end_attempt(batch, task, now),
        _ => {}
    }
}

/// Puts a task at the end of the line of its priority.
pub fn enqueue(batch: &mut Batch, mut task: Task, now: &Moment) -> Arc<Task> {
    task.state = State::Queued;
    task.due_at = None;
    task.ready_at = 0;
    batch.record(task, Happened::Queued, now)
}

fn end_attempt(batch: &mut Batch, mut task: Task, now: &Moment) {
    let Some(ends) = Ends::of(&task) else { return };
    if ends.attempt() > now.steady {
        if ends.stall <= now.steady {
            return stall(batch, task, now);
        }
        // Reports have moved its ends since it was armed.
        arm(&mut task);
        batch.save(task);
    } else if task.cancel_requested_at.is_some() {
        cancel(batch, task, now);
    } else if ends.timeout <= now.steady {
        let title = "The attempt took longer than timeout_seconds";
        fail_attempt(batch, task, TaskError::new(TaskError::TIMEOUT, title), now);
    } else {
        let title = "The worker did not report before its lease expired";
        fail_attempt(batch, task, TaskError::new(TaskError::LEASE_EXPIRED, title), now);
    }
}

/// Says that only heartbeats came for a while. The numbers stay, and so does the time they are from.
fn stall(batch: &mut Batch, mut task: Task, now: &Moment) {
    let last = task.progress.clone();
    let mut progress = last.unwrap_or(Progress { updated_at: now.wall, ..Progress::default() });
    progress.stalled = true;
    task.progress = Some(progress);
    arm(&mut task);
    batch.record(task, Happened::Progress, now);
}

/// After a start: the lease begins anew with its full length, because the time the server was away
/// is not the worker's fault.
pub fn renew(batch: &mut Batch, id: &TaskId, now: &Moment) {
    let Some(mut task) = batch.task(id).cloned() else { return };
    if let Some(lease) = task.lease.as_mut() {
        lease.expires_at = now.steady.plus_seconds(lease.seconds);
        lease.since = lease.since.min(now.steady);
        lease.heard_at = Some(now.steady);
        task.cancel_requested_at = task.cancel_requested_at.map(|_| now.steady);
        arm(&mut task);
        batch.save(task);
    }
}
